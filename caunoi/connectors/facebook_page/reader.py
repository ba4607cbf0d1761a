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
        yield _guarded(page, "messaging", lambda e=event: messaging(page, e))


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
        return comment(page, value, str(verb))
    if item in POSTS:
        return _post(page, value, str(verb))
    return Unknown(page, f"{item}/{verb}", "event not read")


def _post(page: str, value: dict[str, Any], verb: str) -> Inbound:
    """The Page's own posts are places to ask; a resident's post on the Page is a question of hers."""
    post, at = str(value["post_id"]), moment(value["created_time"])
    if verb == "remove":
        return MessageRemoved(page, post, at)
    own = str((value.get("from") or {}).get("id")) == page
    if verb in {"add", "edited", "edit"} and own:
        return own_post(page, value)
    if verb in {"edited", "edit"}:
        return MessageEdited(page, post, str(value.get("message", "")), at)
    if verb == "add" and value.get("from") and value.get("item") != "share":
        return _heard(page, value, external_id=post, thread_ref=post, parent_ref=None)
    return Unknown(page, f"{value.get('item')}/{verb}", "event not read")


def own_post(page: str, value: dict[str, Any]) -> OwnPost:
    """Return the Page's own post from a ``feed`` value."""
    link = (value.get("post") or {}).get("permalink_url") or value.get("permalink_url") or ""
    return OwnPost(
        account_ref=page,
        external_id=str(value["post_id"]),
        text=str(value.get("message", "")),
        permalink=str(link),
        sent_at=moment(value["created_time"]),
    )


def comment(page: str, value: dict[str, Any], verb: str) -> Inbound:
    """Return what a ``feed`` value about a comment says."""
    comment_id, post = str(value["comment_id"]), str(value["post_id"])
    at, text = moment(value["created_time"]), str(value.get("message", ""))
    if verb == "remove":
        return MessageRemoved(page, comment_id, at)
    if verb in {"edited", "edit"}:
        return MessageEdited(page, comment_id, text, at)
    if verb != "add":
        return Unknown(page, f"comment/{verb}", "not ours")
    parent = str(value.get("parent_id") or post)
    top = comment_id if parent == post else parent
    if str((value.get("from") or {}).get("id", "")) == page:
        return OwnMessage(
            page, comment_id, text, at, thread_ref=top, kind=MessageKind.COMMENT, parent_ref=parent
        )
    above = None if parent == post else parent
    return _heard(page, value, external_id=comment_id, thread_ref=top, parent_ref=above)


def _heard(
    page: str, value: dict[str, Any], *, external_id: str, thread_ref: str, parent_ref: str | None
) -> MessageReceived:
    sender = value.get("from") or {}
    return MessageReceived(
        account_ref=page,
        external_id=external_id,
        kind=MessageKind.COMMENT,
        thread_ref=thread_ref,
        parent_ref=parent_ref,
        post_ref=str(value["post_id"]),
        sender_ref=str(sender.get("id", "")),
        sender_name=str(sender.get("name", "")),
        text=str(value.get("message", "")),
        sent_at=moment(value["created_time"]),
        permalink=str((value.get("post") or {}).get("permalink_url") or ""),
    )


def messaging(page: str, event: dict[str, Any]) -> Inbound:
    """Return what one ``messaging`` event says. The Page's own words are known by their mark or by their sender."""
    at = moment(event["timestamp"])
    if "read" in event:
        return Receipt(
            page,
            (),
            "seen",
            moment(event["read"]["watermark"]),
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
    if message.get("is_echo") or str(event["sender"]["id"]) == page:
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


def moment(value: Any) -> datetime:
    """Read seconds, milliseconds or ISO text: Facebook sends all three."""
    if isinstance(value, str) and not value.isdigit():
        read_as = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return read_as if read_as.tzinfo else read_as.replace(tzinfo=UTC)
    number = int(value)
    return datetime.fromtimestamp(number / 1000 if number > 10_000_000_000 else number, UTC)
