"""What people out there do when the controls or the pages say so, and what can be seen of it."""

from typing import Any

import httpx

from simulator import world
from simulator.facebook import comments, events, messenger, posts, tokens
from simulator.store import Row, Store
from simulator.zalo import chats, oauth
from simulator.zalo import events as zalo_events

CannotSend = httpx.HTTPError


def require(store: Store, table: str, identifier: object) -> str:
    """-> the id. Raises BadSetup when the Page or OA does not exist."""
    known = {"page": "SELECT id FROM page WHERE id = ?", "oa": "SELECT id FROM oa WHERE id = ?"}
    if store.row(known[table], identifier) is None:
        raise world.BadSetup(f"there is no {table} {identifier!r}")
    return str(identifier)


def facebook_post(store: Store, wishes: Row) -> Row:
    """A post {page, text, told?} stands on the Page, and the webhook tells unless told is false. -> its id."""
    page, told = require(store, "page", wishes["page"]), bool(wishes.get("told", True))
    return {"id": posts.write_post(store, page=page, message=str(wishes["text"]), told=told)["id"]}


def facebook_comment(store: Store, wishes: Row) -> Row:
    """A person comments {post, person, text, parent?}, and the webhook tells. -> comment_id."""
    person = str(wishes["person"])
    store.know_person(person)
    comment = comments.write_comment(
        store,
        on=str(wishes.get("parent") or wishes["post"]),
        author=person,
        author_name=store.person_name(person),
        message=str(wishes["text"]),
    )
    return {"comment_id": comment["id"], "id": comment["id"], "post": comment["post"]}


def some_comment(store: Store, wishes: Row) -> Row:
    found = comments.find_comment(store, str(wishes["comment"]))
    if found is None:
        raise world.BadSetup(f"there is no comment {wishes['comment']!r}")
    return found


def facebook_edit(store: Store, wishes: Row) -> Row:
    """The writer changes {comment, text}."""
    comments.edit_comment(store, some_comment(store, wishes), str(wishes["text"]))
    return {"ok": True}


def facebook_remove(store: Store, wishes: Row) -> Row:
    """The writer takes {comment} away."""
    comments.remove_comment(store, some_comment(store, wishes))
    return {"ok": True}


def facebook_message(store: Store, wishes: Row) -> Row:
    """A person writes {page, person, text?, image?} in Messenger. -> mid."""
    page, person = require(store, "page", wishes["page"]), str(wishes["person"])
    store.know_person(person)
    message = messenger.keep_message(
        store,
        page=page,
        person=person,
        inbound=True,
        text=str(wishes.get("text", "")),
        image=str(wishes.get("image", "")),
    )
    return {"mid": message["id"]}


def facebook_read(store: Store, wishes: Row) -> Row:
    """The person {page, person} reads the Page's messages."""
    page, person = require(store, "page", wishes["page"]), str(wishes["person"])
    events.tell_of_reading(store, page=page, person=person, field="message_reads")
    return {"ok": True}


def facebook_code(store: Store, _wishes: Row) -> Row:
    """Somebody agreed in the login dialog. -> the code."""
    return {"code": tokens.give_code(store)}


def zalo_person(wishes: Row) -> str:
    return world.decimal_id({"id": wishes["person"]})


def zalo_message(store: Store, wishes: Row) -> Row:
    """A person writes {oa, person, text?, image?, event_name?} to the OA. -> msg_id."""
    message = chats.person_writes(
        store,
        oa=require(store, "oa", wishes["oa"]),
        person=zalo_person(wishes),
        text=str(wishes.get("text", "")),
        image=str(wishes.get("image", "")),
        event_name=str(wishes.get("event_name", "")),
    )
    return {"msg_id": message["id"]}


def zalo_follow(store: Store, wishes: Row) -> Row:
    """A person follows {oa, person, follow: true|false}."""
    oa, follow = require(store, "oa", wishes["oa"]), bool(wishes.get("follow", True))
    chats.person_follows(store, oa=oa, person=zalo_person(wishes), follow=follow)
    return {"ok": True}


