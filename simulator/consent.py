"""The consent pages on which an official says yes, and the way back with a code."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from simulator import views
from simulator.facebook import tokens
from simulator.store import Store
from simulator.webhooks.compose import is_loopback
from simulator.youtube import api as youtube_api
from simulator.zalo import oauth


async def zalo(request: Request) -> Response:
    """GET /v4/oa/permission asks which OA; the answer goes back with code, oa_id and state."""
    store: Store = request.app.state.store
    asked = dict(request.query_params)
    wrong = what_is_wrong(asked, app=store.setting("zalo_app").get("id"), name="app_id")
    if wrong:
        return PlainTextResponse(wrong, status_code=400)
    oas = store.rows("SELECT id, name FROM oa ORDER BY rowid")
    if request.method == "GET":
        return views.page("consent.html", provider="Zalo", choices=oas, title="Zalo: cấp quyền")
    oa = str((await request.form()).get("account", ""))
    if oa not in {found["id"] for found in oas}:
        return PlainTextResponse("Chưa chọn OA", status_code=400)
    challenge = asked.get("code_challenge", "")
    code = oauth.give_code(store, oa=oa, challenge=challenge)
    return go_back(asked, {"code": code, "oa_id": oa, "state": asked.get("state", "")})


async def facebook(request: Request) -> Response:
    """GET /v26.0/dialog/oauth asks once; the answer goes back with code and state."""
    store: Store = request.app.state.store
    asked = dict(request.query_params)
    wrong = what_is_wrong(asked, app=store.setting("facebook_app").get("id"), name="client_id")
    if wrong:
        return PlainTextResponse(wrong, status_code=400)
    if request.method == "GET":
        found = store.rows("SELECT id, name FROM page ORDER BY rowid")
        return views.page(
            "consent.html", provider="Facebook", pages=found, title="Facebook: cấp quyền"
        )
    return go_back(asked, {"code": tokens.give_code(store), "state": asked.get("state", "")})


async def youtube(request: Request) -> Response:
    """GET /o/oauth2/v2/auth asks which channel; the answer goes back with code and state."""
    store: Store = request.app.state.store
    asked = dict(request.query_params)
    wrong = youtube_api.wrong_consent(asked) or what_is_wrong(
        asked, app=asked.get("client_id"), name="client_id"
    )
    if wrong:
        return PlainTextResponse(wrong, status_code=400)
    channels = store.rows("SELECT id, name FROM yt_channel ORDER BY rowid")
    if request.method == "GET":
        return views.page(
            "consent.html", provider="Google", choices=channels, title="Google: cấp quyền"
        )
    chosen = str((await request.form()).get("account", ""))
    if chosen not in {found["id"] for found in channels}:
        return PlainTextResponse("Chưa chọn kênh", status_code=400)
    code = youtube_api.give_code(store, channel=chosen, asked=asked)
    return go_back(asked, {"code": code, "state": asked.get("state", "")})


def what_is_wrong(asked: dict[str, str], *, app: str | None, name: str) -> str:
    """-> why this consent cannot be asked for, empty when it can."""
    if asked.get(name) != app or not app:
        return f"{name} không đúng"
    if not is_loopback(asked.get("redirect_uri", "")):
        return "redirect_uri phải là địa chỉ loopback"
    return ""


def go_back(asked: dict[str, str], answer: dict[str, str]) -> Response:
    target = asked["redirect_uri"]
    joint = "&" if "?" in target else "?"
    return RedirectResponse(f"{target}{joint}{urlencode(answer)}", status_code=302)
