"""Posts of a Page: written, read back, edited, removed, and published when their time comes."""

import json
from typing import Any

from simulator.calls import Call
from simulator.facebook import events, links
from simulator.facebook.errors import GraphError, no_such_object
from simulator.facebook.fields import asked_fields, graph_time, only_fields, page_of, read_time_ms
from simulator.facebook.tokens import Caller, require_page
from simulator.store import Row, Store

LONGEST_POST = 63206
LARGEST_PHOTO = 4 * 1024 * 1024
PHOTO_TYPES = frozenset(("image/jpeg", "image/png", "image/webp", "image/gif"))
FIRST_POST_NUMBER = 900
SOONEST_MS, LATEST_MS = 10 * 60 * 1000, 30 * 24 * 3600 * 1000
DEFAULT_FIELDS = "id,message,created_time"


def find_post(store: Store, identifier: str) -> Row:
    """-> the post. Raises GraphError 100/33 when it is not there (any more)."""
    release_scheduled(store)
    found = store.row("SELECT * FROM post WHERE id = ? AND removed = 0", identifier)
    if found is None:
        raise no_such_object(identifier)
    return found


def write_post(
    store: Store,
    *,
    page: str,
    message: str,
    link: str = "",
    scheduled_ms: int | None = None,
    told: bool = True,
    photos: list[str] | None = None,
) -> Row:
    """Keep a new post of the Page, hidden until its time when it is scheduled. -> the post.

    *photos*: ids of photos it carries.
    *told*: the receiver hears of it; false for one that stood there before the story begins.
    """
    number = store.next_number("facebook_object", first=FIRST_POST_NUMBER)
    identifier = f"{page}_{number}"
    store.change(
        "INSERT INTO post (number, id, page, message, link, created_ms, published, scheduled_ms, "
        "photos) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        identifier,
        page,
        message,
        link,
        store.now_ms(),
        int(scheduled_ms is None),
        scheduled_ms,
        json.dumps(photos or []),
    )
    post = find_post(store, identifier)
    if told and scheduled_ms is None:
        events.tell_of_post(store, post)
    return post


def publish(store: Store, call: Call, caller: Caller, page: str) -> Row:
    """POST /{page}/feed. -> the id, and more fields when asked for."""
    require_page(caller, page)
    message, link = call.text("message"), call.text("link")
    if not (message or link or call.args.get("attached_media")):
        raise GraphError(100, "Missing message or attachment")
    if len(message) > LONGEST_POST:
        raise GraphError(100, "The message is too long")
    scheduled = scheduled_time(store, call)
    post = write_post(
        store,
        page=page,
        message=message,
        link=link,
        scheduled_ms=scheduled,
        photos=attached_photos(store, call, page),
    )
    return only_fields(post_view(store, post), asked_fields(call, default="id"))


def attached_photos(store: Store, call: Call, page: str) -> list[str]:
    """-> the ids in `attached_media`. Raises GraphError 100 for a photo the Page does not have."""
    asked = call.args.get("attached_media") or []
    found = [str(one.get("media_fbid", "")) for one in asked if isinstance(one, dict)]
    for photo in found:
        if store.row("SELECT id FROM photo WHERE id = ? AND page = ?", photo, page) is None:
            raise GraphError(100, f"Invalid media_fbid {photo}")
    return found


def publish_photo(store: Store, call: Call, caller: Caller, page: str) -> Row:
    """POST /{page}/photos with `source`. -> the photo's id, and the post's unless it is kept back.

    Raises GraphError 2069019 for no picture, 1366046 for one over 4 MB.
    """
    require_page(caller, page)
    sent = call.files.get("source")
    if sent is None or sent.content_type not in PHOTO_TYPES or not sent.content:
        raise GraphError(100, "Invalid image file", subcode=2069019)
    if len(sent.content) > LARGEST_PHOTO:
        raise GraphError(100, "Photos should be smaller than 4 MB", subcode=1366046)
    number = store.next_number("facebook_object", first=FIRST_POST_NUMBER)
    attachment = store.next_secret("attachment", length=48)
    store.change(
        "INSERT INTO attachment (id, oa, content_type, content) VALUES (?, ?, ?, ?)",
        *(attachment, page, sent.content_type, sent.content),
    )
    store.change(
        "INSERT INTO photo (id, page, alt, attachment) VALUES (?, ?, ?, ?)",
        *(str(number), page, call.text("alt_text_custom"), attachment),
    )
    if call.text("published").lower() in {"false", "0"}:
        return {"id": str(number)}
    post = write_post(store, page=page, message=call.text("caption"), photos=[str(number)])
    return {"id": str(number), "post_id": post["id"]}


