"""The controls: what tests and the demo order from the world, as JSON."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import acts, faults, record, world
from simulator.calls import json_object
from simulator.facebook import videos
from simulator.facebook.errors import GraphError
from simulator.mail import postoffice
from simulator.sms import messages as sms
from simulator.store import Row, Store
from simulator.webhooks import compose, queue
from simulator.webhooks.sender import Sender
from simulator.youtube import api as youtube
from simulator.zalo import articles, groups, oauth

Act = Callable[[Store, Row], Any]
View = Callable[[Request], Awaitable[Response]]


def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def sender_of(request: Request) -> Sender:
    sender: Sender = request.app.state.sender
    return sender


def refused(words: str) -> Response:
    return JSONResponse({"error": words}, status_code=400)


def ordered(act: Act) -> View:
    """-> a view that does the act with the JSON of the body, all or nothing, then wakes sending."""

    async def view(request: Request) -> Response:
        store = store_of(request)
        wishes = json_object(await request.body()) | dict(request.path_params)
        try:
            with store.together():
                done = act(store, wishes)
        except KeyError as missing:
            return refused(f"missing or unknown: {missing.args[0]}")
        except (ValueError, GraphError) as wrong:
            return refused(str(wrong))
        sender_of(request).wake()
        return JSONResponse(done)

    return view


async def forget(request: Request) -> Response:
    """POST /_control/reset: an empty world; ids go on counting."""
    store_of(request).forget_everything()
    return JSONResponse({"ok": True})


async def setup(request: Request) -> Response:
    """POST /_control/setup: see world.set_up. A new webhook is asked to prove itself."""
    store, wishes = store_of(request), json_object(await request.body())
    try:
        described = world.set_up(store, wishes)
    except (world.BadSetup, KeyError) as wrong:
        return refused(f"setup: {wrong}")
    sender_of(request).wake()
    return JSONResponse(described)


async def verify(request: Request) -> Response:
    """POST /_control/facebook/verify: do the handshake now. -> ok and the status."""
    return JSONResponse(await sender_of(request).handshake())


async def send_raw(request: Request) -> Response:
    """POST /_control/webhook/raw: send exactly these bytes once, now. -> the status."""
    store, wishes = store_of(request), json_object(await request.body())
    body = str(wishes.get("body", "")).encode()
    if "body_base64" in wishes:
        body = base64.b64decode(wishes["body_base64"])
    signature = str(wishes.get("signature", "good"))
    wrap = {"facebook": compose.facebook_raw, "zalo": compose.zalo_raw}.get(
        str(wishes.get("provider"))
    )
    if wrap is None or signature not in {"good", "bad", "wrong_secret", "none"}:
        return refused("provider is facebook or zalo; signature good, bad, wrong_secret or none")
    parcel = wrap(store, body, signature)
    parcel.headers.update(wishes.get("headers", {}))
    try:
        return JSONResponse({"status": await sender_of(request).raw(parcel)})
    except (OSError, ValueError, acts.CannotSend) as failure:
        return JSONResponse({"status": None, "error": type(failure).__name__})


async def order_faults(request: Request) -> Response:
    """POST /_control/faults: a list of rules, or one."""
    wishes = await request.json()
    rules = wishes if isinstance(wishes, list) else wishes.get("faults", [wishes])
    try:
        with store_of(request).together():
            return JSONResponse({"faults": faults.order(store_of(request), rules)})
    except faults.BadFault as wrong:
        return refused(str(wrong))


async def see_faults(request: Request) -> Response:
    return JSONResponse({"faults": faults.list_faults(store_of(request))})


async def clear_faults(request: Request) -> Response:
    """DELETE /_control/faults: all is well again."""
    return JSONResponse({"removed": store_of(request).change("DELETE FROM fault")})


async def see_record(request: Request) -> Response:
    """GET /_control/record?path=&since=. -> calls, and how many."""
    asked = request.query_params
    found = record.list_calls(
        store_of(request), pattern=asked.get("path", ""), since=int(asked.get("since") or 0)
    )
    return JSONResponse({"count": len(found), "calls": found})


async def see_comments(request: Request) -> Response:
    """GET /_control/comments?post=. -> every comment ever, removed ones marked."""
    post = request.query_params.get("post", "")
    return JSONResponse({"comments": acts.all_comments(store_of(request), post)})


async def see_posts(request: Request) -> Response:
    page = request.query_params.get("page", "")
    return JSONResponse({"posts": acts.all_posts(store_of(request), page)})


async def see_articles(request: Request) -> Response:
    """GET /_control/articles?oa=. -> every article ever, removed ones marked, with its broadcasts."""
    oa = request.query_params.get("oa", "")
    return JSONResponse({"articles": articles.all_articles(store_of(request), oa)})


async def see_groups(request: Request) -> Response:
    """GET /_control/groups?group=. -> what accounts wrote into their groups, oldest first."""
    group = request.query_params.get("group", "")
    return JSONResponse({"messages": groups.all_messages(store_of(request), group)})


async def see_texts(request: Request) -> Response:
    """GET /_control/sms. -> whole text messages, oldest first."""
    return JSONResponse({"messages": sms.all_messages(store_of(request))})


async def see_letters(request: Request) -> Response:
    """GET /_control/letters. -> letters the mail server took, oldest first."""
    return JSONResponse({"letters": postoffice.all_letters(store_of(request))})


async def see_videos(request: Request) -> Response:
    """GET /_control/videos. -> every video of YouTube channels, removed ones marked, and of Pages."""
    store = store_of(request)
    found = {"youtube": youtube.all_videos(store), "facebook": videos.all_videos(store)}
    return JSONResponse(found)


async def see_chat(request: Request) -> Response:
    """GET /_control/chat?provider=&account=&person=. -> messages, oldest first."""
    asked = request.query_params
    messages = acts.whole_chat(
        store_of(request),
        provider=asked.get("provider", ""),
        account=asked.get("account", ""),
        person=asked.get("person", ""),
    )
    return JSONResponse({"messages": messages})


async def see_webhooks(request: Request) -> Response:
    """GET /_control/webhooks. -> every event, its tries, and whether it was acknowledged."""
    store = store_of(request)
    events = queue.all_events(store, since=int(request.query_params.get("since") or 0))
    waiting = store.count("SELECT COUNT(*) FROM delivery WHERE state = 'waiting'")
    acknowledged = sum(event["acknowledged"] for event in events)
    return JSONResponse(
        {
            "events": events,
            "waiting": waiting,
            "acknowledged": acknowledged,
            "plan": queue.plan(store),
            "handshake": store.setting("handshake"),
        }
    )


async def see_tokens(request: Request) -> Response:
    """GET /_control/zalo/tokens. -> for every OA: the tokens now, refreshes done and refused."""
    store = store_of(request)
    oas = store.rows("SELECT id FROM oa ORDER BY rowid")
    return JSONResponse({"oas": [oauth.token_report(store, oa["id"]) for oa in oas]})


async def health(request: Request) -> Response:
    store = store_of(request)
    ports = {
        "smpp_port": request.app.state.carrier.port,
        "smtp_port": request.app.state.office.port,
    }
    return JSONResponse({"ok": True, "seed": store.seed, "now_ms": store.now_ms()} | ports)


ORDERS: dict[str, Act] = {
    "facebook/post": acts.facebook_post,
    "facebook/comment": acts.facebook_comment,
    "facebook/comment/edit": acts.facebook_edit,
    "facebook/comment/remove": acts.facebook_remove,
    "facebook/message": acts.facebook_message,
    "facebook/read": acts.facebook_read,
    "facebook/code": acts.facebook_code,
    "zalo/message": acts.zalo_message,
    "zalo/follow": acts.zalo_follow,
    "zalo/seen": acts.zalo_seen,
    "zalo/event": acts.zalo_event,
    "zalo/code": acts.zalo_code,
    "token": acts.change_token,
    "clock": acts.set_clock,
    "limits": acts.set_limits,
    "readers": acts.set_readers,
    "webhooks/plan": queue.change_plan,
}
ROUTES = [
    Route("/_control/reset", forget, methods=["POST"]),
    Route("/_control/setup", setup, methods=["POST"]),
    Route("/_control/facebook/verify", verify, methods=["POST"]),
    Route("/_control/webhook/raw", send_raw, methods=["POST"]),
    Route("/_control/faults", order_faults, methods=["POST"]),
    Route("/_control/faults", see_faults, methods=["GET"]),
    Route("/_control/faults", clear_faults, methods=["DELETE"]),
    Route("/_control/record", see_record),
    Route("/_control/comments", see_comments),
    Route("/_control/posts", see_posts),
    Route("/_control/articles", see_articles),
    Route("/_control/groups", see_groups),
    Route("/_control/sms", see_texts),
    Route("/_control/letters", see_letters),
    Route("/_control/videos", see_videos),
    Route("/_control/chat", see_chat),
    Route("/_control/webhooks", see_webhooks),
    Route("/_control/zalo/tokens", see_tokens),
    Route("/_control/health", health),
    *(Route(f"/_control/{path}", ordered(act), methods=["POST"]) for path, act in ORDERS.items()),
]
