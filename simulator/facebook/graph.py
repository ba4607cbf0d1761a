"""Which part of the Graph API a path means, and the usage header on every answer."""

import json
import re
from typing import Any

from simulator.calls import Answer, Call
from simulator.facebook import comments, events, messenger, posts, tokens, videos
from simulator.facebook.errors import GraphError, error_answer, no_such_object
from simulator.facebook.fields import asked_fields, only_fields, page_of
from simulator.facebook.tokens import Caller
from simulator.store import Store

CALLS_A_DAY = 480_000
VERSION = re.compile(r"^/v\d+\.\d+/")
Content = dict[str, Any]


def answer(store: Store, call: Call) -> Answer:
    """Do what the call asks. -> the answer of the Graph API, refusals included."""
    parts = VERSION.sub("/", call.path).strip("/").split("/")
    page = ""
    try:
        with store.together():
            if parts == ["oauth", "access_token"]:
                return Answer(tokens.give_user_token(store, call))
            if parts == ["debug_token"]:
                return Answer({"data": tokens.check_token(store, call)})
            caller = tokens.recognise(store, call)
            page = caller.page
            usage = business_usage(store, page)
            content = on_node(store, call, caller, parts)
            return Answer(content, headers=usage)
    except GraphError as refusal:
        trace = store.next_secret("trace", length=11)
        refused = error_answer(refusal, trace=trace)
        return Answer(refused.content, refused.status, usage_header(store, page))


def on_node(store: Store, call: Call, caller: Caller, parts: list[str]) -> Content:
    """-> what stands at `/{node}` or `/{node}/{edge}`. Raises GraphError."""
    node = caller.page if parts[0] == "me" and caller.page else parts[0]
    if len(parts) == 1:
        return read_or_change(store, call, caller, node)
    if len(parts) != 2:
        raise GraphError(2500, "Unknown path components")
    if parts == ["me", "accounts"]:
        return list_accounts(store, call, caller)
    return on_edge(store, call, caller, node, parts[1])


def on_edge(store: Store, call: Call, caller: Caller, node: str, edge: str) -> Content:
    """-> the answer for one edge of a node. Raises GraphError."""
    if edge == "comments":
        if call.method == "POST":
            return comments.comment_as_page(store, call, caller, node)
        return comments.list_comments(store, call, caller, node)
    if edge == "insights" and "_" in node:
        return posts.insights(store, call, caller, node)
    if node.startswith("t_") and edge == "messages":
        return messenger.list_messages(store, call, caller, node)
    require_page_exists(store, node)
    return on_page_edge(store, call, caller, node, f"{call.method} {edge}")


def on_page_edge(store: Store, call: Call, caller: Caller, page: str, asked: str) -> Content:
    edges = {
        "POST feed": posts.publish,
        "POST photos": posts.publish_photo,
        "POST videos": videos.upload,
        "POST messages": messenger.send,
        "GET conversations": messenger.list_conversations,
        "POST subscribed_apps": subscribe,
        "GET subscribed_apps": list_subscriptions,
        "DELETE subscribed_apps": unsubscribe,
    }
    if asked in {"GET published_posts", "GET feed", "GET posts", "GET scheduled_posts"}:
        is_published = asked != "GET scheduled_posts"
        return posts.list_posts(store, call, caller, page, published=is_published)
    if asked not in edges:
        raise GraphError(100, f"Unsupported request: {asked}")
    return edges[asked](store, call, caller, page)


def read_or_change(store: Store, call: Call, caller: Caller, node: str) -> Content:
    """-> a Page, a post or a comment by its id; POST and DELETE change it."""
    comment = comments.find_comment(store, node)
    if comment is not None:
        if call.method != "GET":
            return comments.change_comment(store, call, caller, comment)
        tokens.require_page(caller, comments.page_of_object(store, node))
        view = comments.comment_view(store, comment)
        return only_fields(view, asked_fields(call, default=comments.DEFAULT_FIELDS))
    if "_" in node:
        post = posts.find_post(store, node)
        if call.method != "GET":
            return posts.change_post(store, call, caller, post)
        tokens.require_page(caller, post["page"])
        view = posts.post_view(store, post)
        return only_fields(view, asked_fields(call, default=posts.DEFAULT_FIELDS))
    video = videos.find(store, node)
    return videos.show(store, call, caller, video) if video else read_page(store, call, node)


