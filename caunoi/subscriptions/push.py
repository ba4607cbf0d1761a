"""Messages to browsers by web push: encrypted for the browser (RFC 8291), signed with the house's key (RFC 8292)."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from pywebpush import WebPusher, WebPushException

from caunoi.kit import http
from caunoi.subscriptions import rules, sealing, words
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.subscriptions.terms import PUSH_HOSTS, About, News

TTL_SECONDS = 3 * 86400
GONE = frozenset({404, 410})
SUBJECTS = {
    "published": "Có trả lời",
    "again": "Có trả lời mới",
    "corrected": "Câu trả lời được sửa",
    "law_changed": "Quy định đã thay đổi",
    "withdrawn": "Câu trả lời được rút lại",
}


NOTICES = {"notice": "Thông báo", "warning": "Cảnh báo", "recalled": "Thu hồi thông báo"}
LONGEST_TITLE = 160


class Gone(Exception):
    """The browser has given up this subscription, or it was never a good one: forget it."""


class NotNow(Exception):
    """The push service did not take it this time."""


def tell(
    found: Subscription, sendings: Sequence[Sending], rows: Sequence[dict], *, at: datetime
) -> None:
    """Send one notification with everything that is due. Raises Gone, NotNow.

    The same notification sent again after a crash replaces the first: both bear one topic.
    """
    said = _notices(found, rows) if found.about == About.NOTICES else _answers(rows)
    body = said | {"tag": f"{found.pk.hex[:12]}-{sendings[-1].event_id}"}
    warns = any(row["kind"] == News.WARNING for row in rows)
    _post(json.loads(sealing.address_of(found)), body, at, urgency="high" if warns else "normal")


def _answers(rows: Sequence[dict]) -> dict[str, str]:
    first, several = rows[0], len(rows) > 1
    return {
        "title": f"Có {len(rows)} câu trả lời mới" if several else SUBJECTS[first["kind"]],
        "body": first["title"],
        "url": settings.PUBLIC_URL + "/hoi-dap/" if several else first["address"],
    }


def _notices(found: Subscription, rows: Sequence[dict]) -> dict[str, str]:
    """One tap on the notification itself ends it (``stop``)."""
    first, several = rows[0], len(rows) > 1
    more = f" (và {len(rows) - 1} tin nữa)" if several else ""
    return {
        "title": f"{NOTICES[first['kind']]}: {first['unit']}",
        "body": first["title"][:LONGEST_TITLE] + more,
        "url": first["address"],
        "stop": words.stop_address(found),
    }


def _post(
    subscription: dict[str, str], said: dict[str, str], at: datetime, *, urgency: str
) -> None:
    endpoint = subscription["endpoint"]
    if not rules.is_push_service(endpoint, hosts=PUSH_HOSTS, loopback=settings.LOOPBACK_ONLY):
        raise Gone
    keys = {"p256dh": subscription["p256dh"], "auth": subscription["auth"]}
    try:
        sealed = WebPusher({"endpoint": endpoint, "keys": keys}).encode(json.dumps(said).encode())[
            "body"
        ]
    except (WebPushException, ValueError, IndexError) as error:
        raise Gone from error
    parts = urlsplit(endpoint)
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_SECONDS),
        "Topic": said["tag"][:32],
        "Urgency": urgency,
        **_signature(f"{parts.scheme}://{parts.netloc}", at),
    }
    try:
        with http.client(f"{parts.scheme}://{parts.netloc}") as out:
            answer = out.post(endpoint, content=sealed, headers=headers)
    except http.TROUBLE as error:
        raise NotNow from error
    if answer.status_code in GONE:
        raise Gone
    if answer.status_code >= 300:
        raise NotNow(str(answer.status_code))


def _signature(audience: str, at: datetime) -> dict[str, str]:
    claims = {
        "aud": audience,
        "exp": int((at + timedelta(hours=12)).timestamp()),
        "sub": settings.PUSH_CONTACT,
    }
    return sealing.opened_push_key(at=at).sign(claims)
