"""Told once, signed, tried again as the standard says, and never more than a number."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta

import httpx
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from caunoi.kit import http
from caunoi.webhooks import actions, delivery
from caunoi.webhooks.models import Attempt, Delivery, Endpoint, Event
from caunoi.webhooks.terms import EventType
from caunoi.webhooks.tests.factories import Receiver, administrator, endpoint_of
from tests.cast import MONDAY


def tell(unit, event=EventType.CASE_OPENED, at=MONDAY):
    return actions.tell(
        event, number="NA-2026-000001", path="/api/v1/cases/x", unit_ids=[unit.pk], at=at
    )


def call(receiver, at=MONDAY):
    with http.stand_in(receiver):
        return delivery.send_due(at=at)


def test_the_standards_own_library_verifies_what_we_send(tree, monkeypatch):
    _endpoint, secret = endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    receiver = Receiver()

    call(receiver)

    request = receiver.told[0]
    monkeypatch.setattr("standardwebhooks.webhooks.datetime", _Frozen)
    said = Webhook(secret).verify(request.content, dict(request.headers))
    assert said["type"] == "case.opened"
    assert said["data"]["number"] == "NA-2026-000001"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.content + b" ", dict(request.headers))


class _Frozen(datetime):
    """The library asks its own clock."""

    @classmethod
    def now(cls, tz=None):
        return MONDAY.astimezone(tz)


def test_the_signature_is_the_one_of_the_specification(tree):
    _endpoint, secret = endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    receiver = Receiver()

    call(receiver)

    headers, body = receiver.told[0].headers, receiver.told[0].content
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_payload_names_nobody_and_quotes_nothing(tree):
    endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    receiver = Receiver()

    call(receiver)

    said = json.loads(receiver.told[0].content)
    assert set(said) == {"type", "timestamp", "data"}
    assert set(said["data"]) == {"id", "number", "url"}


def test_while_secrets_change_both_sign(tree):
    by = administrator(tree["bich_hao"])
    endpoint, old = endpoint_of(tree["bich_hao"], by=by)
    new = actions.rotate_secret(endpoint=endpoint, by=by, at=MONDAY)
    tell(tree["bich_hao"])
    receiver = Receiver()

    call(receiver)

    signatures = receiver.told[0].headers["webhook-signature"].split(" ")
    body, message_id = receiver.told[0].content.decode(), receiver.told[0].headers["webhook-id"]
    assert signatures == [Webhook(s).sign(message_id, MONDAY, body) for s in (new, old)]


def test_after_two_days_the_old_secret_signs_no_more(tree):
    by = administrator(tree["bich_hao"])
    endpoint, _old = endpoint_of(tree["bich_hao"], by=by)
    actions.rotate_secret(endpoint=endpoint, by=by, at=MONDAY)
    later = MONDAY + timedelta(days=2, minutes=1)
    tell(tree["bich_hao"], at=later)
    receiver = Receiver()

    call(receiver, at=later)

    assert " " not in receiver.told[0].headers["webhook-signature"]


def test_a_failed_call_comes_again_under_the_same_id(tree):
    endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    receiver = Receiver(httpx.Response(500), httpx.Response(200))

    call(receiver)
    assert call(receiver, at=MONDAY + timedelta(seconds=4)) == 0
    call(receiver, at=MONDAY + timedelta(seconds=6))

    first, second = receiver.told
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("done", 2)
    assert list(Attempt.objects.order_by("pk").values_list("status", flat=True)) == [500, 200]


def test_gone_switches_the_endpoint_off(tree):
    endpoint, _ = endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    tell(tree["bich_hao"], EventType.CASE_CLOSED)
    receiver = Receiver(httpx.Response(410))

    call(receiver)

    endpoint.refresh_from_db()
    assert endpoint.state == "gone"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dead"}
    assert tell(tree["bich_hao"]) == 0


def test_an_overloaded_address_is_left_alone_as_long_as_it_asks(tree):
    endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    receiver = Receiver(httpx.Response(429, headers={"Retry-After": "600"}), httpx.Response(200))
    call(receiver)
    tell(tree["bich_hao"], EventType.CASE_CLOSED)

    assert call(receiver, at=MONDAY + timedelta(minutes=9)) == 0
    assert call(receiver, at=MONDAY + timedelta(minutes=11)) == 2


def test_a_redirect_is_not_followed(tree):
    endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    receiver = Receiver(httpx.Response(302, headers={"Location": "http://127.0.0.1:9/other"}))

    call(receiver)

    assert len(receiver.told) == 1
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize("error", [httpx.ReadTimeout("x"), httpx.ConnectError("x")])
def test_no_answer_is_kept_as_a_try(tree, error):
    endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])

    call(Receiver(error))

    attempt = Attempt.objects.get()
    assert attempt.status is None
    assert attempt.trouble


def test_after_ten_tries_it_is_given_up_and_the_endpoint_switched_off(tree):
    endpoint, _ = endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])
    receiver = Receiver(httpx.Response(500))

    at = MONDAY
    for _ in range(12):
        call(receiver, at=at)
        at += timedelta(hours=27)

    endpoint.refresh_from_db()
    assert len(receiver.told) == 10
    assert Delivery.objects.get().state == "dead"
    assert endpoint.state == "off"


def test_one_that_hangs_takes_at_most_four_calls_of_a_round(tree):
    by = administrator(tree["bich_hao"])
    endpoint_of(tree["bich_hao"], by=by, url="http://127.0.0.1:9/slow")
    endpoint_of(tree["bich_hao"], by=by, url="http://127.0.0.1:9/quick")
    for event in list(EventType)[:8]:
        tell(tree["bich_hao"], event)
    receiver = Receiver()

    call(receiver)

    called = [str(r.url) for r in receiver.told]
    assert called.count("http://127.0.0.1:9/slow") == 4
    assert called.count("http://127.0.0.1:9/quick") == 4


def test_demo_and_tests_call_nobody_but_this_machine(tree):
    endpoint, _ = endpoint_of(tree["bich_hao"])
    Endpoint.objects.filter(pk=endpoint.pk).update(url="https://8.8.8.8/hook")
    tell(tree["bich_hao"])
    receiver = Receiver()

    call(receiver)

    assert receiver.told == []
    assert Attempt.objects.get().status is None


@pytest.mark.parametrize("number", ["10.0.0.8", "127.0.0.1", "169.254.169.254", "fd00::1"])
def test_a_name_that_leads_inside_is_not_called(tree, settings, monkeypatch, number):
    endpoint, _ = endpoint_of(tree["bich_hao"])
    Endpoint.objects.filter(pk=endpoint.pk).update(url="https://hooks.example.com/x")
    tell(tree["bich_hao"])
    settings.LOOPBACK_ONLY = False
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (number, 443))])
    receiver = Receiver()

    call(receiver)

    assert receiver.told == []
    assert "may not be called" in Attempt.objects.get().trouble


def test_the_number_that_was_looked_at_is_the_one_that_is_called(tree, settings, monkeypatch):
    endpoint, _ = endpoint_of(tree["bich_hao"])
    Endpoint.objects.filter(pk=endpoint.pk).update(url="https://hooks.example.com/x")
    tell(tree["bich_hao"])
    settings.LOOPBACK_ONLY = False
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("8.8.8.8", 443))])
    receiver = Receiver()

    call(receiver)

    request = receiver.told[0]
    assert request.url.host == "8.8.8.8"
    assert request.headers["host"] == "hooks.example.com"
    assert request.extensions["sni_hostname"] == "hooks.example.com"


def test_a_unit_hears_of_itself_and_below_and_of_nobody_else(tree):
    by = administrator(tree["nghe_an"])
    endpoint_of(tree["nghe_an"], by=by, name="tỉnh")
    endpoint_of(tree["bich_hao"], by=by, name="xã")
    endpoint_of(tree["tri_le"], by=by, name="xã khác")

    assert tell(tree["village"]) == 2
    heard = set(Delivery.objects.values_list("endpoint__name", flat=True))
    assert heard == {"tỉnh", "xã"}


def test_a_replay_keeps_the_events_id(tree):
    by = administrator(tree["bich_hao"])
    endpoint, _ = endpoint_of(tree["bich_hao"], by=by)
    tell(tree["bich_hao"])
    receiver = Receiver()
    call(receiver)

    actions.replay(endpoint=endpoint, deliveries=[Delivery.objects.get().pk], by=by, at=MONDAY)
    call(receiver)

    assert len({r.headers["webhook-id"] for r in receiver.told}) == 1
    assert len(receiver.told) == 2


def test_what_is_old_is_forgotten(tree):
    endpoint_of(tree["bich_hao"])
    tell(tree["bich_hao"])

    assert actions.forget_old(at=MONDAY + timedelta(days=29)) == 0
    actions.forget_old(at=MONDAY + timedelta(days=31))

    assert Event.objects.count() == Delivery.objects.count() == 0


def test_the_worker_is_called_once_and_only_after_the_commit(
    tree, django_capture_on_commit_callbacks
):
    endpoint_of(tree["bich_hao"])
    called = ProcrastinateJob.objects.filter(task_name=actions.SEND_TASK)

    with django_capture_on_commit_callbacks(execute=True):
        tell(tree["bich_hao"])
        tell(tree["bich_hao"], EventType.CASE_CLOSED)
        assert called.count() == 0

    assert called.count() == 1
