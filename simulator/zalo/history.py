"""Reading chats back, in the shape of the OA API."""

from typing import Any

from simulator.store import Row, Store


def conversation(
    store: Store, *, oa: str, person: str, offset: int, count: int
) -> list[dict[str, Any]]:
    """-> messages of OA and person, newest first."""
    found = store.rows(
        "SELECT * FROM message WHERE provider = 'zalo' AND account = ? AND person = ? "
        "ORDER BY number DESC LIMIT ? OFFSET ?",
        *(oa, person, count, offset),
    )
    return [message_view(store, message) for message in found]


def recent_chats(store: Store, *, oa: str, offset: int, count: int) -> list[dict[str, Any]]:
    """-> the last message of every chat of the OA, newest first."""
    found = store.rows(
        "SELECT * FROM message WHERE number IN (SELECT MAX(number) FROM message "
        "WHERE provider = 'zalo' AND account = ? GROUP BY person) "
        "ORDER BY number DESC LIMIT ? OFFSET ?",
        *(oa, count, offset),
    )
    return [message_view(store, message) for message in found]


def message_view(store: Store, message: Row) -> dict[str, Any]:
    """-> one message; src is 1 from the person, 0 from the OA; ids are strings."""
    oa, person = message["account"], message["person"]
    oa_name = (store.row("SELECT name FROM oa WHERE id = ?", oa) or {"name": ""})["name"]
    sender, recipient = (person, oa) if message["inbound"] else (oa, person)
    names = {person: store.person_name(person), oa: oa_name}
    return {
        "src": int(message["inbound"]),
        "time": message["created_ms"],
        "type": "photo" if message["image"] else "text",
        "message": message["text"],
        "message_id": message["id"],
        "from_id": sender,
        "to_id": recipient,
        "from_display_name": names[sender],
        "to_display_name": names[recipient],
        "url": message["image"],
        "thumb": message["image"],
    }
