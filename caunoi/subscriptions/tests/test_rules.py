"""Addresses, rounds and words of followers."""

from datetime import UTC, datetime, timedelta

import pytest

from caunoi.kit.text import fold
from caunoi.subscriptions import rules
from caunoi.subscriptions.terms import PUSH_HOSTS


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
        ("https://web.push.apple.com/QF", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com.example.com/x", False),
        ("https://evilnotify.windows.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://u:p@fcm.googleapis.com/x", False),
        ("https://169.254.169.254/latest", False),
        ("http://127.0.0.1:9000/x", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
    ],
)
def test_only_push_services_of_browsers_are_called(address, taken):
    assert rules.is_push_service(address, hosts=PUSH_HOSTS, loopback=False) is taken


def test_this_machine_is_a_push_service_only_where_loopback_is_allowed():
    assert rules.is_push_service("http://127.0.0.1:9000/x", hosts=PUSH_HOSTS, loopback=True)
    assert not rules.is_push_service("http://10.0.0.1/x", hosts=PUSH_HOSTS, loopback=True)


def test_the_round_of_the_day_is_at_seven_in_the_morning():
    evening = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    assert rules.next_digest(evening) == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert rules.next_digest(rules.next_digest(evening)) == rules.next_digest(evening)


def test_waiting_grows_and_has_an_end():
    assert rules.wait_after(1) == timedelta(minutes=2)
    assert rules.wait_after(14) == timedelta(hours=12)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("THEO DOI NA-2026-000123", (True, "NA-2026-000123")),
        ("theo dõi na-2026-000123", (True, "NA-2026-000123")),
        ("Ngừng NA-2026-000123", (False, "NA-2026-000123")),
        ("NA-2026-000123", None),
        ("Theo dõi giúp em với", None),
        ("Em theo dõi câu hỏi NA-2026-000123 mà mãi chưa thấy trả lời", None),
    ],
)
def test_words_in_a_chat_are_understood_however_they_are_typed(text, meant):
    assert rules.asked_for(text, folded=fold(text)) == meant
