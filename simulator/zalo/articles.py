"""Articles of an Official Account, made in two steps, and sent to everybody who follows it."""

import json
import re
from html import unescape
from typing import Any

from simulator.calls import Call, inner_object
from simulator.store import Row, Store
from simulator.zalo.errors import INVALID_PARAMETER, OVER_LIMIT, UNSUPPORTED, USED_UP, ZaloError

LONGEST = {"title": 150, "author": 50, "description": 300}
LONGEST_BODY = 21_000
BROADCASTS_A_MONTH = 4
MONTH_MS = 30 * 24 * 3600 * 1000
TAGS = re.compile(r"<[^>]+>")


def create(store: Store, call: Call, oa: str) -> Row:
    """POST article/create. -> a token that becomes an id. Raises ZaloError -201 or -210."""
    if call.text("type") != "normal" or not call.text("title"):
        raise ZaloError(INVALID_PARAMETER, "type or title is invalid")
    if any(len(call.text(name)) > most for name, most in LONGEST.items()):
        raise ZaloError(OVER_LIMIT, "title, author or description is over limit")
    body = call.args.get("body")
    if not isinstance(body, list) or not body:
        raise ZaloError(INVALID_PARAMETER, "body is invalid")
    if sum(len(words(str(part.get("content", "")))) for part in body) > LONGEST_BODY:
        raise ZaloError(OVER_LIMIT, "body is over limit")
    token = store.next_secret("article_token", length=40)
    store.change(
        "INSERT INTO article (number, id, token, oa, title, author, description, cover, body, "
        "created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(store.next_number("article"), store.next_secret("article", length=20), token, oa),
        *(call.text("title"), call.text("author"), call.text("description")),
        *(str(inner_object(call.args, "cover").get("photo_url", "")), json.dumps(body)),
        store.now_ms(),
    )
    return {"token": token}


def verify(store: Store, call: Call, oa: str) -> Row:
    """POST article/verify. -> the id, from the second question on. Raises ZaloError -201."""
    found = store.row("SELECT * FROM article WHERE token = ? AND oa = ?", call.text("token"), oa)
    if found is None:
        raise ZaloError(INVALID_PARAMETER, "token is invalid")
    store.change("UPDATE article SET asked = asked + 1 WHERE number = ?", found["number"])
    slow = int(store.setting("limits").get("zalo_article_looks", 1))
    return {"id": found["id"]} if found["asked"] + 1 >= slow else {}


def remove(store: Store, call: Call, oa: str) -> None:
    """POST article/remove. Raises ZaloError -201 for an article that is not there."""
    store.change("UPDATE article SET removed = 1 WHERE id = ?", one(store, call, oa)["id"])


def detail(store: Store, call: Call, oa: str) -> Row:
    """GET article/getdetail?id=. Raises ZaloError -201 for an article that is not there."""
    found = one(store, call, oa)
    held = store.setting("readers").get(found["id"], {})
    return view(found) | {"total_view": held.get("seen", 0), "total_share": held.get("acted", 0)}


def one(store: Store, call: Call, oa: str) -> Row:
    sql = "SELECT * FROM article WHERE id = ? AND oa = ? AND removed = 0"
    found = store.row(sql, call.text("id"), oa)
    if found is None:
        raise ZaloError(INVALID_PARAMETER, "id is invalid")
    return found


def get_slice(store: Store, call: Call, oa: str) -> Row:
    """GET article/getslice?offset=&limit=&type=normal. -> newest first, ten at most."""
    offset, limit = call.text("offset") or "0", call.text("limit") or "10"
    if not (offset.isdigit() and limit.isdigit()) or int(limit) > 10:
        raise ZaloError(OVER_LIMIT, "offset or limit is invalid")
    standing = [a for a in all_articles(store, oa) if not a["removed"]][::-1]
    chosen = standing[int(offset) : int(offset) + int(limit)]
    return {"medias": [view(a) for a in chosen], "total": len(standing)}


def view(article: Row) -> dict[str, Any]:
    """-> an article in the field names of the API."""
    return {
        "id": article["id"],
        "type": "normal",
        "title": article["title"],
        "status": "show",
        "total_view": 0,
        "total_share": 0,
        "create_date": article["created_ms"],
        "update_date": article["created_ms"],
        "thumb": article["cover"],
        "link_view": f"https://officialaccount.me/d?id={article['id']}",
    }


def broadcast(store: Store, call: Call, oa: str) -> Row:
    """POST v2.0/oa/message with a target and an article. -> message_id.

    Raises ZaloError -233 for anything else, -201 for an unknown article, -211 after four in a month.
    """
    recipient = inner_object(call.args, "recipient")
    payload = inner_object(
        inner_object(inner_object(call.args, "message"), "attachment"), "payload"
    )
    elements = payload.get("elements")
    first = elements[0] if isinstance(elements, list) and elements else {}
    if "target" not in recipient or first.get("media_type") != "article":
        raise ZaloError(UNSUPPORTED, "Message type is invalid or not support")
    article = str(first.get("attachment_id", ""))
    known = "SELECT id FROM article WHERE id = ? AND oa = ? AND removed = 0"
    if store.row(known, article, oa) is None:
        raise ZaloError(INVALID_PARAMETER, "attachment_id is invalid")
    allowed = int(store.setting("limits").get("zalo_broadcasts_a_month", BROADCASTS_A_MONTH))
    since = store.now_ms() - MONTH_MS
    sql = "SELECT COUNT(*) FROM broadcast WHERE oa = ? AND created_ms > ?"
    if store.count(sql, oa, since) >= allowed:
        raise ZaloError(USED_UP, "Out of quota")
    identifier = store.next_secret("broadcast", length=20)
    store.change(
        "INSERT INTO broadcast (number, id, oa, article, created_ms) VALUES (?, ?, ?, ?, ?)",
        *(store.next_number("broadcast"), identifier, oa, article, store.now_ms()),
    )
    return {"message_id": identifier}


def words(content: str) -> str:
    """-> the words of a piece of HTML."""
    return unescape(TAGS.sub("", content.replace("<br>", "\n")))


def all_articles(store: Store, oa: str) -> list[dict[str, Any]]:
    """-> every article of the OA, or of all, oldest first: its paragraphs, pictures, broadcasts."""
    found = store.rows(
        "SELECT article.*, (SELECT COUNT(*) FROM broadcast WHERE broadcast.article = article.id) "
        "AS broadcasts FROM article WHERE ? = '' OR oa = ? ORDER BY number",
        *(oa, oa),
    )
    return [one | _read_body(json.loads(one["body"])) for one in found]


def _read_body(body: list[Row]) -> Row:
    return {
        "paragraphs": [words(str(p["content"])) for p in body if p.get("type") == "text"],
        "pictures": [
            {"url": str(p.get("url", "")), "alt": str(p.get("caption", ""))}
            for p in body
            if p.get("type") == "image"
        ],
    }
