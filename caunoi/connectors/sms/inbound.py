"""What a reseller of text messages tells us: what became of a message, and that somebody wants no more of them."""

import hmac
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from caunoi.channels.contract import (
    AppSecrets,
    Follow,
    Inbound,
    RawDelivery,
    Receipt,
    Unknown,
    Unreadable,
)
from caunoi.connectors.sms import errors, uncertain
from caunoi.kit.text import fold

_ENDS = "|".join(map(fold, ("huỷ", "stop", "từ chối", "ngừng")))
_WHAT = "|".join(map(fold, ("tin", "sms", "nhận tin", "thông báo", "đăng ký")))
STOP = re.compile(rf"({_ENDS})( ({_WHAT}))?[ .!]*")
"""Nothing but these words: "Huy ơi, mấy giờ họp?" is no farewell."""


def asks_to_stop(text: str) -> bool:
    """True for HUY, STOP, TU CHOI, however it is written."""
    return STOP.fullmatch(" ".join(fold(text).split())) is not None


def verify(delivery: RawDelivery, app: AppSecrets) -> bool:
    """True when the delivery bears the word that was agreed with the reseller. Never raises."""
    agreed = app.secrets.get("callback_secret", "")
    if not agreed:
        return False
    try:
        rows = list(_rows(delivery.body))
    except Unreadable:
        return False
    given = [str(row.get(uncertain.INBOUND["secret"], "")) for row in rows if isinstance(row, dict)]
    said = given[0] if given else ""
    return hmac.compare_digest(said.encode(), agreed.encode())


def read(delivery: RawDelivery) -> list[Inbound]:
    """Return receipts, and who wants no more; what else people write back is read by nobody. Raises Unreadable."""
    return [_said(row, delivery.received_at) for row in _rows(delivery.body)]


def _rows(body: bytes) -> Iterator[Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON of a reseller of text messages") from error
    rows = told if isinstance(told, list) else [told]
    if not rows or not isinstance(rows[0], dict):
        raise Unreadable("no JSON of a reseller of text messages")
    yield from rows


def _said(row: Any, at: datetime) -> Inbound:
    names = uncertain.INBOUND
    if not isinstance(row, dict):
        return Unknown(None, "sms", "no object")
    sender, message = str(row.get(names["sender"], "")), str(row.get(names["id"], ""))
    state, text = str(row.get(names["state"], "")), str(row.get(names["text"], ""))
    if message and state:
        return _receipt(sender, message, state, at)
    if asks_to_stop(text):
        return Follow(sender, str(row.get(names["phone"], "")), following=False, at=at)
    return Unknown(sender or None, "sms", "an answer to a text message")


def _receipt(sender: str, message: str, state: str, at: datetime) -> Inbound:
    word = uncertain.INBOUND_STATES.get(state, state)
    if word == "DELIVRD":
        return Receipt(sender, (message,), "delivered", at)
    if word in errors.NOT_ARRIVED:
        return Receipt(sender, (message,), "failed", at, reason=errors.NOT_ARRIVED[word])
    return Unknown(sender or None, "sms", "on its way")
