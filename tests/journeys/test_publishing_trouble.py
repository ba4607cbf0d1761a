"""What goes wrong while a notice goes out: each ends in a clear state, in words, with nothing sent twice."""

from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.utils import translation

from caunoi.channels import actions as channels
from caunoi.channels import quotas, registry
from caunoi.channels.contract import PostKind
from caunoi.channels.models import Channel
from caunoi.journeys import publishing, taking_back
from caunoi.kit import clock
from caunoi.kit.sentences import said
from caunoi.notices import actions as notices
from caunoi.notices import looking
from caunoi.notices.models import Notice
from caunoi.notices.terms import (
    Audience,
    Fields,
    Line,
    NoticeKind,
    Reach,
    Surface,
    WrongState,
)
from caunoi.notices.tests.factories import WORDS, approved
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox import delivery, queries
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as units
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WARNING = Fields(
    kind=NoticeKind.WARNING,
    title="Cảnh báo lũ quét đêm nay",
    short_text="Bà con ven suối dời lên nhà văn hoá trước 19 giờ.",
    details={"sender": "Đài Khí tượng Thuỷ văn tỉnh"},
)


@pytest.fixture
def ha(place):
    return make_staff(name="Lê Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)


@pytest.fixture
def page(place, loopback):
    """Register one more page or group of the commune or its village."""

    def register(external_id, *, unit="bich_hao", kind="loopback"):
        return channels.register_channel(
            unit_id=place[unit].pk,
            connector_key=kind,
            external_id=external_id,
            name=f"Kênh {external_id}",
            secrets={"access_token": "t", "refresh_token": f"r-{external_id}"},
            token_expires_at=MONDAY + timedelta(days=365),
            by=None,
            at=MONDAY,
        )

    return register


@pytest.fixture
def ready(ha, binh, place, loopback):
    """Write and approve a notice of the commune for itself and its villages."""

    def make(fields=WORDS, **more):
        return approved(by=ha, approver=binh, unit=place["bich_hao"], fields=fields, **more)

    return make


def until(notice, at):
    """Say until when it holds, as its editor had."""
    Notice.objects.filter(pk=notice.pk).update(valid_until=at)
    notice.refresh_from_db()
    return notice


def send(at=MONDAY, times=200):
    publishing.publish_due(at=at)
    for _ in range(times):
        if not delivery.deliver_once(worker="w", now=lambda: at, held=publishing.HELD):
            break
    publishing.finish(at=at)
    taking_back.follow_recalled(at=at)


def states(notice):
    return queries.states_of(reference=f"notice:{notice.pk}")


def state(notice):
    return Notice.objects.get(pk=notice.pk).state


def sent(loopback):
    return sorted(s["account"] for s in loopback.world.sent)


def in_vietnamese(row):
    with translation.override("vi"):
        return said(row.trouble)


def test_the_page_stands_first_and_every_channel_leads_to_it(ready, page, loopback):
    page("group", unit="village", kind="hand_posted")
    notice = ready()

    publishing.publish_due(at=MONDAY)
    stands = OutboundMessage.objects.get(channel__connector_key="web_portal")
    first = (state(notice), stands.state, sent(loopback))
    send()

    address = f"http://127.0.0.1:8000/thong-bao/{notice.number}/"
    assert first == ("sending", "confirmed", [])
    assert stands.permalink.endswith(f"/thong-bao/{notice.number}/")
    short = loopback.world.sent[0]["publication"]["link"]
    leads_to = Client().get(urlsplit(short).path)["Location"]
    assert urljoin(short, leads_to) == stands.permalink
    assert loopback.world.sent[0]["publication"]["title"] == notice.title
    group = OutboundMessage.objects.get(state="handed")
    assert group.shown_text.endswith(stands.permalink)
    assert (state(notice), sent(loopback)) == ("done", ["page"]), address


def test_a_crash_in_the_middle_leaves_nothing_and_the_next_round_does_it_once(
    ready, page, loopback, monkeypatch
):
    page("two")
    notice = ready()
    real, calls = outbox.queue_publications, []

    def crash_second(**words):
        calls.append(words)
        if len(calls) == 2:
            raise RuntimeError("out of memory")
        return real(**words)

    monkeypatch.setattr(outbox, "queue_publications", crash_second)
    crashed = publishing.publish_due(at=MONDAY)
    left = (state(notice), OutboundMessage.objects.count())
    monkeypatch.undo()
    send(MONDAY + HOUR)

    assert (crashed, left) == (0, ("approved", 0))
    assert (state(notice), sent(loopback)) == ("done", ["page", "two"])


def test_an_approval_withdrawn_before_it_leaves_sends_nothing(ready, ha, loopback):
    notice = ready()
    notices.withdraw(notice=notice, by=ha, at=MONDAY)

    with pytest.raises(WrongState):
        publishing.publish_notice(notice=notice, at=MONDAY)
    send()

    assert (state(notice), OutboundMessage.objects.count()) == ("draft", 0)


def test_an_approval_withdrawn_while_it_is_sent_takes_back_what_arrived(
    ready, page, binh, ha, loopback
):
    late = page("late")
    done, open_group = page("posted", kind="hand_posted"), page("waiting", kind="hand_posted")
    Channel.objects.filter(pk=late.pk).update(state="paused")
    notice = ready()
    send()
    row = OutboundMessage.objects.get(channel=done)
    outbox.declare_posted(message=row, by=ha, at=MONDAY)

    taking_back.recall_notice(notice=notice, reason="Nhầm ngày tiêm", by=binh, at=MONDAY + HOUR)
    Channel.objects.update(state="active")
    send(MONDAY + HOUR)

    assert state(notice) == "recalled"
    assert states(notice) == {"cancelled": 2, "sent": 1, "confirmed": 2}
    assert sent(loopback) == ["page"]
    assert len(loopback.world.deleted) == 1
    correction = OutboundMessage.objects.get(channel=done, reference=f"recall:{notice.pk}")
    assert (correction.state, "Nhầm ngày tiêm" in correction.shown_text) == ("handed", True)
    assert not OutboundMessage.objects.filter(
        channel=open_group, reference=f"recall:{notice.pk}"
    ).exists()
    assert in_vietnamese(OutboundMessage.objects.get(channel=late)) == (
        "Thông báo đã được thu hồi trước khi gửi bài này."
    )


def test_a_recall_on_the_notices_own_page_is_carried_out_by_the_worker(ready, binh, loopback):
    notice = ready()
    send()
    notices.mark_recalled(notice=notice, reason="Nhầm", by=binh, at=MONDAY)

    made = taking_back.follow_recalled(at=MONDAY, within=taking_back.AT_ONCE)
    again = taking_back.follow_recalled(at=MONDAY, within=taking_back.AT_ONCE)
    send()

    assert (made, again, len(loopback.world.deleted)) == (1, 0, 1)


def test_what_arrives_after_the_recall_is_taken_away_too(ready, binh, loopback):
    loopback.world.faults += ["drop"]
    notice = ready()
    send()
    taking_back.recall_notice(notice=notice, reason="Nhầm", by=binh, at=MONDAY)
    before = dict(loopback.world.deleted)

    for minutes in (1, 3, 10):
        send(MONDAY + timedelta(minutes=minutes))

    assert before == {}
    assert len(loopback.world.deleted) == len(loopback.world.sent) == 1


def test_a_token_revoked_in_the_middle_keeps_one_channel_waiting_and_the_notice_goes_on(
    ready, page, loopback
):
    for name in ("a", "b", "c"):
        page(name)
    notice = ready()
    loopback.world.faults += ["", "reconnect", "reconnect"]
    send()
    lost = Channel.objects.get(state="reconnect_needed")
    waiting = OutboundMessage.objects.get(channel=lost)
    then = (state(notice), waiting.state, in_vietnamese(waiting), len(loopback.world.sent))
    channels.change_secrets(
        channel=lost,
        secrets={"access_token": "t", "refresh_token": "new"},
        token_expires_at=MONDAY + timedelta(days=9),
        by=None,
        at=MONDAY,
    )
    send(MONDAY + HOUR)

    assert then == ("done", "queued", said("The token is gone."), 3)
    assert sent(loopback) == ["a", "b", "c", "page"]


def test_a_quota_used_up_in_the_middle_waits_for_the_next_month_and_the_notice_goes_on(
    ready, loopback, binh, ha
):
    limit = 2
    made = []
    for n in range(limit + 1):
        fields = Fields(
            kind=WARNING.kind,
            title=f"{WARNING.title} {n}" * (n + 1),
            short_text=WARNING.short_text,
            details=WARNING.details,
        )
        made.append(ready(fields))
        send()
        send()
    late = OutboundMessage.objects.get(state="queued")
    broadcasts = [s for s in loopback.world.sent if s["kind"] == "broadcast"]
    send(MONDAY + timedelta(days=8))

    assert [state(n) for n in made] == ["done"] * 3
    assert len(broadcasts) == limit
    assert late.kind == "broadcast"
    assert in_vietnamese(late).startswith("Kênh này đã hết lượt gửi của kỳ này")
    assert [s["kind"] for s in loopback.world.sent].count("broadcast") == limit + 1


def test_a_unit_dissolved_between_schedule_and_sending_is_stood_for_by_its_successor(
    place, loopback, page
):
    mai = make_staff(name="Vũ Thị Mai", unit_id=place["nghe_an"].pk, role=Role.EDITOR)
    two = [
        make_staff(name=n, unit_id=place["nghe_an"].pk, role=Role.APPROVER)
        for n in ("Hoàng Thị Thảo", "Lê Văn Việt")
    ]
    lines = [Line(place["bich_hao"].pk, Reach.SUBTREE)]
    notice = approved(by=mai, approver=two[0], unit=place["nghe_an"], lines=lines)
    notices.approve_notice(notice=notice, seen_version=1, by=two[1], at=MONDAY)
    day = date(2026, 12, 1)
    new = units.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk],
        full_name="Xã Bích Hào Mới",
        code="99001",
        on=day,
        legal_reference="Nghị quyết thử",
        by=None,
        at=MONDAY,
    )
    channels.register_channel(
        unit_id=new.pk,
        connector_key="loopback",
        external_id="new",
        name="MTTQ xã mới",
        secrets={"access_token": "t", "refresh_token": "r2"},
        token_expires_at=MONDAY + timedelta(days=365),
        by=None,
        at=MONDAY,
    )

    send(MONDAY + timedelta(days=9))

    assert (state(notice), sent(loopback)) == ("done", ["new"])


