"""What Facebook tells the receiver: comments come and go, messages, echoes of our own."""

from typing import Any

from simulator.facebook import links
from simulator.store import Row, Store
from simulator.webhooks import queue

ALL_FIELDS = (
    "feed",
    "mention",
    "messages",
    "messaging_postbacks",
    "message_reads",
    "message_deliveries",
    "message_echoes",
    "message_reactions",
    "message_edits",
)


def subscribe(store: Store, page: str, fields: list[str]) -> None:
    """From now on the Page tells of these fields, and of no others."""
    store.change(
        "UPDATE page SET subscribed_fields = ?, failing_since_ms = NULL WHERE id = ?",
        ",".join(fields),
        page,
    )


def is_subscribed(store: Store, page: str, field: str) -> bool:
    found = store.row("SELECT subscribed_fields FROM page WHERE id = ?", page)
    return found is not None and field in found["subscribed_fields"].split(",")


def tell_of_comment(store: Store, comment: Row, *, verb: str) -> int | None:
    """Queue that a comment was added, edited or removed. -> the event's number, if told."""
    post = store.row("SELECT * FROM post WHERE id = ?", comment["post"])
    if post is None or not is_subscribed(store, post["page"], "feed"):
        return None
    value: dict[str, Any] = {
        "from": {"id": comment["author"], "name": comment["author_name"]},
        "post_id": post["id"],
        "comment_id": comment["id"],
        "parent_id": comment["parent"],
        "created_time": (comment["edited_ms"] or comment["created_ms"]) // 1000,
        "item": "comment",
        "verb": verb,
    }
    if verb != "remove":
        value["message"] = comment["message"]
        value["post"] = {
            "id": post["id"],
            "permalink_url": links.of_post(store, post),
            "is_published": bool(post["published"]),
            "status_type": "mobile_status_update",
            "type": "status",
        }
    payload = {"field": "feed", "value": value}
    return queue.tell(
        store, provider="facebook", account=post["page"], kind="feed", payload=payload
    )


def tell_of_post(store: Store, post: Row, *, verb: str = "add") -> int | None:
    """Queue that the Page posted something, or took it away. -> the event's number, if told."""
    if not is_subscribed(store, post["page"], "feed"):
        return None
    page = store.row("SELECT name FROM page WHERE id = ?", post["page"]) or {"name": ""}
    value = {
        "from": {"id": post["page"], "name": page["name"]},
        "post_id": post["id"],
        "message": post["message"],
        "permalink_url": links.of_post(store, post),
        "created_time": post["created_ms"] // 1000,
        "published": 1,
        "item": "status" if post["photos"] == "[]" else "photo",
        "verb": verb,
    }
    payload = {"field": "feed", "value": value}
    return queue.tell(
        store, provider="facebook", account=post["page"], kind="feed", payload=payload
    )


def tell_of_message(store: Store, message: Row) -> int | None:
    """Queue a person's message, or the echo of the Page's own. -> the event's number, if told."""
    field = "messages" if message["inbound"] else "message_echoes"
    page, person = message["account"], message["person"]
    if not is_subscribed(store, page, field):
        return None
    content: dict[str, Any] = {"mid": message["id"]}
    if message["text"]:
        content["text"] = message["text"]
    if message["image"]:
        content["attachments"] = [{"type": "image", "payload": {"url": message["image"]}}]
    if not message["inbound"]:
        content |= {"is_echo": True, "app_id": store.setting("facebook_app").get("id", "")}
        if message["metadata"] is not None:
            content["metadata"] = message["metadata"]
    sender, recipient = (person, page) if message["inbound"] else (page, person)
    payload = {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": message["created_ms"],
        "message": content,
    }
    return queue.tell(store, provider="facebook", account=page, kind=field, payload=payload)


def tell_of_reading(store: Store, *, page: str, person: str, field: str) -> int | None:
    """Queue that messages arrived (message_deliveries) or were read (message_reads)."""
    if not is_subscribed(store, page, field):
        return None
    now = store.now_ms()
    payload = {
        "sender": {"id": person},
        "recipient": {"id": page},
        "timestamp": now,
        "read" if field == "message_reads" else "delivery": {"watermark": now},
    }
    return queue.tell(store, provider="facebook", account=page, kind=field, payload=payload)
