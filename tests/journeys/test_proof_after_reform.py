"""A notice went out, then its communes merged: reminding, sending again, reading and names go on at the successor, upward only."""

from datetime import date, timedelta

import pytest

from caunoi.channels import successions
from caunoi.channels.models import Channel
from caunoi.kit import clock
from caunoi.outbox.models import OutboundMessage
from caunoi.receipts import mailing, queries
from caunoi.receipts.models import Acknowledgement, Reminder
from caunoi.receipts.tests.ground import make_channel, make_notice, make_send
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
REFORM, AFTER = date(2026, 12, 1), MONDAY + timedelta(days=9)


@pytest.fixture
def now(monkeypatch):
    moment = {"at": MONDAY + timedelta(hours=1)}
    monkeypatch.setattr(clock, "now", lambda: moment["at"])
    return moment


@pytest.fixture
def thao(place, now):
    return make_staff(name="Hoàng Thị Thảo", unit_id=place["nghe_an"].pk, role=Role.APPROVER)


@pytest.fixture
def merge(place, now):
    """Let Bích Hào and Tri Lễ become one commune, with their channels; from then on it is the day after."""

    def merged():
        old = [place["bich_hao"].pk, place["tri_le"].pk]
        new = tree.merge_units(
            unit_ids=old, full_name="Xã Bích Lễ", code="17000", on=REFORM, legal_reference="Nghị quyết thử", by=None, at=MONDAY
        )  # fmt: skip
        held = Channel.objects.filter(unit_id__in=old)
        passing = [successions.Passing(c.pk, new.pk) for c in held]
        successions.pass_channels(passing, at=MONDAY + timedelta(days=8))
        now["at"] = AFTER
        return new

    return merged


def of(unit, name, role):
    return make_staff(name=name, unit_id=unit.pk, role=role, on=REFORM)


def page(notice, tab=""):
    return f"/quan-tri/thong-bao/{notice.number}/ket-qua/{tab}"


def test_a_commune_that_ended_is_reminded_at_its_successor(place, thao, merge, mailoutbox):
    notice = make_notice(unit=place["nghe_an"], by=thao)
    new = merge()
    hoa, khanh = of(new, "Cao Thị Hoa", Role.EDITOR), of(new, "Vi Văn Khánh", Role.CONTRIBUTOR)
    old = place["bich_hao"]

    desk = client_for(hoa)
    assert "Xã Bích Hào" in desk.get(page(notice, "im-lang/")).content.decode()
    desk.post(page(notice, "nhac/"), {"unit": old.pk, "don-vi": old.slug, "back": "silent"})
    mailing.mail_reminders(at=AFTER)

    assert Reminder.objects.get().unit_id == old.pk
    letters = {m.to[0]: m.body for m in mailoutbox}
    assert khanh.email in letters
    assert "bà con Xã Bích Hào" in letters[khanh.email]
    outside = of(place["cao_son"], "Tráng A Páo", Role.EDITOR)
    assert client_for(outside).post(page(notice, "nhac/"), {"unit": old.pk}).status_code == 404


def test_it_is_sent_again_through_what_the_successor_holds_and_an_uncertain_send_is_decided(
    place, thao, merge
):
    notice = make_notice(unit=place["nghe_an"], by=thao)
    old = place["bich_hao"]
    first = make_send(notice=notice, channel=make_channel(unit=old, kind="loopback"), state="uncertain")  # fmt: skip
    new = merge()
    group = make_channel(unit=new)
    hoa = of(new, "Cao Thị Hoa", Role.EDITOR)
    desk = client_for(hoa)
    here = {"don-vi": old.slug}

    shown = desk.get(page(notice), here).content.decode()
    assert group.name in shown
    desk.post(page(notice, "gui-kenh-khac/"), here | {"channel": group.pk})
    desk.post(page(notice, f"quyet/{first.pk}/"), here | {"arrived": "yes"})

    assert OutboundMessage.objects.get(channel=group).state == "handed"
    first.refresh_from_db()
    assert first.state in {"sent", "confirmed"}


def test_an_internal_notice_is_acknowledged_for_the_old_commune_and_names_are_read_from_above_only(
    place, thao, merge
):
    before = make_staff(name="Lê Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)
    notice = make_notice(
        unit=place["nghe_an"], to=place["bich_hao"], by=thao, audience="internal", must_acknowledge=True
    )  # fmt: skip
    client_for(before).post(f"/noi-bo/{notice.number}/da-doc/")
    new = merge()
    hoa, lam = of(new, "Cao Thị Hoa", Role.EDITOR), of(new, "Đinh Văn Lâm", Role.APPROVER)
    beside = of(place["cao_son"], "Tráng A Páo", Role.EDITOR)
    assert queries.unread(hoa, on=REFORM) == 1
    assert queries.unread(beside, on=REFORM) == 0

    client_for(hoa).get(f"/noi-bo/{notice.number}/")
    client_for(hoa).post(f"/noi-bo/{notice.number}/da-doc/")

    rows = Acknowledgement.objects.exclude(acknowledged_at=None).values_list("unit_id", flat=True)
    assert set(rows) == {place["bich_hao"].pk}
    assert queries.unread(hoa, on=REFORM) == 0
    names = page(notice, "ai-da-doc/")
    above, approves, writes = (client_for(w).get(names).content.decode() for w in (thao, lam, hoa))
    for shown in (above, approves):
        assert "Lê Thị Hà" in shown
        assert "Cao Thị Hoa" in shown
    assert "Lê Thị Hà" not in writes
    assert client_for(beside).get(names).status_code == 404