def test_a_notice_that_is_over_before_its_time_to_leave_goes_nowhere(ready, loopback):
    notice = until(ready(), MONDAY + HOUR)

    send(MONDAY + 2 * HOUR)

    assert (state(notice), states(notice), sent(loopback)) == ("expired", {}, [])


def test_a_notice_that_ends_in_the_middle_lets_nothing_more_leave(ready, page, loopback):
    slow = page("slow")
    Channel.objects.filter(pk=slow.pk).update(state="paused")
    notice = until(ready(), MONDAY + HOUR)
    send()
    Channel.objects.update(state="active")
    publishing.finish(at=MONDAY + 2 * HOUR)
    send(MONDAY + 2 * HOUR)

    assert (state(notice), sent(loopback)) == ("expired", ["page"])
    assert in_vietnamese(OutboundMessage.objects.get(channel=slow)) == (
        "Thông báo đã hết hiệu lực trước khi kịp gửi."
    )


def test_a_clock_that_jumps_forward_and_back_sends_nothing_twice(ready, page, loopback):
    for name in ("a", "b"):
        page(name)
    notice = ready()
    loopback.world.faults += ["drop", "later"]

    for at in (MONDAY, MONDAY + 6 * HOUR, MONDAY - HOUR, MONDAY + HOUR, MONDAY + 8 * HOUR):
        send(at)

    assert (state(notice), sent(loopback)) == ("done", ["a", "b", "page"])


