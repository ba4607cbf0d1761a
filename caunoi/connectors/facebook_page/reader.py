"""From webhook bytes to what they say. Pure; one bad entry becomes Unknown and its neighbours stay."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from caunoi.channels.contract import (
    Attachment,
    Inbound,
    MessageEdited,
    MessageKind,
    MessageReceived,
    MessageRemoved,
    OwnMessage,
    OwnPost,
    RawDelivery,
    Receipt,
    Unknown,
    Unreadable,
)

POSTS = {"status", "photo", "video", "post", "share"}


def read(delivery: RawDelivery) -> list[Inbound]:
    """Return what a delivery says. Raises Unreadable when it is no JSON object of a Page."""
    try:
        body = json.loads(delivery.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        raise Unreadable("no entries")
    return [said for entry in body["entry"] for said in _entry(entry)]


def _entry(entry: Any) -> Iterator[Inbound]:
    if not isinstance(entry, dict):
        yield Unknown(None, "entry", "no object")
        return
    page = str(entry.get("id", ""))
    for change in _list(entry.get("changes")):
        yield _guarded(page, "change", lambda c=change: _change(page, c))
    for event in [*_list(entry.get("messaging")), *_list(entry.get("standby"))]:
        yield _guarded(page, "messaging", lambda e=event: _messaging(page, e))


def _guarded(page: str, name: str, read_one: Any) -> Inbound:
    try:
        return read_one()
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        return Unknown(page, name, f"{type(error).__name__}: {error}"[:200])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _change(page: str, change: dict[str, Any]) -> Inbound:
    value = change["value"]
    if change.get("field") != "feed" or not isinstance(value, dict):
        return Unknown(page, str(change.get("field")), "field not read")
    item, verb = value.get("item"), value.get("verb")
    if item == "comment":
        return _comment(page, value, str(verb))
    if item in POSTS and verb == "add" and str((value.get("from") or {}).get("id")) == page:
        permalink = str(
            (value.get("post") or {}).get("permalink_url") or value.get("permalink_url") or ""
        )
        return OwnPost(
            page,
            str(value["post_id"]),
            str(value.get("message", "")),
            permalink,
            _moment(value["created_time"]),
        )
    return Unknown(page, f"{item}/{verb}", "event not read")


def _comment(page: str, value: dict[str, Any], verb: str) -> Inbound:
    comment, post = str(value["comment_id"]), str(value["post_id"])
    at = _moment(value["created_time"])
    text = str(value.get("message", ""))
    if verb in {"remove", "hide"}:
        return (
            MessageRemoved(page, comment, at)
            if verb == "remove"
            else Unknown(page, "comment/hide", "not ours")
        )
    if verb in {"edited", "edit"}:
        return MessageEdited(page, comment, text, at)
    parent = str(value.get("parent_id") or post)
    top = comment if parent == post else parent
    sender = value.get("from") or {}
    if str(sender.get("id", "")) == page:
        return OwnMessage(
            page, comment, text, at, thread_ref=top, kind=MessageKind.COMMENT, parent_ref=parent
        )
    return MessageReceived(
        account_ref=page,
        external_id=comment,
        kind=MessageKind.COMMENT,
        thread_ref=top,
        parent_ref=None if parent == post else parent,
        post_ref=post,
        sender_ref=str(sender.get("id", "")),
        sender_name=str(sender.get("name", "")),
        text=text,
        sent_at=at,
        permalink=str((value.get("post") or {}).get("permalink_url") or ""),
    )


def _messaging(page: str, event: dict[str, Any]) -> Inbound:
    at = _moment(event["timestamp"])
    if "read" in event:
        return Receipt(
            page,
            (),
            "seen",
            _moment(event["read"]["watermark"]),
            thread_ref=str(event["sender"]["id"]),
        )
    if "delivery" in event:
        mids = tuple(str(m) for m in _list(event["delivery"].get("mids")))
        return Receipt(page, mids, "delivered", at, thread_ref=str(event["sender"]["id"]))
    message = event.get("message")
    if not isinstance(message, dict):
        return Unknown(
            page,
            next((k for k in event if k not in {"sender", "recipient", "timestamp"}), "?"),
            "event not read",
        )
    mid, text = str(message["mid"]), str(message.get("text") or "")
    if message.get("is_echo"):
        person = str(event["recipient"]["id"])
        key = message.get("metadata")
        return OwnMessage(
            page,
            mid,
            text,
            at,
            thread_ref=person,
            kind=MessageKind.PRIVATE_MESSAGE,
            key=str(key) if key else None,
        )
    person = str(event["sender"]["id"])
    if person == page:
        return Unknown(page, "message", "own message without echo mark")
    return MessageReceived(
        account_ref=page,
        external_id=mid,
        kind=MessageKind.PRIVATE_MESSAGE,
        thread_ref=person,
        sender_ref=person,
        text=text,
        sent_at=at,
        attachments=tuple(
            _attachment(a) for a in _list(message.get("attachments")) if isinstance(a, dict)
        ),
    )


def _attachment(one: dict[str, Any]) -> Attachment:
    payload = one.get("payload") or {}
    return Attachment(kind=str(one.get("type", "file")), url=str(payload.get("url", "")))


def _moment(value: Any) -> datetime:
    """Read seconds, milliseconds or ISO text: Facebook sends all three."""
    if isinstance(value, str) and not value.isdigit():
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    number = int(value)
    return datetime.fromtimestamp(number / 1000 if number > 10_000_000_000 else number, UTC)
