"""From webhook bytes to what they say. Pure."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from caunoi.channels.contract import (
    Attachment,
    Follow,
    Inbound,
    MessageKind,
    MessageReceived,
    OwnMessage,
    RawDelivery,
    Receipt,
    Unknown,
    Unreadable,
)


def read(delivery: RawDelivery) -> list[Inbound]:
    """Return the one thing a Zalo delivery says. Raises Unreadable when it is no JSON object."""
    try:
        event = json.loads(delivery.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(event, dict):
        raise Unreadable("no object")
    name = str(event.get("event_name", ""))
    reader = _reader_of(name)
    try:
        return [reader(event)] if reader else [Unknown(_account(event), name, "event not read")]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        return [Unknown(_account(event), name, f"{type(error).__name__}: {error}"[:200])]


def _reader_of(name: str) -> Callable[[dict[str, Any]], Inbound] | None:
    if name in {"follow", "unfollow"}:
        return _follow
    if name in {"user_received_message", "user_seen_message"}:
        return _receipt
    if "group" in name:
        return None
    if name.startswith("user_send_"):
        return _message
    if name.startswith("oa_send_"):
        return _own
    return None


def _account(event: dict[str, Any]) -> str | None:
    for party in ("recipient", "sender"):
        found = event.get(party)
        if isinstance(found, dict) and found.get("id"):
            return str(found["id"])
    return str(event["oa_id"]) if event.get("oa_id") else None


def _message(event: dict[str, Any]) -> Inbound:
    message = event["message"]
    person = str(event["sender"]["id"])
    return MessageReceived(
        account_ref=str(event["recipient"]["id"]),
        external_id=str(message["msg_id"]),
        kind=MessageKind.PRIVATE_MESSAGE,
        thread_ref=person,
        sender_ref=person,
        text=str(message.get("text") or ""),
        sent_at=_moment(event["timestamp"]),
        attachments=tuple(
            _attachment(a) for a in message.get("attachments") or [] if isinstance(a, dict)
        ),
    )


def _own(event: dict[str, Any]) -> Inbound:
    message = event["message"]
    return OwnMessage(
        account_ref=str(event["sender"]["id"]),
        external_id=str(message["msg_id"]),
        text=str(message.get("text") or ""),
        sent_at=_moment(event["timestamp"]),
        thread_ref=str(event["recipient"]["id"]),
        kind=MessageKind.PRIVATE_MESSAGE,
    )


def _receipt(event: dict[str, Any]) -> Inbound:
    message = event["message"]
    ids = message.get("msg_ids") or [message["msg_id"]]
    state = "seen" if event["event_name"] == "user_seen_message" else "delivered"
    return Receipt(
        str(event["sender"]["id"]), tuple(str(i) for i in ids), state, _moment(event["timestamp"])
    )


def _follow(event: dict[str, Any]) -> Inbound:
    return Follow(
        account_ref=str(event["oa_id"]),
        sender_ref=str(event["follower"]["id"]),
        following=event["event_name"] == "follow",
        at=_moment(event["timestamp"]),
    )


def _attachment(one: dict[str, Any]) -> Attachment:
    payload = one.get("payload") or {}
    return Attachment(
        str(one.get("type", "file")), str(payload.get("url", "")), str(payload.get("name", ""))
    )


def _moment(value: Any) -> datetime:
    return datetime.fromtimestamp(int(value) / 1000, UTC)