def read_page(store: Store, call: Call, node: str) -> Content:
    if node == "me":
        return {"id": "100000000000001", "name": "Người quản trị mẫu"}
    require_page_exists(store, node)
    view = {
        "id": node,
        "name": posts.page_name(store, node),
        "link": f"https://www.facebook.com/{node}",
        "category": "Government organization",
        "followers_count": 0,
        "is_published": bool(store.count("SELECT published FROM page WHERE id = ?", node)),
    }
    return only_fields(view, asked_fields(call, default="id,name"))


def list_accounts(store: Store, call: Call, caller: Caller) -> Content:
    """GET /me/accounts with a person's token. -> every Page with a token of its own."""
    if caller.page:
        raise GraphError(100, "Tried accessing nonexisting field (accounts) on node type (Page)")
    views = [
        {
            "id": page["id"],
            "name": page["name"],
            "access_token": tokens.page_token(store, page["id"]),
            "tasks": ["CREATE_CONTENT", "MODERATE", "MESSAGING", "ANALYZE", "MANAGE"],
        }
        for page in store.rows("SELECT id, name FROM page ORDER BY rowid")
    ]
    return page_of(call, views, names=asked_fields(call, default="id,name,access_token,tasks"))


def require_page_exists(store: Store, page: str) -> None:
    if store.row("SELECT id FROM page WHERE id = ?", page) is None:
        raise no_such_object(page)


def subscribe(store: Store, call: Call, caller: Caller, page: str) -> Content:
    """POST /{page}/subscribed_apps: the Page tells of these fields from now on."""
    tokens.require_page(caller, page)
    asked = call.args.get("subscribed_fields", "")
    fields = asked if isinstance(asked, list) else str(asked).split(",")
    wanted = [str(field).strip() for field in fields if str(field).strip()]
    unknown = [field for field in wanted if field not in events.ALL_FIELDS]
    if unknown or not wanted:
        raise GraphError(100, f"Param subscribed_fields must be known fields: {unknown}")
    events.subscribe(store, page, wanted)
    return {"success": True}


def unsubscribe(store: Store, _call: Call, caller: Caller, page: str) -> Content:
    tokens.require_page(caller, page)
    events.subscribe(store, page, [])
    return {"success": True}


def list_subscriptions(store: Store, _call: Call, caller: Caller, page: str) -> Content:
    """GET /{page}/subscribed_apps. -> our app with its fields, or nothing."""
    tokens.require_page(caller, page)
    found = store.row("SELECT subscribed_fields FROM page WHERE id = ?", page)
    fields = [name for name in (found or {}).get("subscribed_fields", "").split(",") if name]
    app = store.setting("facebook_app")
    if not fields:
        return {"data": []}
    return {"data": [{"id": app.get("id"), "name": "Cầu Nối", "subscribed_fields": fields}]}


def used_today(store: Store, page: str) -> int:
    """-> how many percent of the day's calls of all Pages are used up."""
    allowed = int(store.setting("limits").get("facebook_calls_a_day", CALLS_A_DAY))
    calls = store.count(
        "SELECT COUNT(*) FROM call WHERE provider = 'facebook' AND at_ms > ?",
        store.now_ms() - messenger.DAY_MS,
    )
    return calls * 100 // max(allowed, 1)


def business_usage(store: Store, page: str) -> dict[str, str]:
    """-> the usage header. Raises GraphError 80001 when the day's calls are used up."""
    if page and used_today(store, page) > 100:
        raise GraphError(80001, "There have been too many calls to this Page account.")
    return usage_header(store, page)


def usage_header(store: Store, page: str) -> dict[str, str]:
    if not page:
        return {}
    used = min(used_today(store, page), 100)
    usage = {
        "type": "pages",
        "call_count": used,
        "total_cputime": used // 2,
        "total_time": used // 2,
        "estimated_time_to_regain_access": 60 if used >= 100 else 0,
    }
    return {"X-Business-Use-Case-Usage": json.dumps({page: [usage]})}