def test_what_is_internal_goes_to_no_channel_everybody_reads(ready, page, loopback):
    page("group", kind="hand_posted")
    notice = ready(audience=Audience.INTERNAL)

    send()

    assert (state(notice), states(notice)) == ("done", {})


def test_a_notice_that_cannot_be_published_holds_up_no_other(ready, loopback, monkeypatch):
    broken, fine = ready(), ready(WARNING)
    real = publishing._content

    def break_one(notice, *rest):
        if notice.pk == broken.pk:
            raise ValueError("a bug")
        return real(notice, *rest)

    monkeypatch.setattr(publishing, "_content", break_one)
    send()

    assert (state(broken), state(fine)) == ("approved", "done")


def test_every_kind_of_channel_says_for_what_a_text_is_written_there():
    known = {surface.value for surface in Surface}

    assert {c.written_as for c in registry.all_connectors().values()} <= known


def test_what_is_left_of_a_quota_is_read_on_the_channel_and_before_sending(
    place, loopback, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    unit = place["bich_hao"].pk
    chi = make_staff(name="Lê Thị Chi", unit_id=unit, role=Role.ADMINISTRATOR)
    channel = channels.register_channel(
        unit_id=unit, connector_key="loopback", external_id="l1", name="OA xã", by=None, at=MONDAY
    )
    for left, used_up in (("1/2", []), ("0/2", [("loopback", 1)])):
        quotas.take(channel=channel, kind=PostKind.BROADCAST, at=MONDAY)

        page = client_for(chi).get(f"/quan-tri/kenh/{channel.pk}/").content.decode()
        assert f"{left}, có lại từ " in page
        assert looking.reached([Line(unit, Reach.SELF)], on=MONDAY.date()).used_up == used_up
    assert "đã hết lượt" in page
