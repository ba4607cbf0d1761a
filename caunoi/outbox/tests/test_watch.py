"""Nothing waits unseen, nothing stays unclear without somebody knowing."""

from datetime import timedelta

import pytest

from caunoi.channels.models import Alert, Channel
from caunoi.kit import jobs
from caunoi.outbox import arrivals, leases, pace, queries
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WATCH, LOOK = "outbox.watch_sends", "outbox.look_for_quiet_sends"


def told():
    return [(a.kind, a.count) for a in Alert.objects.order_by("kind")]


def test_what_a_killed_worker_held_becomes_uncertain_within_the_minute(queue, row_now):
    row = queue()
    (claimed,) = leases.claim_due(limit=5, worker="killed", at=MONDAY)
    pace.begin(message=claimed, worker="killed", per_minute=60, at=MONDAY)

    jobs.run(WATCH, at=MONDAY + timedelta(seconds=59))
    before = row_now(row).state
    jobs.run(WATCH, at=MONDAY + timedelta(seconds=61))

    assert (before, row_now(row).state) == ("sending", "uncertain")


def test_messages_that_wait_longer_than_ten_minutes_are_told_of_once_an_hour(queue):
    for n in range(3):
        queue(f"Tin {n}")

    jobs.run(WATCH, at=MONDAY + 9 * MINUTE)
    assert told() == []
    for minutes in (11, 12, 30, 59):
        jobs.run(WATCH, at=MONDAY + minutes * MINUTE)
    assert told() == [("stuck", 3)]
    jobs.run(WATCH, at=MONDAY + 61 * MINUTE)
    assert told() == [("stuck", 3)] * 2


def test_messages_that_wait_for_a_channel_or_for_their_next_try_are_not_stuck(
    loopback, queue, send, make_channel
):
    lost = make_channel("lost")
    queue("Chờ nối lại", on=lost)
    Channel.objects.filter(pk=lost.pk).update(state="reconnect_needed")
    loopback.world.faults += ["unclear"]
    queue("Chờ xem lại")
    send()

    jobs.run(WATCH, at=MONDAY + MINUTE)

    assert told() == []


def test_many_dead_letters_are_one_word(loopback, queue, send):
    for n in range(4):
        queue(f"Bị từ chối {n}")
    loopback.world.faults += ["refuse"] * 4
    send()

    for minutes in (1, 2, 3):
        jobs.run(WATCH, at=MONDAY + minutes * MINUTE)
    jobs.run(WATCH, at=MONDAY + 3 * HOUR)

    assert told() == [("dead", 4)]


def test_a_send_only_a_person_can_judge_is_told_of(loopback, queue, send):
    queue()
    loopback.world.faults += ["drop"]
    loopback.world.readable = False
    at = MONDAY
    for _ in range(40):
        send(at)
        at += MINUTE

    jobs.run(WATCH, at=at)

    assert told() == [("uncertain", 1)]


def test_a_send_nobody_confirms_for_three_days_says_so_until_somebody_does(
    channel, queue, send, row_now
):
    row = queue()
    send()
    jobs.run(WATCH, at=MONDAY + 71 * HOUR)
    before = row_now(row).shown_state

    jobs.run(WATCH, at=MONDAY + 73 * HOUR)
    after = row_now(row)
    arrivals.record_receipts(
        [arrivals.Arrival(channel, [after.external_id], "", seen=True, at=MONDAY + 80 * HOUR)]
    )

    assert (before, after.shown_state, row_now(row).shown_state) == (
        "sent",
        "unconfirmed",
        "confirmed",
    )


def test_a_send_whose_echo_was_lost_is_looked_for_after_an_hour_and_confirmed(queue, send, row_now):
    row = queue()
    send()

    assert jobs.run(LOOK, at=MONDAY + 59 * MINUTE) == 0
    assert jobs.run(LOOK, at=MONDAY + 61 * MINUTE) == 1
    assert row_now(row).state == "confirmed"


def test_a_send_that_is_not_found_is_looked_for_once(loopback, queue, send, row_now):
    row = queue()
    send()
    loopback.world.sent.clear()

    assert [jobs.run(LOOK, at=MONDAY + n * HOUR) for n in (2, 3)] == [0, 0]
    assert (row_now(row).state, row_now(row).looks) == ("sent", 1)


def test_a_provider_in_trouble_is_asked_again(loopback, queue, send, row_now):
    row = queue()
    send()
    loopback.world.faults += ["later"]

    assert [jobs.run(LOOK, at=MONDAY + n * HOUR) for n in (2, 3)] == [0, 1]
    assert row_now(row).state == "confirmed"


def test_the_watch_of_a_unit_shows_its_own_channels_only(tree, queue, make_channel):
    an = make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    queue("Của tôi")
    queue("Của tỉnh khác", on=make_channel("theirs", "cao_son"))
    OutboundMessage.objects.update(state="queued")

    found = queries.watch(an, at=MONDAY + HOUR, on=MONDAY.date())

    assert [(w.channel.external_id, w.count) for w in found.stuck] == [("page", 1)]
