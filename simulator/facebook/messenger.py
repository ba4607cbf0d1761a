"""Messenger: who may be written to, and when."""

from typing import Any

from simulator.calls import Call, inner_object
from simulator.facebook import events
from simulator.facebook.comments import find_comment
from simulator.facebook.errors import GraphError, no_such_object
from simulator.facebook.fields import asked_fields, graph_time, page_of
from simulator.facebook.posts import find_post, page_name
from simulator.facebook.tokens import Caller, require_page
from simulator.store import Row, Store

LONGEST_TEXT = 2000
DAY_MS = 24 * 3600 * 1000
PRIVATE_REPLY_MS = 7 * DAY_MS
HUMAN_AGENT_MS = 7 * DAY_MS


def keep_message(
    store: Store,
    *,
    page: str,
    person: str,
    inbound: bool,
    text: str,
    image: str = "",
    metadata: str | None = None,
    private_reply_to: str | None = None,
) -> Row:
    """Add a message to the chat of Page and person, and tell of it. -> the message."""
    number = store.next_number("message")
    mid = "m_" + store.next_secret("mid", length=48)
    store.change(
        "INSERT INTO message (number, id, provider, account, person, inbound, text, image, "
        "metadata, created_ms, private_reply_to) "
        "VALUES (?, ?, 'facebook', ?, ?, ?, ?, ?, ?, ?, ?)",
        *(number, mid, page, person, int(inbound), text, image, metadata, store.now_ms()),
        private_reply_to,
    )
    message = store.row("SELECT * FROM message WHERE number = ?", number)
    if message is None:
        raise no_such_object(mid)
    events.tell_of_message(store, message)
    return message


def send(store: Store, call: Call, caller: Caller, page: str) -> Row:
    """POST /{page}/messages. -> recipient_id and message_id.

    Raises GraphError 100 for a bad call, 10 outside the window, 10900 for a second private reply.
    """
    require_page(caller, page)
    recipient = inner_object(call.args, "recipient")
    if call.text("sender_action"):
        return {"recipient_id": str(recipient.get("id", ""))}
    message = inner_object(call.args, "message")
    text, image = message_text(message), message_image(message)
    comment_id = recipient.get("comment_id")
    if comment_id:
        person = private_reply_person(store, page=page, comment_id=str(comment_id))
    else:
        person = str(recipient.get("id", ""))
        require_window(store, call, page=page, person=person)
    metadata = message.get("metadata")
    sent = keep_message(
        store,
        page=page,
        person=person,
        inbound=False,
        text=text,
        image=image,
        metadata=None if metadata is None else str(metadata),
        private_reply_to=str(comment_id) if comment_id else None,
    )
    events.tell_of_reading(store, page=page, person=person, field="message_deliveries")
    return {"recipient_id": person, "message_id": sent["id"]}


def message_text(message: Row) -> str:
    """-> the words to send. Raises GraphError 100 when there is nothing, or too much."""
    text = str(message.get("text") or "")
    if not text and not message.get("attachment"):
        raise GraphError(100, "Must provide a message with text or an attachment")
    if len(text) > LONGEST_TEXT:
        raise GraphError(100, "Length of param message[text] must be less than or equal to 2000")
    return text


def message_image(message: Row) -> str:
    payload = inner_object(inner_object(message, "attachment"), "payload")
    return str(payload.get("url", ""))


def require_window(store: Store, call: Call, *, page: str, person: str) -> None:
    """Raises GraphError unless the person wrote within 24 hours, or 7 days for a human agent."""
    if store.row("SELECT id FROM person WHERE id = ?", person) is None:
        raise GraphError(100, "No matching user found", subcode=2018001)
    kind = call.text("messaging_type") or "RESPONSE"
    if kind not in {"RESPONSE", "UPDATE", "MESSAGE_TAG"}:
        raise GraphError(100, "Invalid parameter")
    if kind == "MESSAGE_TAG" and call.text("tag") != "HUMAN_AGENT":
        raise GraphError(100, "Invalid parameter")
    window = HUMAN_AGENT_MS if kind == "MESSAGE_TAG" else DAY_MS
    last = store.count(
        "SELECT COALESCE(MAX(created_ms), -1) FROM message WHERE provider = 'facebook' "
        "AND account = ? AND person = ? AND inbound = 1",
        page,
        person,
    )
    if last < 0 or store.now_ms() - last > window:
        words = "This message is sent outside of allowed window."
        raise GraphError(10, words, subcode=2018278)


def private_reply_person(store: Store, *, page: str, comment_id: str) -> str:
    """Spend the one private reply of a comment. -> who wrote the comment.

    Raises GraphError 10900 for a second one, 10903 when it is too late or the Page's own comment.
    """
    comment = find_comment(store, comment_id)
    if comment is None or find_post(store, comment["post"])["page"] != page:
        raise no_such_object(comment_id)
    if comment["privately_answered"]:
        raise GraphError(10900, "Activity already replied to")
    too_late = store.now_ms() - comment["created_ms"] > PRIVATE_REPLY_MS
    if too_late or comment["author"] == page:
        raise GraphError(10903, "This user can't reply to this activity")
    store.change("UPDATE comment SET privately_answered = 1 WHERE id = ?", comment_id)
    return str(comment["author"])


def list_conversations(store: Store, call: Call, caller: Caller, page: str) -> dict[str, Any]:
    """GET /{page}/conversations. -> chats, the last touched first."""
    require_page(caller, page)
    chats = store.rows(
        "SELECT person, MAX(created_ms) AS updated_ms, MAX(number) AS last FROM message "
        "WHERE provider = 'facebook' AND account = ? GROUP BY person ORDER BY last DESC",
        page,
    )
    views = [
        {
            "id": f"t_{page}_{chat['person']}",
            "updated_time": graph_time(store, chat["updated_ms"]),
            "participants": {
                "data": [
                    {"id": chat["person"], "name": store.person_name(chat["person"])},
                    {"id": page, "name": page_name(store, page)},
                ]
            },
        }
        for chat in chats
    ]
    return page_of(call, views, names=asked_fields(call, default="id,updated_time"))


def list_messages(store: Store, call: Call, caller: Caller, conversation: str) -> dict[str, Any]:
    """GET /{conversation}/messages. -> newest first."""
    _, page, person = conversation.split("_", 2)
    require_page(caller, page)
    found = store.rows(
        "SELECT * FROM message WHERE provider = 'facebook' AND account = ? AND person = ? "
        "ORDER BY number DESC",
        page,
        person,
    )
    views = [message_view(store, message) for message in found]
    return page_of(call, views, names=asked_fields(call, default="id,created_time"))


def message_view(store: Store, message: Row) -> dict[str, Any]:
    """-> the message in the field names of the Graph API."""
    page = {"id": message["account"], "name": page_name(store, message["account"])}
    person = {"id": message["person"], "name": store.person_name(message["person"])}
    sender, recipient = (person, page) if message["inbound"] else (page, person)
    image = message["image"]
    return {
        "id": message["id"],
        "message": message["text"],
        "from": sender,
        "to": {"data": [recipient]},
        "created_time": graph_time(store, message["created_ms"]),
        "attachments": {"data": [{"image_data": {"url": image}}]} if image else None,
    }