def zalo_seen(store: Store, wishes: Row) -> Row:
    """The person opens the chat {oa, person}. -> the msg_ids now seen."""
    oa = require(store, "oa", wishes["oa"])
    return {"msg_ids": chats.person_sees(store, oa=oa, person=zalo_person(wishes))}


def zalo_event(store: Store, wishes: Row) -> Row:
    """Zalo tells anything {oa, person, event_name, content?}. -> the event's number."""
    number = zalo_events.tell(
        store,
        oa=require(store, "oa", wishes["oa"]),
        person=zalo_person(wishes),
        event_name=str(wishes["event_name"]),
        content=dict(wishes.get("content", {})),
    )
    return {"event": number}


def zalo_code(store: Store, wishes: Row) -> Row:
    """The OA's admin agreed {oa, code_challenge}. -> the code."""
    oa = require(store, "oa", wishes["oa"])
    return {"code": oauth.give_code(store, oa=oa, challenge=str(wishes["code_challenge"]))}


def change_token(store: Store, wishes: Row) -> Row:
    """A token {provider, token, kind, page?} changes its kind. -> whether it was known."""
    known = world.change_token(
        store,
        provider=str(wishes["provider"]),
        token=str(wishes["token"]),
        kind=str(wishes["kind"]),
        page=str(wishes.get("page", "")),
    )
    return {"known": known}


def set_clock(store: Store, wishes: Row) -> Row:
    """Simulator time is real time plus {offset_seconds}. -> the time now."""
    store.set_setting("clock", {"offset_seconds": float(wishes["offset_seconds"])})
    return {"now_ms": store.now_ms()}


def set_limits(store: Store, wishes: Row) -> Row:
    """{zalo_calls_a_minute?, facebook_calls_a_day?, facebook_iso_times?} hold from now on."""
    store.set_setting("limits", store.setting("limits") | wishes)
    return store.setting("limits")


def set_readers(store: Store, wishes: Row) -> Row:
    """{post or article: {seen?, people?, acted?}}: how many saw it, from now on."""
    store.set_setting("readers", store.setting("readers") | wishes)
    return store.setting("readers")


def all_posts(store: Store, page: str) -> list[Row]:
    """-> every post of the Page, or of all, oldest first; `comments` counts what stands."""
    return store.rows(
        "SELECT post.*, (SELECT COUNT(*) FROM comment WHERE comment.post = post.id "
        "AND comment.removed = 0) AS comments FROM post "
        "WHERE ? = '' OR page = ? ORDER BY number",
        *(page, page),
    )


def all_comments(store: Store, post: str) -> list[dict[str, Any]]:
    """-> every comment of the post, or of all, oldest first; who wrote it and under what."""
    found = store.rows(
        "SELECT comment.*, post.page FROM comment JOIN post ON post.id = comment.post "
        "WHERE ? = '' OR post = ? ORDER BY comment.number",
        *(post, post),
    )
    return [
        {
            "id": one["id"],
            "post": one["post"],
            "parent": None if one["parent"] == one["post"] else one["parent"],
            "from": {"id": one["author"], "name": one["author_name"]},
            "by_page": one["author"] == one["page"],
            "text": one["message"],
            "created_ms": one["created_ms"],
            "edited": one["edited_ms"] is not None,
            "removed": bool(one["removed"]),
            "hidden": bool(one["hidden"]),
        }
        for one in found
    ]


def whole_chat(store: Store, *, provider: str, account: str, person: str) -> list[dict[str, Any]]:
    """-> the messages of one chat, or of all that fit what is given, oldest first."""
    found = store.rows(
        "SELECT * FROM message WHERE (? = '' OR provider = ?) AND (? = '' OR account = ?) "
        "AND (? = '' OR person = ?) ORDER BY number",
        *(provider, provider, account, account, person, person),
    )
    return [
        {
            "id": one["id"],
            "provider": one["provider"],
            "account": one["account"],
            "person": one["person"],
            "inbound": bool(one["inbound"]),
            "text": one["text"],
            "image": one["image"],
            "metadata": one["metadata"],
            "private_reply_to": one["private_reply_to"],
            "created_ms": one["created_ms"],
            "seen": bool(one["seen"]),
        }
        for one in found
    ]
