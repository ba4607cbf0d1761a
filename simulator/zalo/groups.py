"""Groups that an Official Account owns: written to by the account, read back, looked at."""

import json
from typing import Any

from simulator.calls import Call, inner_object
from simulator.store import Row, Store
from simulator.zalo.errors import (
    INVALID_PARAMETER,
    OVER_LIMIT,
    UNSUPPORTED,
    USED_UP,
    ZaloError,
)

LONGEST_TEXT = 2000
DAY_MS = 24 * 3600 * 1000


def send(store: Store, call: Call, oa: str) -> Row:
    """POST group/message. -> the message's ids. Raises ZaloError -201, -210, -211 or -233."""
    if not call.sent_json:
        raise ZaloError(UNSUPPORTED, "Message type is invalid or not support")
    group = one(store, oa, str(inner_object(call.args, "recipient").get("group_id", "")))
    message = inner_object(call.args, "message")
    text = message.get("text") or ""
    attachment = inner_object(message, "attachment")
    if not isinstance(text, str) or not (text or attachment):
        raise ZaloError(INVALID_PARAMETER, "message is invalid")
    if len(text) > LONGEST_TEXT:
        raise ZaloError(OVER_LIMIT, "text is over limit")
    allowed = store.setting("limits").get("zalo_group_messages_a_day")
    since = store.now_ms() - DAY_MS
    sql = "SELECT COUNT(*) FROM group_message WHERE group_id = ? AND created_ms > ?"
    if allowed is not None and store.count(sql, group["id"], since) >= int(allowed):
        raise ZaloError(USED_UP, "Out of quota")
    identifier = store.next_secret("group_message", length=20)
    store.change(
        "INSERT INTO group_message (number, id, group_id, text, image, created_ms) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        *(store.next_number("group_message"), identifier, group["id"], text),
        *(picture_of(attachment), store.now_ms()),
    )
    return {
        "message_id": identifier,
        "group_id": group["id"],
        "sent_time": str(store.now_ms()),
    }


def picture_of(attachment: Row) -> str:
    """-> where the picture is. Raises ZaloError -233 for another kind of attachment."""
    if not attachment:
        return ""
    payload = inner_object(attachment, "payload")
    elements = payload.get("elements")
    first = elements[0] if isinstance(elements, list) and elements else {}
    if payload.get("template_type") != "media" or first.get("media_type") != "image":
        raise ZaloError(UNSUPPORTED, "Message type is invalid or not support")
    return str(first.get("url", ""))


def one(store: Store, oa: str, identifier: str) -> Row:
    """-> the group. Raises ZaloError -201 for one the account does not own."""
    found = store.row("SELECT * FROM zalo_group WHERE id = ? AND oa = ?", identifier, oa)
    if found is None:
        raise ZaloError(INVALID_PARAMETER, "group_id is invalid")
    return found


def describe(store: Store, call: Call, oa: str) -> Row:
    """GET group/getgroup?group_id=."""
    found = one(store, oa, call.text("group_id"))
    return {"group_id": found["id"], "name": found["name"]}


def conversation(store: Store, call: Call, oa: str) -> list[dict[str, Any]]:
    """GET group/conversation?data={group_id, offset, count}. -> newest first, ten at most."""
    asked = json.loads(call.text("data") or "{}")
    group = one(store, oa, str(asked.get("group_id", "")))
    offset, count = int(asked.get("offset", 0)), int(asked.get("count", 10))
    if count > 10:
        raise ZaloError(OVER_LIMIT, "count is over limit")
    found = store.rows(
        "SELECT * FROM group_message WHERE group_id = ? ORDER BY number DESC LIMIT ? OFFSET ?",
        *(group["id"], count, offset),
    )
    return [
        {
            "src": 0,
            "time": row["created_ms"],
            "type": "photo" if row["image"] else "text",
            "message": row["text"],
            "message_id": row["id"],
            "from_id": oa,
            "url": row["image"],
        }
        for row in found
    ]


def all_messages(store: Store, group: str = "") -> list[Row]:
    """-> everything that was written into the group, or into all, oldest first."""
    sql = "SELECT * FROM group_message WHERE ? = '' OR group_id = ? ORDER BY number"
    return store.rows(sql, group, group)
