"""What Zalo tells the receiver about an Official Account."""

import hashlib
from typing import Any

from simulator.store import Row, Store
from simulator.webhooks import queue


def tell(store: Store, *, oa: str, event_name: str, person: str, content: Row) -> int | None:
    """Queue an event with what all events carry. -> its number, None when the webhook is off."""
    app = store.setting("zalo_app")
    if app.get("webhook_disabled"):
        return None
    payload: dict[str, Any] = {
        "app_id": app.get("id", ""),
        "user_id_by_app": id_by_app(app.get("id", ""), person),
        "event_name": event_name,
        "timestamp": str(store.now_ms()),
    } | content
    return queue.tell(store, provider="zalo", account=oa, kind=event_name, payload=payload)


def id_by_app(app_id: str, person: str) -> str:
    """-> the other id a person has towards an app: decimal, stable, not the user id."""
    return str(int(hashlib.sha256(f"{app_id}:{person}".encode()).hexdigest()[:14], 16))


def tell_of_message(store: Store, message: Row, *, event_name: str = "") -> int | None:
    """Queue user_send_* or the echo oa_send_*. -> the event's number, if told."""
    oa, person = message["account"], message["person"]
    who = "user" if message["inbound"] else "oa"
    name = event_name or f"{who}_send_{'image' if message['image'] else 'text'}"
    sender, recipient = (person, oa) if message["inbound"] else (oa, person)
    content: Row = {"msg_id": message["id"]}
    if message["text"]:
        content["text"] = message["text"]
    if message["image"]:
        payload = {"url": message["image"], "thumbnail": message["image"]}
        content["attachments"] = [{"type": "image", "payload": payload}]
    parties = {"sender": {"id": sender}, "recipient": {"id": recipient}}
    return tell(
        store, oa=oa, event_name=name, person=person, content=parties | {"message": content}
    )


def tell_of_receipt(store: Store, message: Row) -> int | None:
    """Queue that a message of the OA reached the person's phone: one msg_id."""
    parties = {"sender": {"id": message["account"]}, "recipient": {"id": message["person"]}}
    return tell(
        store,
        oa=message["account"],
        event_name="user_received_message",
        person=message["person"],
        content=parties | {"message": {"msg_id": message["id"]}},
    )


def tell_of_seeing(store: Store, *, oa: str, person: str, msg_ids: list[str]) -> int | None:
    """Queue that the person saw messages: plural msg_ids."""
    parties = {"sender": {"id": oa}, "recipient": {"id": person}}
    return tell(
        store,
        oa=oa,
        event_name="user_seen_message",
        person=person,
        content=parties | {"message": {"msg_ids": msg_ids}},
    )


def tell_of_following(store: Store, *, oa: str, person: str, follow: bool) -> int | None:
    """Queue follow or unfollow: oa_id and follower, no sender and no recipient."""
    return tell(
        store,
        oa=oa,
        event_name="follow" if follow else "unfollow",
        person=person,
        content={"oa_id": oa, "follower": {"id": person}, "source": "oa_profile"},
    )
