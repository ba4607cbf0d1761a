"""Articles of the account: made in two steps, looked for, taken away, and sent to everybody who follows it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from caunoi.channels.afterwards import Totals
from caunoi.channels.contract import (
    Account,
    OutboundPost,
    Picture,
    Publication,
    ReconnectNeeded,
    Refused,
    SendResult,
    TryLater,
)
from caunoi.connectors.zalo_oa import calls, errors, uncertain
from caunoi.kit.text import fold

CLOCKS_DIFFER = timedelta(minutes=2)
NOTHING_BESIDE = Publication(title="", link="")
LINE = "\n"


def publish(account: Account, post: OutboundPost) -> SendResult:
    """Make the article and wait until it has an id. Raises Unclear when it was taken and its id did not come; else as calls.send."""
    if len(post.text) > uncertain.MAX_ARTICLE:
        raise errors.TOO_LONG.error("length")
    token = calls.send(account, "/v2.0/article/create", _article(account, post), wanted="token")
    for pause in uncertain.ARTICLE_LOOKS_SECONDS:
        time.sleep(pause)
        found = _id_of(account, token)
        if found:
            return SendResult(found)
    raise errors.NOT_READY.error("")


def _id_of(account: Account, token: str) -> str:
    """Return the article's id, empty while it is being made. Raises Unclear for any trouble: the article was taken already."""
    try:
        told = calls.ask(account, "/v2.0/article/verify", {"token": token}).get("data")
    except (TryLater, Refused, ReconnectNeeded) as error:
        raise errors.NOT_READY.error("") from error
    return str(told.get("id") or "") if isinstance(told, dict) else ""


def find(account: Account, post: OutboundPost, *, since: datetime) -> SendResult | None:
    """Return our article with this title since then. Raises TryLater when there are too many to look through."""
    title = _title(post)
    for article in _newest(account):
        if _made_at(article) < since - CLOCKS_DIFFER:
            return None
        if fold(str(article.get("title", ""))) == fold(title):
            return SendResult(str(article["id"]), str(article.get("link_view") or ""))
    return None


def take_away(account: Account, article: str) -> SendResult:
    """Remove our article; one that is gone already is as good."""
    if is_gone(account, article) is None:
        calls.ask(account, "/v2.0/article/remove", {"id": article}, writing=True)
    return SendResult(f"deleted:{article}")


def is_gone(account: Account, article: str) -> SendResult | None:
    """Return the result when the article is not there any more."""
    try:
        calls.get(account, "/v2.0/article/getdetail", plain={"id": article})
    except Refused as error:
        if error.code != errors.GONE_CODE:
            raise
        return SendResult(f"deleted:{article}")
    return None


def totals(account: Account, article: str) -> Totals:
    """Return how often the article was opened and shared; Zalo counts no people. Raises as calls.get."""
    told = calls.get(account, "/v2.0/article/getdetail", plain={"id": article}).get("data") or {}
    seen, shared = (
        errors.number(told[k]) if k in told else None for k in ("total_view", "total_share")
    )
    return Totals(seen=seen, acted=shared)


def broadcast(account: Account, article: str) -> SendResult:
    """Send the article to everybody who follows the account. Raises as calls.send."""
    element = {"media_type": "article", "attachment_id": article}
    payload = {"template_type": "media", "elements": [element]}
    body = {
        "recipient": {"target": {}},
        "message": {"attachment": {"type": "template", "payload": payload}},
    }
    return SendResult(calls.send(account, "/v2.0/oa/message", body))


def _article(account: Account, post: OutboundPost) -> dict[str, Any]:
    beside = post.publication or NOTHING_BESIDE
    shown = [p for p in beside.pictures if p.url]
    body: list[dict[str, Any]] = [
        {"type": "text", "content": f"<p>{escape(text, quote=False).replace(LINE, '<br>')}</p>"}
        for text in post.text.split("\n\n")
        if text.strip()
    ]
    body += [{"type": "image", "url": p.url, "caption": p.alt} for p in shown]
    if beside.link:
        address = escape(beside.link)
        body.append({"type": "text", "content": f'<p><a href="{address}">{address}</a></p>'})
    made: dict[str, Any] = {
        "type": "normal",
        "title": _title(post),
        "author": account.name[: uncertain.MAX_AUTHOR],
        "description": post.text[: uncertain.MAX_DESCRIPTION],
        "body": body,
        "status": "show",
        "comment": "show",
    }
    return made | {"cover": _cover(shown[0])} if shown else made


def _cover(picture: Picture) -> dict[str, str]:
    return {"cover_type": "photo", "photo_url": picture.url, "status": "show"}


def _title(post: OutboundPost) -> str:
    title = post.publication.title if post.publication else ""
    return (title or post.text.split("\n")[0])[: uncertain.MAX_TITLE]


def _newest(account: Account) -> Iterator[dict[str, Any]]:
    count = uncertain.ARTICLE_LIST_COUNT
    for page in range(uncertain.ARTICLE_LIST_PAGES):
        asked = {"offset": str(page * count), "limit": str(count), "type": "normal"}
        told = calls.get(account, "/v2.0/article/getslice", plain=asked).get("data") or {}
        rows = [row for row in told.get("medias") or [] if isinstance(row, dict)]
        yield from rows
        if len(rows) < count:
            return
    raise errors.TOO_MUCH.error("")


def _made_at(article: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(errors.number(article.get("create_date") or 0) / 1000, UTC)
