"""The board's numbers: they add up at every level, say what the rules say, and cost the same however many units there are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caunoi.channels import successions
from caunoi.channels.models import Channel
from caunoi.outbox.terms import SendState
from caunoi.receipts import actions, queries, rules
from caunoi.receipts import board as board_module
from caunoi.receipts.models import Acknowledgement, Reading, ShortLink
from caunoi.receipts.terms import Group, Standing
from caunoi.receipts.tests.ground import crowd, make_channel, make_notice, make_send, spread
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as tree
from caunoi.units import queries as units
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit, small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
LATE = MONDAY + timedelta(hours=49)


@pytest.fixture
def place(db):
    return small_tree()


@pytest.fixture
def chi(place):
    return make_staff(name="Lê Thị Chi", unit_id=place["nghe_an"].pk, role=Role.APPROVER)


def at_root(viewer, notice, unit, at=LATE):
    root = queries.root_of(viewer, notice=notice, slug=unit.slug, at=at)
    return queries.board_of(viewer, notice=notice, root=root, at=at)


def test_a_unit_of_the_audience_without_any_channel_is_counted_and_silent(place, chi):
    notice = make_notice(unit=place["nghe_an"], by=chi)

    found = at_root(chi, notice, place["nghe_an"])

    assert found.total.units == 4
    assert found.total.of(Standing.NOTHING) == 4
    assert found.total.silent == 4
    assert at_root(chi, notice, place["nghe_an"], at=TUESDAY).total.silent == 0


def test_the_branches_and_the_units_own_part_are_rows_with_most_missing_first(place, chi):
    notice = make_notice(unit=place["nghe_an"], by=chi)
    make_send(notice=notice, channel=make_channel(unit=place["tri_le"]), state="sent")

    found = at_root(chi, notice, place["nghe_an"])

    assert [(r.unit.full_name, r.own, r.tally.units, r.tally.reached) for r in found.rows] == [
        ("Tỉnh Nghệ An", True, 1, 0),
        ("Xã Bích Hào", False, 2, 0),
        ("Xã Tri Lễ", False, 1, 1),
    ]


def test_only_the_newest_send_of_a_channel_counts(place, chi):
    notice, channel = (
        make_notice(unit=place["village"], by=chi),
        make_channel(unit=place["village"]),
    )
    make_send(notice=notice, channel=channel, state="failed")
    make_send(
        notice=notice,
        channel=channel,
        state="confirmed",
        declared_by_id=chi.account_id,
        declared_at=MONDAY,
    )

    total = at_root(chi, notice, place["village"]).total

    assert total.sends == {("hand_posted", Group.DECLARED): 1}
    assert (total.of(Standing.DELIVERED), total.reposted, total.silent) == (1, 1, 0)


def test_the_page_of_the_house_itself_reaches_nobody(place, chi):
    notice = make_notice(unit=place["village"], by=chi)
    make_send(
        notice=notice,
        channel=make_channel(unit=place["village"], kind="web_portal"),
        state="confirmed",
    )

    total = at_root(chi, notice, place["village"]).total

    assert total.of(Standing.NOTHING) == 1
    assert total.sends == {("web_portal", Group.POSTED): 1}


def test_opens_are_totals_by_branch(place, chi):
    notice, channel = (
        make_notice(unit=place["nghe_an"], by=chi),
        make_channel(unit=place["village"]),
    )
    code = actions.make_links(notice=notice, channels=[channel])[channel.pk]
    actions.count_opened(code=code)
    actions.count_opened(code=code)

    rows = {r.unit.full_name: r.tally.opened for r in at_root(chi, notice, place["nghe_an"]).rows}

    assert rows == {"Tỉnh Nghệ An": 0, "Xã Bích Hào": 2, "Xã Tri Lễ": 0}


CASES = st.tuples(
    st.lists(st.tuples(st.sampled_from(list(SendState)), st.booleans()), max_size=3),
    st.booleans(),
    st.booleans(),
)
SHAPES = st.lists(st.lists(CASES, max_size=3), min_size=1, max_size=3)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(communes=SHAPES, must=st.booleans())
def test_numbers_add_up_at_every_level_and_sql_says_what_the_rules_say(chi, place, communes, must):
    province = make_unit(name="Tỉnh Thử", level=Level.PROVINCE)
    told = make_staff(name="Hà Văn Thử", unit_id=province.pk, role=Role.APPROVER)
    notice = make_notice(unit=province, by=told, must_acknowledge=must)
    expected = {province.pk: [(Standing.NOTHING)]}
    for n, villages in enumerate(communes):
        commune = make_unit(name=f"Xã Thử {n}", level=Level.COMMUNE, parent=province)
        expected[commune.pk] = [Standing.NOTHING]
        for m, (sends, read, word) in enumerate(villages):
            village = make_unit(name=f"Xóm {m}", level=Level.VILLAGE, parent=commune)
            expected[commune.pk].append(_tell(notice, village, told, sends, read=read, word=word))

    top = at_root(told, notice, province)

    assert top.total == rules.add_up(r.tally for r in top.rows)
    for row in top.rows:
        stood = expected[row.unit.id]
        assert row.tally.units == len(stood)
        assert {s: n for s, n in row.tally.standing.items() if n} == {
            s: stood.count(s) for s in stood
        }
        silent = [
            s for s in stood if rules.is_silent(s, sent_at=MONDAY, at=LATE, must_acknowledge=must)
        ]
        assert row.tally.silent == len(silent)
        if not row.own:
            below = at_root(told, notice, units.Unit.objects.get(pk=row.unit.id))
            assert below.total == row.tally
    named, how_many = queries.silent_units(told, notice=notice, root=top.root, at=LATE, limit=500)
    assert how_many == len(named) == top.total.silent


def _tell(notice, village, told, sends, *, read, word):
    for state, declared in sends:
        by = {"declared_by_id": told.account_id, "declared_at": MONDAY} if declared else {}
        if state is SendState.SENDING:
            by["lease_until"] = MONDAY
        make_send(notice=notice, channel=make_channel(unit=village), state=state.value, **by)
    if read:
        Reading.objects.create(
            notice=notice,
            unit=village,
            kind="aired",
            at=MONDAY,
            said_at=MONDAY,
            by_id=told.account_id,
        )
    if word:
        Acknowledgement.objects.create(
            notice=notice,
            unit=village,
            account_id=told.account_id,
            seen_at=MONDAY,
            acknowledged_at=MONDAY,
        )
    groups = [rules.group_of(s.value, declared=d) for s, d in sends]
    return rules.standing(groups, readings=int(read), acknowledged=word)


def test_a_commune_sees_its_own_part_of_the_provinces_notice_and_no_other(place, chi):
    an = make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.EDITOR)
    notice = make_notice(unit=place["nghe_an"], by=chi)

    def root(slug):
        return queries.root_of(an, notice=notice, slug=slug, at=LATE)

    assert root("").full_name == "Xã Bích Hào"
    assert root(place["village"].slug).full_name == "Xóm 4"
    assert root(place["tri_le"].slug) is None
    assert root(place["nghe_an"].slug) is None
    assert root(place["cao_son"].slug) is None
    elsewhere = make_notice(unit=place["nghe_an"], to=place["tri_le"], by=chi)
    assert queries.root_of(an, notice=elsewhere, slug="", at=LATE) is None


REFORM = date(2026, 12, 1)


def merged(place):
    """Bích Hào and Tri Lễ, each with a village called Xóm 4, become one commune; all channels go along."""
    make_unit(name="Xóm 4", level=Level.VILLAGE, parent=place["tri_le"], code="X4-TL")
    new = tree.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk], full_name="Xã Bích Lễ", code="17000",
        on=REFORM, legal_reference="Nghị quyết thử", by=None, at=MONDAY,
    )  # fmt: skip
    old = [place["bich_hao"].pk, place["tri_le"].pk]
    held = Channel.objects.filter(unit_id__in=old)
    passings = [successions.Passing(c.pk, new.pk) for c in held]
    return new, lambda: successions.pass_channels(passings, at=LATE + timedelta(days=6))


def test_after_a_reform_a_board_adds_up_as_before_and_the_successor_reads_its_forerunners_parts(
    place, chi
):
    notice = make_notice(unit=place["nghe_an"], by=chi)
    page = make_channel(unit=place["bich_hao"])
    make_send(notice=notice, channel=page, state="sent")
    actions.make_links(notice=notice, channels=[page])
    ShortLink.objects.filter(channel=page).update(opened_total=7)
    new, pass_on = merged(place)
    before = at_root(chi, notice, place["nghe_an"])
    pass_on()
    later = LATE + timedelta(days=10)

    after = at_root(chi, notice, place["nghe_an"], at=later)
    assert [(r.unit.slug, r.tally) for r in after.rows] == [
        (r.unit.slug, r.tally) for r in before.rows
    ]
    assert after.total.opened == 7

    ha = make_staff(name="Vi Thị Hà", unit_id=new.pk, role=Role.EDITOR, on=REFORM)
    roots = queries.roots_of(ha, notice=notice, day=MONDAY.date())
    assert [u.full_name for u in roots] == ["Xã Bích Hào", "Xã Tri Lễ"]
    mine = queries.root_of(ha, notice=notice, slug="", at=later)
    assert [s.channel_id for s in queries.sends_of(ha, notice=notice, unit=mine)] == [page.pk]
    assert queries.root_of(ha, notice=notice, slug=place["cao_son"].slug, at=later) is None


def test_two_villages_of_one_name_are_told_apart_by_the_commune_they_came_from(place, chi):
    new, pass_on = merged(place)
    pass_on()
    out = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
    notice = make_notice(unit=place["nghe_an"], by=chi, at=out)

    found = queries.board_of(
        chi, notice=notice, root=units.as_of(unit_id=new.pk, on=out.date()), at=out
    )
    silent, how_many = queries.silent_units(
        chi, notice=notice, root=found.root, at=out + timedelta(hours=49), limit=10
    )

    villages = [(r.unit.full_name, r.former) for r in found.rows if not r.own]
    assert sorted(villages) == [("Xóm 4", "Xã Bích Hào"), ("Xóm 4", "Xã Tri Lễ")]
    assert how_many == 3
    assert sorted(s.former for s in silent) == ["", "Xã Bích Hào", "Xã Tri Lễ"]


def test_pages_ask_as_many_questions_for_thousands_of_units_as_for_four(place, chi):
    notice, client = make_notice(unit=place["nghe_an"], by=chi), client_for(chi)
    board = f"/quan-tri/thong-bao/{notice.number}/ket-qua/"
    pages = [board, f"{board}?xlsx=1", f"{board}kenh/", f"{board}im-lang/", "/quan-tri/dang-ho/"]

    def questions():
        counted = {}
        client.get("/quan-tri/dang-ho/")  # what is shown for the first time is given its short link
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(page)
            assert answer.status_code == 200, page
            counted[page] = len(asked)
        return counted

    spread(notice=notice, on=MONDAY.date(), at=MONDAY, by=chi)
    make_send(notice=notice, channel=make_channel(unit=place["bich_hao"]))
    few = questions()
    crowd(commune=place["bich_hao"], villages=2500, on=MONDAY.date())
    spread(notice=notice, on=MONDAY.date(), at=MONDAY, by=chi)
    with connection.cursor() as cursor:  # as autovacuum does beside a running house
        cursor.execute("ANALYZE")

    assert questions() == few
    total = at_root(chi, notice, place["nghe_an"]).total
    assert total.units == 2504
    with CaptureQueriesContext(connection) as asked:
        board_module.tallies(
            notice=notice, root=units.as_of(unit_id=place["nghe_an"].pk, on=MONDAY.date()), at=LATE
        )
    assert len([q for q in asked if "outbox_outboundmessage" in q["sql"]]) == 1


def test_a_list_of_numbers_is_told_in_totals_number_by_number_and_never_as_one_send(place, chi):
    notice = make_notice(unit=place["bich_hao"], by=chi)
    listed = make_channel(unit=place["bich_hao"], kind="sms", name="Tin nhắn xã")
    for number, (state, trouble) in enumerate(
        [
            ("confirmed", ""),
            ("confirmed", ""),
            ("sent", ""),
            ("failed", "The carrier could not deliver the message to this phone."),
        ]
    ):
        send = make_send(notice=notice, channel=listed, state=SendState(state))
        send.target_ref, send.trouble = str(number), trouble
        send.save()

    found = at_root(chi, notice, place["bich_hao"])

    assert found.total.sends == {("sms", Group.POSTED): 3, ("sms", Group.FAILED): 1}
    page = client_for(chi).get(f"/quan-tri/thong-bao/{notice.number}/ket-qua/?don-vi=xa-bich-hao")
    said = page.content.decode()
    for words in (
        "4 số",
        "2 máy đã nhận",
        "1 nhà mạng đã nhận",
        "1 lỗi",
        "1: Nhà mạng không chuyển được tin tới máy này.",
    ):
        assert words in said, words
    assert said.count("Tin nhắn xã") == 1
