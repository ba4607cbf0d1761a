"""A commune has ended: what it told people, and what it left waiting, lie on the desk of whoever took over."""

from datetime import date, timedelta

import pytest
from django.test import Client

from caunoi.kit import clock
from caunoi.notices import actions, actions_again, queries, successions
from caunoi.notices.models import Notice
from caunoi.notices.queries import Wanted
from caunoi.notices.terms import Line, NotYourNotice, Reach
from caunoi.notices.tests.factories import approved, out, write
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as tree
from caunoi.units import queries as units
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/thong-bao/"
ENDS, AFTER = date(2026, 12, 1), MONDAY + timedelta(days=9)
ON = clock.local_date(AFTER)


@pytest.fixture
def said(place, ha, binh):
    """What Bích Hào told everybody, and a draft it left."""
    gone_out = out(by=ha, approver=binh, unit=place["bich_hao"])
    return gone_out, write(by=ha, unit=place["bich_hao"])


@pytest.fixture
def new(place, said):
    """Bích Hào and Tri Lễ became one commune."""
    return tree.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk], full_name="Xã Bích Lễ", code="17000",
        on=ENDS, legal_reference="Nghị quyết thử", by=None, at=MONDAY,
    )  # fmt: skip


@pytest.fixture
def hoa(new):
    return make_staff(name="Cao Thị Hoa", unit_id=new.pk, role=Role.EDITOR, on=ON)


@pytest.fixture
def lam(new):
    return make_staff(name="Đinh Văn Lâm", unit_id=new.pk, role=Role.APPROVER, on=ON)


def listed(viewer, on=ON, **wanted):
    return set(queries.notices(viewer, on=on, wanted=Wanted(**wanted)).values_list("pk", flat=True))


def test_the_successor_and_those_above_list_it_from_the_day_and_nobody_else(place, said, hoa, new):
    both = {n.pk for n in said}
    beside = make_unit(name="Xã Thanh Chương", level=Level.COMMUNE, parent=place["nghe_an"])
    other = make_staff(name="Kha Văn Nam", unit_id=beside.pk, role=Role.EDITOR, on=ON)
    above = make_staff(name="Vũ Thị Mai", unit_id=place["nghe_an"].pk, role=Role.EDITOR, on=ON)

    assert listed(hoa) == listed(hoa, former=True) == listed(above, former=True) == both
    assert listed(other) == set()
    eve = ENDS - timedelta(days=1)
    assert listed(hoa, on=eve) == listed(above, on=eve, former=True) == set()
    assert queries.has_former(hoa, on=ON)
    assert not queries.has_former(other, on=ON)


def test_after_a_second_reform_it_lies_at_the_last_one_and_a_part_may_read_but_not_decide(
    place, said, new
):
    later = ENDS + timedelta(days=30)
    parts = [
        make_unit(name=name, level=Level.COMMUNE, parent=place["nghe_an"], valid_from=later)
        for name in ("Xã Thượng", "Xã Hạ")
    ]
    last = tree.merge_units(
        unit_ids=[new.pk, parts[0].pk], full_name="Xã Lớn", code="17001",
        on=later + timedelta(days=1), legal_reference="Nghị quyết thử", by=None, at=MONDAY,
    )  # fmt: skip
    on = later + timedelta(days=2)
    viewer = make_staff(name="Cao Thị Hoa", unit_id=last.pk, role=Role.APPROVER, on=on)

    assert said[0].pk in listed(viewer, on=on)
    assert queries.may(viewer, "notices.approve", notice=said[0], on=on)
    beside = make_staff(name="Lô Văn Ba", unit_id=parts[1].pk, role=Role.APPROVER, on=on)
    assert queries.notice_for(beside, pk=said[0].pk, on=on) is None
    assert not queries.may(beside, "notices.approve", notice=said[0], on=on)


def test_when_nobody_is_known_to_have_taken_over_the_unit_above_looks_after_it(place, said, thao):
    for unit in ("village", "bich_hao"):
        tree.dissolve_unit(
            unit_id=place[unit].pk, successor_id=None, on=ENDS,
            legal_reference="Nghị quyết thử", by=None, at=MONDAY,
        )  # fmt: skip
    viewer = make_staff(name="Vũ Thị Mai", unit_id=place["nghe_an"].pk, role=Role.EDITOR, on=ON)

    assert listed(viewer, former=True) == {n.pk for n in said}
    assert queries.may_take_over(viewer, notice=said[1], on=ON)
    actions.mark_recalled(notice=said[0], reason="Sai giờ.", by=thao, at=AFTER)
    assert Notice.objects.get(pk=said[0].pk).state == "recalled"


def test_the_successor_corrects_repeats_and_recalls_what_the_old_commune_said(said, new, hoa, lam):
    right = actions_again.correct_notice(notice=said[0], by=hoa, at=AFTER)
    again = actions_again.duplicate_notice(notice=said[0], unit_id=new.pk, by=hoa, at=AFTER)

    for made in (right, again):
        assert made.unit_id == new.pk
        assert [x.unit_id for x in queries.lines_of(notice=made)] == [new.pk]
    actions.mark_recalled(notice=said[0], reason="Sai giờ.", by=lam, at=AFTER)
    kept = Notice.objects.get(pk=said[0].pk)
    assert (kept.state, kept.unit_id) == ("recalled", said[0].unit_id)


