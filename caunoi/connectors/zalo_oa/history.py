"""What stands in the chats already: our own answers, and what was said while we were away.

Uncertain: that ``message_id`` here is the ``msg_id`` of the webhook. The house therefore also compares chat, text and second.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from caunoi.channels.contract import (
    Account,
    Attachment,
    Inbound,
    MessageKind,
    MessageReceived,
    OutboundPost,
    OwnMessage,
)
from caunoi.connectors.zalo_oa import calls, errors, uncertain
from caunoi.kit.text import fold

CLOCKS_DIFFER = timedelta(minutes=2)


def find_message(account: Account, post: OutboundPost, *, since: datetime) -> str | None:
    """Return the id of our own message with this text in the chat since then. Raises TryLater when the chat is too long."""
    for row in _chat(account, post.target_ref, since=since):
        if not _from_person(row) and fold(str(row.get("message", ""))) == fold(post.text):
            return str(row["message_id"])
    return None


def said_since(account: Account, *, since: datetime) -> list[Inbound]:
    """Return what both sides said since then, chat by chat, oldest first."""
    found: list[Inbound] = []
    for person in _people(account, since=since):
        rows = list(_chat(account, person, since=since))
        found += [_as_said(account, person, row) for row in reversed(rows)]
    return found


def _people(account: Account, *, since: datetime) -> list[str]:
    people: list[str] = []
    for row in _rows(account, "/v2.0/oa/listrecentchat", {}, uncertain.CATCH_UP_CHAT_PAGES):
        if moment(row) < since - CLOCKS_DIFFER:
            break
        people.append(str(row["from_id"] if _from_person(row) else row["to_id"]))
    return people


def _chat(account: Account, person: str, *, since: datetime) -> Iterator[dict[str, Any]]:
    """Yield the messages of one chat since then, newest first."""
    asked = {"user_id": person}
    for row in _rows(account, "/v2.0/oa/conversation", asked, uncertain.READ_BACK_PAGES):
        if moment(row) < since - CLOCKS_DIFFER:
            return
        yield row


def _rows(
    account: Account, path: str, asked: dict[str, Any], at_most: int
) -> Iterator[dict[str, Any]]:
    count = uncertain.PAGE_COUNT
    for page in range(at_most):
        body = calls.get(account, path, asked | {"offset": page * count, "count": count})
        held = body.get("data") or []
        rows = held.get("data") or [] if isinstance(held, dict) else held
        yield from (row for row in rows if isinstance(row, dict))
        if len(rows) < count:
            return
    raise errors.TOO_MUCH.error("")


def _as_said(account: Account, person: str, row: dict[str, Any]) -> Inbound:
    if not _from_person(row):
        return OwnMessage(
            account_ref=account.external_id,
            external_id=str(row["message_id"]),
            text=str(row.get("message") or ""),
            sent_at=moment(row),
            thread_ref=person,
            kind=MessageKind.PRIVATE_MESSAGE,
        )
    kind, url = str(row.get("type") or "text"), str(row.get("url") or "")
    return MessageReceived(
        account_ref=account.external_id,
        external_id=str(row["message_id"]),
        kind=MessageKind.PRIVATE_MESSAGE,
        thread_ref=person,
        sender_ref=person,
        text=str(row.get("message") or ""),
        sent_at=moment(row),
        attachments=(Attachment(kind, url),) if kind != "text" else (),
    )


def _from_person(row: dict[str, Any]) -> bool:
    return errors.number(row.get("src", 1)) == 1


def moment(row: dict[str, Any]) -> datetime:
    """Return when a message was said; Zalo gives milliseconds."""
    return datetime.fromtimestamp(int(row.get("time") or 0) / 1000, UTC)
