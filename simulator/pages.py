"""The pages for people: how residents see the official Pages and accounts."""

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator import acts, record, views
from simulator.facebook import posts as facebook_posts
from simulator.store import Row, Store
from simulator.zalo import articles, chats

CALLS_SHOWN = 200
SECRETS = re.compile(
    r"""((?:access_token|refresh_token|client_secret|code_verifier|code)(?:=|"\s*:\s*"))[^&"\s]+"""
)
LONGEST_TEXT = 2000


def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def people(store: Store) -> list[Row]:
    return store.rows("SELECT id, name FROM person ORDER BY rowid")


def chosen_person(request: Request) -> str:
    """-> the person in the address if there is one by that id, else the first of the cast."""
    known = [person["id"] for person in people(store_of(request))]
    asked = request.query_params.get("person", "")
    return asked if asked in known else known[0]


def accounts(store: Store, table: str) -> list[Row]:
    """-> all Pages (`page`) or Official Accounts (`oa`)."""
    known = {"page": "SELECT id, name FROM page", "oa": "SELECT id, name FROM oa"}
    return store.rows(f"{known[table]} ORDER BY rowid")


def account(request: Request, table: str) -> Row | None:
    identifier = request.path_params["account"]
    found = [one for one in accounts(store_of(request), table) if one["id"] == identifier]
    return found[0] if found else None


def not_here() -> Response:
    return views.page("missing.html", status=404, title="Không có trang này")


def watching(request: Request) -> bool:
    return request.query_params.get("watch") == "1"


async def start(request: Request) -> Response:
    """GET /: what this is, and where to go."""
    store = store_of(request)
    return views.page(
        "start.html",
        title="Thế giới bên ngoài",
        pages=accounts(store, "page"),
        oas=accounts(store, "oa"),
        people=people(store),
    )


def thread(store: Store, page: str) -> list[Row]:
    """-> the Page's posts, newest first, each with its comments and their replies."""
    posts = [one for one in acts.all_posts(store, page) if one["published"] and not one["removed"]]
    for post in posts:
        post["pictures"] = facebook_posts.photos_of(store, post)
        standing = [one for one in acts.all_comments(store, post["id"]) if not one["removed"]]
        post["threads"] = [
            one | {"replies": [reply for reply in standing if reply["parent"] == one["id"]]}
            for one in standing
            if one["parent"] is None
        ]
    return posts[::-1]


async def facebook_page(request: Request) -> Response:
    """GET /facebook/{page}: posts, comments, the Page's answers, and a place to write."""
    store, page = store_of(request), account(request, "page")
    if page is None:
        return not_here()
    return views.page(
        "facebook.html",
        title=page["name"],
        page=page,
        posts=thread(store, page["id"]),
        people=people(store),
        me=chosen_person(request),
        watch=watching(request),
    )


async def zalo_account(request: Request) -> Response:
    """GET /zalo/{oa}: the account's articles, newest first, as followers see them."""
    store, oa = store_of(request), account(request, "oa")
    if oa is None:
        return not_here()
    standing = [a for a in articles.all_articles(store, oa["id"]) if not a["removed"]]
    return views.page(
        "zalo.html",
        title=oa["name"],
        oa=oa,
        articles=standing[::-1],
        me=chosen_person(request),
        watch=watching(request),
    )


async def write_comment(request: Request) -> Response:
    """POST /facebook/{page}/comment: the chosen person comments, or replies."""
    store, page = store_of(request), account(request, "page")
    sent = await request.form()
    text, on = str(sent.get("text", "")).replace("\r\n", "\n").strip(), str(sent.get("on", ""))
    person = known_person(store, str(sent.get("person", "")))
    if page is None:
        return not_here()
    anchor = on
    if text and person:
        with store.together():
            wishes = {"post": on, "person": person, "text": text[:8000]}
            anchor = acts.facebook_comment(store, wishes)["comment_id"]
        request.app.state.sender.wake()
    return RedirectResponse(f"/facebook/{page['id']}?person={person}#c-{quote(anchor)}", 303)