def test_an_old_notice_for_units_that_ended_is_used_again_for_those_that_took_over(place, mai, new):
    lines = [Line(place["tri_le"].pk, Reach.SUBTREE), Line(place["bich_hao"].pk, Reach.SELF)]
    notice = write(by=mai, unit=place["nghe_an"], lines=lines)

    again = actions_again.duplicate_notice(
        notice=notice, unit_id=place["nghe_an"].pk, by=mai, at=AFTER
    )

    assert {x.unit_id for x in queries.lines_of(notice=again)} == {new.pk}


def test_what_was_left_waiting_is_taken_over_before_anything_else_is_done_with_it(
    place, said, hoa, lam, new, monkeypatch
):
    draft = said[1]
    assert not queries.may_edit(hoa, notice=draft, on=ON)
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    desk = client_for(hoa)
    page = desk.get(f"{LIST}{draft.pk}/").content.decode()
    assert "Đơn vị viết tin này đã kết thúc. Bấm nhận về" in page
    assert "Thông báo chưa gửi được" in desk.get("/hom-nay/").content.decode()

    desk.post(f"{LIST}{draft.pk}/lam/", {"do": "take_over"})
    desk.post(f"{LIST}{draft.pk}/lam/", {"do": "take_over"})

    draft.refresh_from_db()
    assert (draft.unit_id, draft.state) == (new.pk, "draft")
    assert 'class="composer"' in desk.get(f"{LIST}{draft.pk}/").content.decode()
    handed = actions.hand_in(notice=draft, by=hoa, at=AFTER)
    after = actions.approve_notice(notice=handed, seen_version=handed.version, by=lam, at=AFTER)
    assert after.state == "approved"
    with pytest.raises(NotYourNotice):
        successions.take_over(notice=draft, by=hoa, at=AFTER)


def test_the_tab_of_ended_units_is_shown_where_there_is_something_behind_it(
    place, said, hoa, ha, new, monkeypatch
):
    assert "?xem=cu" not in client_for(ha).get(LIST).content.decode()
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    page = client_for(hoa).get(f"{LIST}?xem=cu").content.decode()
    assert page.count('class="notice-row"') == 2
    assert "Xã Bích Hào" in page


def test_the_desk_asks_the_same_with_many_ended_units_as_with_one(
    place, said, hoa, ha, binh, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    desk = client_for(hoa)
    desk.get(LIST)
    for n in range(40):
        approved(by=ha, approver=binh, unit=place["bich_hao"])
        del n

    with django_assert_max_num_queries(18):
        page = desk.get(f"{LIST}?xem=cu").content.decode()
    assert page.count('class="notice-row"') == 42


def test_what_the_old_commune_said_and_still_holds_stands_at_the_successor(place, said, new, hoa, lam, monkeypatch):  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    web, slug = Client(), units.slugs_of(unit_ids=[new.pk])[new.pk]
    address = f"/thong-bao/{said[0].number}/"

    feed = web.get(f"/don-vi/{slug}/thong-bao.atom").content.decode()
    home = web.get(f"/don-vi/{slug}/").content.decode()
    for page in (feed, home):
        assert address in page
    assert "Xã Bích Hào" in web.get(address).content.decode()
    for path in ("thong-bao/", "bang-tin/", "bang-tin/hmn/", "thong-bao.atom", "lich.ics"):
        old = web.get(f"/don-vi/xa-bich-hao/{path}?ca-tren=1")
        assert old.headers["Location"] == f"/don-vi/{slug}/{path}?ca-tren=1&tu=xa-bich-hao"
        assert web.get(old.headers["Location"]).status_code == 200


def test_the_code_on_an_old_sheet_leads_from_what_is_over_to_what_the_successor_says(place, said, new, hoa, lam, monkeypatch):  # fmt: skip
    actions.mark_expired(notice=said[0], at=AFTER)
    newer = out(by=hoa, approver=lam, unit=new, at=AFTER)
    monkeypatch.setattr(clock, "now", lambda: AFTER + timedelta(hours=1))

    page = Client().get(f"/thong-bao/{said[0].number}/").content.decode()

    assert "Thông báo này đã hết hiệu lực" in page
    assert f"/thong-bao/{newer.number}/" in page
    slug = units.slugs_of(unit_ids=[new.pk])[new.pk]
    assert said[0].number not in Client().get(f"/don-vi/{slug}/").content.decode()


def test_what_one_person_approved_for_a_commune_waits_for_a_second_when_the_province_is_to_say_it(place, ha, binh, thao):  # fmt: skip
    two = [approved(by=ha, approver=binh, unit=place["bich_hao"]) for _n in "ab"]
    kept = {two[0].pk: place["nghe_an"].pk, two[1].pk: place["tri_le"].pk}

    assert successions.pass_notices(kept, at=AFTER) == 2
    assert successions.pass_notices(kept, at=AFTER) == 0

    first, second = (Notice.objects.get(pk=n.pk) for n in two)
    assert (first.state, second.state) == ("review", two[1].state)
    again = actions.approve_notice(notice=first, seen_version=first.version, by=thao, at=AFTER)
    assert again.state in {"approved", "scheduled"}
    assert len(queries.approvals_of(notice=again)) == 2
