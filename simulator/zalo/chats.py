"""Chats between people and an Official Account, and who follows it."""

from simulator.store import Row, Store
from simulator.zalo import events

WINDOW_MS = 7 * 24 * 3600 * 1000


def keep_message(
    store: Store, *, oa: str, person: str, inbound: bool, text: str, image: str = ""
) -> Row:
    """Add a message to the chat of OA and person. -> the message."""
    number = store.next_number("message")
    msg_id = store.next_secret("msg_id", length=20)
    store.change(
        "INSERT INTO message (number, id, provider, account, person, inbound, text, image, "
        "created_ms) VALUES (?, ?, 'zalo', ?, ?, ?, ?, ?, ?)",
        *(number, msg_id, oa, person, int(inbound), text, image, store.now_ms()),
    )
    return store.rows("SELECT * FROM message WHERE number = ?", number)[0]


def person_writes(
    store: Store, *, oa: str, person: str, text: str, image: str = "", event_name: str = ""
) -> Row:
    """A person writes to the OA: the window opens, and the receiver is told. -> the message."""
    store.know_person(person)
    note_interaction(store, oa=oa, person=person)
    message = keep_message(store, oa=oa, person=person, inbound=True, text=text, image=image)
    events.tell_of_message(store, message, event_name=event_name)
    return message


def oa_writes(store: Store, *, oa: str, person: str, text: str, image: str = "") -> Row:
    """The OA writes to a person; echo and receipt are told. -> the message."""
    message = keep_message(store, oa=oa, person=person, inbound=False, text=text, image=image)
    events.tell_of_message(store, message)
    events.tell_of_receipt(store, message)
    return message


def person_follows(store: Store, *, oa: str, person: str, follow: bool) -> None:
    """The person follows the OA, or no longer does, and the receiver is told."""
    store.know_person(person)
    if follow:
        note_interaction(store, oa=oa, person=person)
    store.change(
        "INSERT INTO follower (oa, person, following) VALUES (?, ?, ?) "
        "ON CONFLICT (oa, person) DO UPDATE SET following = excluded.following",
        *(oa, person, int(follow)),
    )
    events.tell_of_following(store, oa=oa, person=person, follow=follow)


def person_sees(store: Store, *, oa: str, person: str) -> list[str]:
    """The person opened the chat: unseen messages of the OA are seen. -> their ids."""
    unseen = store.rows(
        "SELECT id FROM message WHERE provider = 'zalo' AND account = ? AND person = ? "
        "AND inbound = 0 AND seen = 0 ORDER BY number",
        *(oa, person),
    )
    ids = [str(message["id"]) for message in unseen]
    if ids:
        store.change(
            "UPDATE message SET seen = 1 WHERE provider = 'zalo' AND account = ? AND person = ? "
            "AND inbound = 0",
            *(oa, person),
        )
        events.tell_of_seeing(store, oa=oa, person=person, msg_ids=ids)
    return ids


def note_interaction(store: Store, *, oa: str, person: str) -> None:
    """The seven days in which the OA may answer start anew."""
    store.change(
        "INSERT INTO follower (oa, person, interacted_ms) VALUES (?, ?, ?) "
        "ON CONFLICT (oa, person) DO UPDATE SET interacted_ms = excluded.interacted_ms",
        *(oa, person, store.now_ms()),
    )


def acquaintance(store: Store, *, oa: str, person: str) -> Row | None:
    """-> whether the person follows and when they last turned to the OA; None for a stranger."""
    return store.row("SELECT * FROM follower WHERE oa = ? AND person = ?", oa, person)


def is_open(store: Store, known: Row | None) -> bool:
    """True while the person turned to the OA within seven days."""
    if known is None or known["interacted_ms"] is None:
        return False
    return store.now_ms() - int(known["interacted_ms"]) <= WINDOW_MS