def known_person(store: Store, person: str) -> str:
    """-> the id when the cast has it, else empty."""
    return person if person in {one["id"] for one in people(store)} else ""


async def chat(request: Request) -> Response:
    """GET /facebook/{page}/chat or /zalo/{oa}/chat: one chat, newest at the bottom."""
    store, provider = store_of(request), provider_in(request)
    found = account(request, "page" if provider == "facebook" else "oa")
    if found is None:
        return not_here()
    person = chosen_person(request)
    follows = False
    if provider == "zalo":
        known = chats.acquaintance(store, oa=found["id"], person=person)
        follows = bool(known and known["following"])
        with store.together():
            chats.person_sees(store, oa=found["id"], person=person)
        request.app.state.sender.wake()
    messages = acts.whole_chat(store, provider=provider, account=found["id"], person=person)
    return views.page(
        "chat.html",
        title=f"{'Messenger' if provider == 'facebook' else 'Zalo'}: {found['name']}",
        provider=provider,
        account=found,
        messages=messages,
        people=people(store),
        me=person,
        follows=follows,
        watch=watching(request),
    )


def provider_in(request: Request) -> str:
    return "facebook" if request.url.path.startswith("/facebook/") else "zalo"


async def write_message(request: Request) -> Response:
    """POST to a chat: the chosen person writes, or follows, or stops following."""
    store, provider = store_of(request), provider_in(request)
    found = account(request, "page" if provider == "facebook" else "oa")
    if found is None:
        return not_here()
    sent = await request.form()
    person = known_person(store, str(sent.get("person", "")))
    text = str(sent.get("text", "")).replace("\r\n", "\n").strip()[:LONGEST_TEXT]
    if person:
        with store.together():
            say(store, provider, found["id"], person=person, text=text, follow=sent.get("follow"))
        request.app.state.sender.wake()
    return RedirectResponse(f"/{provider}/{found['id']}/chat?person={person}#moi-nhat", 303)


def say(
    store: Store, provider: str, account: str, *, person: str, text: str, follow: object
) -> None:
    """The person does what the form says."""
    if provider == "facebook" and text:
        acts.facebook_message(store, {"page": account, "person": person, "text": text})
    elif provider == "zalo" and follow is not None:
        chats.person_follows(store, oa=account, person=person, follow=follow == "1")
    elif provider == "zalo" and text:
        acts.zalo_message(store, {"oa": account, "person": person, "text": text})


async def see_record(request: Request) -> Response:
    """GET /record: the last calls received, newest first."""
    calls = record.list_calls(store_of(request))
    for call in calls[-CALLS_SHOWN:]:
        call["body"] = SECRETS.sub(r"\1•••", call["body"][:500])
    return views.page(
        "record.html",
        title="Sổ ghi: đã nhận những gì",
        calls=calls[::-1][:CALLS_SHOWN],
        total=len(calls),
        watch=watching(request),
    )


async def media(request: Request) -> Response:
    """GET /media/{id}: a picture that was uploaded."""
    identifier = request.path_params["identifier"]
    found = store_of(request).row("SELECT * FROM attachment WHERE id = ?", identifier)
    if found is None:
        return not_here()
    safe = {"image/png": "image/png", "image/jpeg": "image/jpeg"}
    kind = safe.get(found["content_type"], "application/octet-stream")
    return Response(found["content"], media_type=kind, headers=views.SAFETY)


ROUTES = [
    Route("/", start),
    Route("/facebook/{account}", facebook_page),
    Route("/facebook/{account}/comment", write_comment, methods=["POST"]),
    Route("/facebook/{account}/chat", chat),
    Route("/facebook/{account}/chat", write_message, methods=["POST"]),
    Route("/zalo/{account}", zalo_account),
    Route("/zalo/{account}/chat", chat),
    Route("/zalo/{account}/chat", write_message, methods=["POST"]),
    Route("/record", see_record),
    Route("/media/{identifier}", media),
]
