"""What stands on the Page already: our own answers, and what was said while we were away."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from caunoi.channels.contract import Account, Inbound, OutboundPost, PostKind
from caunoi.connectors.facebook_page import graph, reader, uncertain
from caunoi.kit.text import fold

CLOCKS_DIFFER = timedelta(minutes=2)
COMMENT_FIELDS = "id,message,from,created_time,parent{id},permalink_url"
MESSAGE_FIELDS = "id,message,from,to,created_time"


def find_reply(account: Account, post: OutboundPost, *, since: datetime) -> str | None:
    """Return the id of our own reply with this text under the comment. Raises as graph.pages."""
    for reply in graph.pages(
        account,
        f"{post.target_ref}/comments",
        at_most=uncertain.READ_BACK_PAGES,
        fields="id,message,from,created_time",
        order="reverse_chronological",
        limit=uncertain.PAGE_SIZE,
    ):
        if reader.moment(reply.get("created_time", 0)) < since - CLOCKS_DIFFER:
            return None
        if _author(reply) == account.external_id and _same(reply, post):
            return str(reply["id"])
    return None


def find_message(account: Account, post: OutboundPost, *, since: datetime) -> str | None:
    """Return the id of our own message with this text; for a private reply every chat touched since then is looked at."""
    only = post.target_ref if post.kind == PostKind.PRIVATE_MESSAGE else None
    for talk in _talks(account, since=since, person=only):
        for message in _messages(account, talk, since=since):
            if _author(message) == account.external_id and _same(message, post):
                return str(message["id"])
    return None


def said_since(account: Account, *, since: datetime, at: datetime) -> list[Inbound]:
    """Return comments and messages since then, and the newest posts whenever they were written. Raises as graph.pages."""
    found: list[Inbound] = []
    for post in _posts(account, at=at):
        found.append(reader.own_post(account.external_id, _as_post(post)))
        found += _comments(account, post, since=since)
    for talk in _talks(account, since=since, person=None):
        spoken = list(_messages(account, talk, since=since))
        found += [reader.messaging(account.external_id, _as_message(m)) for m in reversed(spoken)]
    return found


def _posts(account: Account, *, at: datetime) -> list[dict[str, Any]]:
    oldest = at - timedelta(days=uncertain.CATCH_UP_POST_DAYS)
    answer = graph.get(
        account,
        f"{account.external_id}/published_posts",
        fields="id,message,created_time,permalink_url",
        since=str(int(oldest.timestamp())),
        limit=str(uncertain.CATCH_UP_POSTS),
    )
    return [p for p in answer.get("data") or [] if isinstance(p, dict)][::-1]


def _comments(account: Account, post: dict[str, Any], *, since: datetime) -> Iterator[Inbound]:
    for comment in graph.pages(
        account,
        f"{post['id']}/comments",
        at_most=uncertain.CATCH_UP_PAGES,
        fields=COMMENT_FIELDS,
        filter="stream",
        order="chronological",
        since=str(int(since.timestamp())),
        limit=uncertain.PAGE_SIZE,
    ):
        yield reader.comment(account.external_id, _as_comment(comment, post), "add")


def _talks(account: Account, *, since: datetime, person: str | None) -> Iterator[dict[str, Any]]:
    query = {"platform": "messenger", "fields": "id,updated_time,participants"}
    if person:
        query["user_id"] = person
    for talk in graph.pages(
        account,
        f"{account.external_id}/conversations",
        at_most=uncertain.CATCH_UP_PAGES,
        limit=uncertain.PAGE_SIZE,
        **query,
    ):
        if "updated_time" in talk and reader.moment(talk["updated_time"]) < since - CLOCKS_DIFFER:
            return
        people = {str(p.get("id")) for p in (talk.get("participants") or {}).get("data", [])}
        if not person or not people or person in people:
            yield talk


def _messages(
    account: Account, talk: dict[str, Any], *, since: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the messages of a chat since then, newest first."""
    for message in graph.pages(
        account,
        f"{talk['id']}/messages",
        at_most=uncertain.CATCH_UP_PAGES,
        fields=MESSAGE_FIELDS,
        limit=uncertain.PAGE_SIZE,
    ):
        if reader.moment(message.get("created_time", 0)) < since - CLOCKS_DIFFER:
            return
        yield message


def _author(row: dict[str, Any]) -> str:
    return str((row.get("from") or {}).get("id", ""))


def _same(row: dict[str, Any], post: OutboundPost) -> bool:
    return fold(str(row.get("message", ""))) == fold(post.text)


# The same things in the shape in which webhooks tell them, so that one reader understands both.
def _as_post(post: dict[str, Any]) -> dict[str, Any]:
    return {
        "post_id": post["id"],
        "message": post.get("message") or "",
        "created_time": post.get("created_time", 0),
        "permalink_url": post.get("permalink_url") or "",
    }


def _as_comment(comment: dict[str, Any], post: dict[str, Any]) -> dict[str, Any]:
    return {
        "comment_id": comment["id"],
        "post_id": post["id"],
        "parent_id": (comment.get("parent") or {}).get("id") or post["id"],
        "from": comment.get("from") or {},
        "message": comment.get("message") or "",
        "created_time": comment.get("created_time", 0),
        "post": {"permalink_url": comment.get("permalink_url") or post.get("permalink_url") or ""},
    }


def _as_message(message: dict[str, Any]) -> dict[str, Any]:
    to = ((message.get("to") or {}).get("data") or [{}])[0]
    return {
        "sender": message.get("from") or {},
        "recipient": to,
        "timestamp": message.get("created_time", 0),
        "message": {"mid": message["id"], "text": message.get("message") or ""},
    }
