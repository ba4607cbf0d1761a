"""One provider that hangs occupies its own senders and nobody else's; few statements stand between a claim and a send."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caunoi.channels import actions as channels
from caunoi.channels.contract import TryLater
from caunoi.kit import http
from caunoi.outbox import actions, delivery, lanes, leases, pace
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox.models import OutboundMessage
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
SENDERS = 2
"""As many as the worker has a kind."""
MANY = delivery.BATCH + 5
"""More than one sender takes on at once."""


@pytest.fixture(autouse=True)
def nothing_known():
    lanes.forget()
    yield
    lanes.forget()


@pytest.fixture
def publish(tree, make_channel):
    """Queue one publication for so many channels of a kind."""

    def queue(kind, count, word="Tin"):
        made = [
            make_channel(f"{word}-{n}")
            if kind == "loopback"
            else channels.register_channel(
                unit_id=tree["bich_hao"].pk,
                connector_key=kind,
                external_id=f"{word}-{n}",
                name=f"Trang {n}",
                secrets={"access_token": "t"},
                by=None,
                at=MONDAY,
            )
            for n in range(count)
        ]
        words = outbox.keep_content(title=word, text=f"{word}.", link="", at=MONDAY)
        outbox.queue_publications(
            content=words, channels=made, key_prefix=word, reference=word, at=MONDAY
        )
        return OutboundMessage.objects.filter(reference=word)

    return queue


def states(rows):
    return sorted(rows.values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
def test_while_one_provider_hangs_everything_of_another_leaves_before_it_gives_up(
    publish, loopback, settings
):
    settings.CONNECTOR_SETTINGS = {"facebook_page": {"graph_base": "http://127.0.0.1:9"}}
    hanging, fine = publish("facebook_page", MANY, "Treo"), publish("loopback", 30, "Thông")
    moment, held = SimpleNamespace(at=MONDAY), []
    reached, gives_up = threading.Semaphore(0), threading.Event()

    def hang(request):
        held.append(request.url.path)
        reached.release()
        assert gives_up.wait(timeout=60)
        raise httpx.ReadTimeout("nobody answered")

    def send(who):
        delivery.deliver_once(now=lambda: moment.at, **who)
        connection.close()

    with http.stand_in(hang):
        everybody = [
            threading.Thread(target=send, args=(who,))
            for who in (
                {"worker": f"{kind}:{n}", "kinds": [kind]}
                for kind in ("facebook_page", "loopback")
                for n in range(SENDERS)
            )
        ]
        for sender in everybody:
            sender.start()
        try:
            for _ in range(SENDERS):
                assert reached.acquire(timeout=30)
            for sender in everybody[SENDERS:]:
                sender.join(timeout=30)
            meanwhile = (states(fine), len(held), "sent" in states(hanging))
        finally:
            moment.at += 20 * SECOND
            gives_up.set()
            for sender in everybody:
                sender.join(timeout=30)

    assert meanwhile == (["sent"] * 30, SENDERS, False)
    assert len(loopback.world.sent) == 30
    # the two that were tried wait for their next time, and what stood behind them was not held on to
    assert states(hanging) == ["queued"] * MANY
    assert hanging.filter(attempts=1).count() == SENDERS
    assert hanging.filter(first_tried_at=None, lease_until=None).count() == MANY - 2


def test_a_provider_that_hangs_is_left_alone_and_then_tried_with_one_send_at_a_time(
    publish, loopback, monkeypatch
):
    publish("loopback", 40)
    moment, hangs, begun = SimpleNamespace(at=MONDAY), [True], []
    real = type(loopback).send

    def hang(self, post, account, *, key, at):
        begun.append(at)
        if not hangs[0]:
            return real(self, post, account, key=key, at=at)
        moment.at += 20 * SECOND
        raise TryLater("nobody answered")

    monkeypatch.setattr(type(loopback), "send", hang)

    def rounds(count):
        del begun[:]
        for _ in range(count):
            delivery.deliver_once(worker="w", now=lambda: moment.at, kinds=["loopback"])
        return len(begun)

    in_a_row = rounds(9)
    moment.at += 31 * SECOND
    probe = rounds(5)
    hangs[0] = False
    moment.at += 61 * SECOND
    first, then = rounds(1), rounds(1)
    moment.at += 600 * SECOND
    rounds(1)

    assert in_a_row == lanes.HUNG_IN_A_ROW
    assert probe == 1
    assert first == 1
    assert then > 30
    assert len(loopback.world.sent) == 40


def test_a_provider_that_refuses_quickly_or_fails_quickly_does_not_hang(queue, loopback):
    for n in range(12):
        queue(f"Tin {n}")
    loopback.world.faults += ["later", "refuse", "unclear"] * 2

    sent = delivery.deliver_once(worker="w", now=lambda: MONDAY, kinds=["loopback"])

    assert sent == 12
    assert lanes.room(["loopback"], limit=40, at=MONDAY) == 40


def test_a_send_costs_two_statements_and_a_round_three(publish, loopback):
    rows = publish("loopback", 30)

    with CaptureQueriesContext(connection) as asked:
        delivery.deliver_once(worker="w", now=lambda: MONDAY, kinds=["loopback"])

    assert states(rows) == ["sent"] * 30
    said = [q for q in asked if "SAVEPOINT" not in q["sql"]]
    assert len(said) == 2 * 30 + 3


def test_what_a_killed_worker_only_held_is_sent_by_the_next_and_looked_up_by_nobody(
    queue, send, row_now, loopback
):
    begun, held = queue("Đã bắt đầu"), queue("Mới giữ")
    claimed = leases.claim_due(limit=5, worker="killed", at=MONDAY)
    pace.begin(message=claimed[0], worker="killed", per_minute=60, at=MONDAY)

    send(MONDAY + 61 * SECOND)

    tried = [[t.outcome for t in row.tries.order_by("at", "pk")] for row in (begun, held)]
    assert tried == [["not there", "sent"], ["sent"]]
    assert row_now(begun).first_tried_at == MONDAY
    assert len(loopback.world.sent) == 2


def test_the_minute_of_a_channel_and_of_its_kind_hold_for_the_quick_way_too(queue, row_now):
    rows = [queue(f"Tin {n}") for n in range(4)]
    OutboundMessage.objects.update(lease_by="w", lease_until=MONDAY + 60 * SECOND)

    def begin(row, at=MONDAY, all_=None):
        return pace.begin(
            message=row_now(row), worker="w", per_minute=24, calls=2, at=at, per_minute_all=all_
        )

    first, second = begin(rows[0]), begin(rows[1], all_=2)
    spent_by_kind = begin(rows[2], all_=2)
    actions.put_back(message=row_now(rows[2]), not_before=MONDAY)
    OutboundMessage.objects.filter(state="queued").update(lease_until=MONDAY + 60 * SECOND)
    third, fourth = begin(rows[2]), begin(rows[3])
    actions.put_back(message=row_now(rows[3]), not_before=MONDAY)
    OutboundMessage.objects.filter(state="queued").update(lease_until=MONDAY + 60 * SECOND)
    later = begin(rows[3], at=MONDAY + 20 * SECOND)

    assert (first, second, third, later) == (None, None, None, None)
    assert spent_by_kind > MONDAY
    assert MONDAY < fourth < MONDAY + 7 * SECOND