def photos_of(store: Store, post: Row) -> list[Row]:
    """-> the photos a post carries: where they are and what is on them."""
    found = [
        store.row("SELECT * FROM photo WHERE id = ?", photo) for photo in json.loads(post["photos"])
    ]
    return [{"alt": one["alt"], "url": f"/media/{one['attachment']}"} for one in found if one]


def scheduled_time(store: Store, call: Call) -> int | None:
    """-> when to publish, None for at once. Raises GraphError 100 outside 10 min to 30 days."""
    if call.text("published").lower() not in {"false", "0"}:
        return None
    at = read_time_ms(call.text("scheduled_publish_time"))
    wait = -1 if at is None else at - store.now_ms()
    if at is None or not SOONEST_MS <= wait <= LATEST_MS:
        raise GraphError(100, "The specified scheduled publish time is invalid.")
    return at


def release_scheduled(store: Store) -> None:
    """Posts whose time has come are published, as of that time, and the receiver is told."""
    due = store.rows(
        "SELECT id FROM post WHERE published = 0 AND scheduled_ms <= ?", store.now_ms()
    )
    for post in due:
        store.change(
            "UPDATE post SET published = 1, created_ms = scheduled_ms WHERE id = ?", post["id"]
        )
        events.tell_of_post(store, find_post(store, post["id"]))


def post_view(store: Store, post: Row) -> dict[str, Any]:
    """-> the post in the field names of the Graph API."""
    return {
        "id": post["id"],
        "message": post["message"],
        "created_time": graph_time(store, post["created_ms"]),
        "permalink_url": links.of_post(store, post),
        "is_published": bool(post["published"]),
        "scheduled_publish_time": post["scheduled_ms"] and post["scheduled_ms"] // 1000,
        "from": {"id": post["page"], "name": page_name(store, post["page"])},
    }


def page_name(store: Store, page: str) -> str:
    found = store.row("SELECT name FROM page WHERE id = ?", page)
    return "" if found is None else str(found["name"])


def list_posts(
    store: Store, call: Call, caller: Caller, page: str, *, published: bool
) -> dict[str, Any]:
    """GET /{page}/published_posts or /scheduled_posts. -> newest first, one page of them."""
    require_page(caller, page)
    release_scheduled(store)
    since = read_time_ms(call.text("since")) or 0
    posts = store.rows(
        "SELECT * FROM post WHERE page = ? AND published = ? AND removed = 0 "
        "AND created_ms >= ? ORDER BY number DESC",
        page,
        int(published),
        since,
    )
    views = [post_view(store, post) for post in posts]
    return page_of(call, views, names=asked_fields(call, default=DEFAULT_FIELDS))


def change_post(store: Store, call: Call, caller: Caller, post: Row) -> dict[str, Any]:
    """POST or DELETE /{post}: new words, another time, published now, or gone."""
    require_page(caller, post["page"])
    if call.method == "DELETE":
        store.change("UPDATE post SET removed = 1 WHERE id = ?", post["id"])
        events.tell_of_post(store, post, verb="remove")
        return {"success": True}
    if "message" in call.args:
        store.change("UPDATE post SET message = ? WHERE id = ?", call.text("message"), post["id"])
    if call.text("is_published").lower() in {"true", "1"}:
        store.change(
            "UPDATE post SET published = 1, created_ms = ? WHERE id = ? AND published = 0",
            store.now_ms(),
            post["id"],
        )
    if "scheduled_publish_time" in call.args and not post["published"]:
        at = read_time_ms(call.text("scheduled_publish_time"))
        store.change("UPDATE post SET scheduled_ms = ? WHERE id = ?", at, post["id"])
    return {"success": True}


METRICS = ("post_media_view", "post_total_media_view_unique", "post_reactions_like_total")


def insights(store: Store, call: Call, caller: Caller, node: str) -> dict[str, Any]:
    """GET /{post}/insights?metric=a,b&period=lifetime. One metric that does not exist (any more) fails the whole call."""
    post = find_post(store, node)
    require_page(caller, post["page"])
    asked = [name.strip() for name in call.text("metric").split(",") if name.strip()]
    retired = store.setting("limits").get("facebook_metrics_retired", [])
    if not asked or any(name not in METRICS or name in retired for name in asked):
        raise GraphError(100, "The value must be a valid insights metric")
    held = store.setting("readers").get(node, {})
    numbers = dict(zip(METRICS, ("seen", "people", "acted"), strict=True))
    return {
        "data": [
            {"name": n, "period": "lifetime", "values": [{"value": held.get(numbers[n], 0)}]}
            for n in asked
        ]
    }
