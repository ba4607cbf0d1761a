"""Comments under a post: two levels to be seen, every one with its own id."""

from typing import Any

from simulator.calls import Call
from simulator.facebook import events, links
from simulator.facebook.errors import GraphError, no_such_object
from simulator.facebook.fields import asked_fields, graph_time, page_of, read_time_ms
from simulator.facebook.posts import find_post, page_name
from simulator.facebook.tokens import Caller, require_page
from simulator.store import Row, Store

LONGEST_COMMENT = 8000
DEFAULT_FIELDS = "id,message,from,created_time"


def find_comment(store: Store, identifier: str) -> Row | None:
    return store.row("SELECT * FROM comment WHERE id = ? AND removed = 0", identifier)


def write_comment(store: Store, *, on: str, author: str, author_name: str, message: str) -> Row:
    """Keep a comment on a post or on a comment, and tell of it. -> the comment.

    A reply to a reply stands under the first comment, as only two levels are shown.
    Raises GraphError 100/33 when there is nothing by that id.
    """
    answered = find_comment(store, on)
    post = find_post(store, on if answered is None else answered["post"])
    parent = post["id"]
    if answered is not None:
        is_reply = answered["parent"] != answered["post"]
        parent = answered["parent"] if is_reply else answered["id"]
    number = store.next_number("facebook_object", first=900)
    identifier = f"{post['id'].rpartition('_')[2]}_{number}"
    store.change(
        "INSERT INTO comment (number, id, post, parent, author, author_name, message, created_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        identifier,
        post["id"],
        parent,
        author,
        author_name,
        message,
        store.now_ms(),
    )
    comment = store.row("SELECT * FROM comment WHERE number = ?", number)
    if comment is None:
        raise no_such_object(identifier)
    events.tell_of_comment(store, comment, verb="add")
    return comment


def edit_comment(store: Store, comment: Row, message: str) -> None:
    """The comment says something else from now on, and the receiver is told."""
    store.change(
        "UPDATE comment SET message = ?, edited_ms = ? WHERE id = ?",
        message,
        store.now_ms(),
        comment["id"],
    )
    changed = find_comment(store, comment["id"])
    if changed is not None:
        events.tell_of_comment(store, changed, verb="edited")


def remove_comment(store: Store, comment: Row) -> None:
    """The comment and the replies under it are gone, and the receiver is told of the comment."""
    store.change(
        "UPDATE comment SET removed = 1 WHERE id = ? OR parent = ?", comment["id"], comment["id"]
    )
    events.tell_of_comment(store, comment, verb="remove")


def comment_as_page(store: Store, call: Call, caller: Caller, on: str) -> Row:
    """POST /{post or comment}/comments in the Page's name. -> the new id."""
    page = page_of_object(store, on)
    require_page(caller, page)
    message = call.text("message")
    if not message and not call.text("attachment_url"):
        raise GraphError(100, "Missing message or attachment")
    if len(message) > LONGEST_COMMENT:
        raise GraphError(100, "The comment is too long")
    name = page_name(store, page)
    comment = write_comment(store, on=on, author=page, author_name=name, message=message)
    return {"id": comment["id"]}


def page_of_object(store: Store, identifier: str) -> str:
    """-> the Page whose post this is, or is under. Raises GraphError 100/33."""
    comment = find_comment(store, identifier)
    post = find_post(store, identifier if comment is None else comment["post"])
    return str(post["page"])


def comment_view(store: Store, comment: Row) -> dict[str, Any]:
    """-> the comment in the field names of the Graph API."""
    is_reply = comment["parent"] != comment["post"]
    page = store.row("SELECT page FROM post WHERE id = ?", comment["post"])
    from_page = page is not None and comment["author"] == page["page"]
    return {
        "id": comment["id"],
        "message": comment["message"],
        "from": {"id": comment["author"], "name": comment["author_name"]},
        "created_time": graph_time(store, comment["created_ms"]),
        "parent": {"id": comment["parent"]} if is_reply else None,
        "can_reply_privately": not from_page and not comment["privately_answered"],
        "is_hidden": bool(comment["hidden"]),
        "permalink_url": links.of_comment(store, comment),
        "comment_count": store.count(
            "SELECT COUNT(*) FROM comment WHERE parent = ? AND removed = 0", comment["id"]
        ),
    }


def list_comments(store: Store, call: Call, caller: Caller, on: str) -> dict[str, Any]:
    """GET /{post or comment}/comments. -> one page, filtered and ordered as asked."""
    require_page(caller, page_of_object(store, on))
    order = "DESC" if call.text("order") == "reverse_chronological" else "ASC"
    column = "post" if call.text("filter") == "stream" and "_" in on else "parent"
    if find_comment(store, on) is not None:
        column = "parent"
    found = store.rows(
        f"SELECT * FROM comment WHERE {column} = ? AND removed = 0 AND created_ms >= ? "
        f"ORDER BY number {order}",
        on,
        read_time_ms(call.text("since")) or 0,
    )
    views = [comment_view(store, comment) for comment in found]
    return page_of(call, views, names=asked_fields(call, default=DEFAULT_FIELDS))


def change_comment(store: Store, call: Call, caller: Caller, comment: Row) -> dict[str, Any]:
    """POST or DELETE /{comment}: the Page may change its own words; other people's it may hide or show again, never delete."""
    page = page_of_object(store, comment["id"])
    require_page(caller, page)
    if call.method == "POST" and call.text("is_hidden"):
        hide = call.text("is_hidden").lower() in {"true", "1"}
        store.change("UPDATE comment SET hidden = ? WHERE id = ?", int(hide), comment["id"])
        return {"success": True}
    if comment["author"] != page:
        raise GraphError(200, "The simulator lets nobody change or delete a resident's comment")
    if call.method == "DELETE":
        remove_comment(store, comment)
    else:
        edit_comment(store, comment, call.text("message"))
    return {"success": True}
