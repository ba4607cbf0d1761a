"""Sending, with everything that goes wrong: once, in order, never forgotten."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from caunoi.channels.models import Channel
from caunoi.outbox import delivery, leases, rules
from caunoi.outbox.models import OutboundMessage
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_row_that_waited_behind_a_slow_one_until_its_lease_ran_out_is_not_sent_twice(
    loopback, queue, send, row_now, monkeypatch
):
    queue("Chậm")
    late = queue("Chờ sau")
    # The first provider call takes a minute and a half.
    moment = SimpleNamespace(at=MONDAY)
    real = type(loopback).send

    def slowly(self, post, account, *, key, at):
        result = real(self, post, account, key=key, at=at)
        moment.at = MONDAY + 1.5 * MINUTE
        return result

    monkeypatch.setattr(type(loopback), "send", slowly)
    delivery.deliver_once(worker="first", now=lambda: moment.at)
    held = row_now(late).state
    for minutes in (2, 3, 4):
        send(MONDAY + minutes * MINUTE)

    assert held == "queued"
    assert row_now(late).state == "sent"
    assert [s["text"] for s in loopback.world.sent].count("Chờ sau") == 1


def test_a_worker_that_lost_its_lease_does_not_send_what_another_looks_after(
    loopback, queue, monkeypatch
):
    row = queue()
    real = delivery.leases.claim_due

    def claim_then_stall(**words):
        claimed = real(**words)
        OutboundMessage.objects.filter(pk=row.pk).update(lease_by="other")
        return claimed

    monkeypatch.setattr(delivery.leases, "claim_due", claim_then_stall)

    delivery.deliver_once(worker="first", now=lambda: MONDAY)

    assert loopback.world.sent == []


def test_a_connector_that_breaks_harms_no_neighbour_and_sends_nothing_twice(
    loopback, queue, send, row_now, monkeypatch
):
    real = type(loopback).send

    def break_once(self, post, account, *, key, at):
        result = real(self, post, account, key=key, at=at)
        if post.text == "Hỏng" and len(self.world.sent) == 1:
            raise IndexError("a bug of a plug-in")
        return result

    monkeypatch.setattr(type(loopback), "send", break_once)
    broken, fine = queue("Hỏng"), queue("Tốt")

    send()
    send(MONDAY + 2 * MINUTE)

    assert (row_now(broken).state, row_now(fine).state) == ("sent", "sent")
    assert sorted(s["text"] for s in loopback.world.sent) == ["Hỏng", "Tốt"]


def test_not_there_is_believed_only_a_minute_after_the_lost_answer(loopback, queue, send, row_now):
    row = queue()
    loopback.world.faults.append("unclear")
    send()

    seen = []
    for seconds in (6, 25, 59, 90, 100):
        send(MONDAY + timedelta(seconds=seconds))
        seen.append((row_now(row).state, len(loopback.world.sent)))

    assert seen == [("uncertain", 0)] * 3 + [("queued", 0), ("sent", 1)]


def test_an_outcome_that_stays_unclear_for_ever_ends_as_a_dead_letter(
    loopback, queue, send, row_now
):
    row = queue()
    at = MONDAY

    for _ in range(200):
        loopback.world.faults = ["unclear"] if row_now(row).state == "queued" else []
        send(at)
        at += timedelta(hours=6)

    assert row_now(row).state == "dead"
    assert loopback.world.sent == []
    assert row_now(row).tries.filter(outcome="unclear").count() == len(rules.RETRY_SECONDS) + 1


def test_a_provider_that_asks_to_wait_uses_up_no_attempt(loopback, queue, send, row_now):
    row = queue()
    loopback.world.faults += ["later"] * 30
    at = MONDAY
    for _ in range(30):
        send(at)
        at += timedelta(minutes=20)
    waiting = row_now(row)

    send(at)

    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert row_now(row).state == "sent"


def test_who_is_asked_to_wait_for_a_week_is_given_up(loopback, queue, send, row_now):
    row = queue()
    at = MONDAY
    for _ in range(10):
        loopback.world.faults = ["later"]
        send(at)
        at += timedelta(days=1)

    assert row_now(row).state == "dead"


def test_later_messages_of_a_conversation_wait_for_an_uncertain_one(loopback, queue, send):
    queue("Một", person="dung")
    queue("Hai", person="dung")
    queue("Ba", person="páo")
    loopback.world.faults.append("unclear")

    send()
    in_between = [s["text"] for s in loopback.world.sent]
    for minutes in (1, 2, 3, 10):
        send(MONDAY + minutes * MINUTE)

    assert in_between == ["Ba"]
    assert [s["text"] for s in loopback.world.sent] == ["Ba", "Một", "Hai"]


def test_a_channel_that_fails_five_times_is_spared_and_others_are_not(
    loopback, queue, send, make_channel
):
    bad, good = make_channel("bad"), make_channel("good")
    for n in range(8):
        queue(f"Xấu {n}", on=bad)
    loopback.world.faults += ["later"] * 5
    send()
    queue("Tốt", on=good)
    send()

    assert [s["text"] for s in loopback.world.sent] == ["Tốt"]
    assert bad.breaker.state == "open"


def test_a_lost_channel_keeps_an_uncertain_send_for_later_without_using_up_its_looks(
    loopback, queue, send, row_now
):
    row = queue()
    loopback.world.faults += ["drop"]
    send()
    loopback.world.faults += ["reconnect", "reconnect"]

    send(MONDAY + MINUTE)
    lost = row_now(row)
    Channel.objects.update(state="active")
    send(MONDAY + 2 * MINUTE)

    assert (lost.state, lost.looks) == ("uncertain", 0)
    assert row_now(row).state == "sent"
    assert len(loopback.world.sent) == 1


def test_a_provider_that_hangs_holds_up_nobody_elses_messages(queue, loopback):
    queue("Loopback")

    assert delivery.deliver_once(worker="w", now=lambda: MONDAY, kinds=["zalo_oa"]) == 0
    assert delivery.deliver_once(worker="w", now=lambda: MONDAY, kinds=["loopback"]) == 1


def test_one_busy_channel_takes_half_of_a_round_at_most(queue, make_channel):
    busy, quiet = make_channel("busy"), make_channel("quiet")
    for n in range(30):
        queue(f"Bận {n}", on=busy)
    queue("Rảnh", on=quiet)

    claimed = leases.claim_due(limit=10, worker="w", at=MONDAY)

    assert [m.channel for m in claimed].count(busy) == 5
    assert quiet in {m.channel for m in claimed}


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_hold_the_same_message(queue):
    for n in range(120):
        queue(f"Tin {n}")
    held, start = [], threading.Barrier(4)

    def claim(worker):
        start.wait(timeout=10)
        while claimed := leases.claim_due(limit=6, worker=worker, at=MONDAY):
            held.extend(m.pk for m in claimed)
        connection.close()

    workers = [threading.Thread(target=claim, args=(f"w{n}",)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert len(held) == len(set(held)) == 120
