"""The one application: both providers, the controls and the pages for people."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from simulator import consent, control, pages
from simulator.calls import Answer, read_call
from simulator.door import Door, as_reply
from simulator.facebook import graph, tokens
from simulator.facebook.errors import GraphError, error_answer
from simulator.mail.postoffice import PostOffice
from simulator.push import service
from simulator.sms import gateway
from simulator.sms.smsc import Carrier
from simulator.store import Store
from simulator.webhooks.sender import Sender
from simulator.youtube import api as youtube
from simulator.zalo import oauth, openapi

ANY_METHOD = ["GET", "POST", "DELETE", "PUT", "PATCH"]


def respond(answer: Answer) -> Response:
    reply = as_reply(answer)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reply.headers}
    return Response(reply.body, status_code=reply.status, headers=headers)


async def facebook_graph(request: Request) -> Response:
    call = await read_call(request)
    answer = graph.answer(request.app.state.store, call)
    if call.method == "POST" and call.path.endswith("/subscribed_apps") and answer.status == 200:
        request.app.state.sender.want_handshake()
    request.app.state.sender.wake()
    return respond(answer)


async def facebook_app_subscription(request: Request) -> Response:
    """POST /{app}/subscriptions: the address holds once it has proved itself."""
    store, call = request.app.state.store, await read_call(request)
    app = store.setting("facebook_app")
    if tokens.sent_token(call) != f"{app.get('id')}|{app.get('secret')}":
        return respond(error_answer(GraphError(190, "An app access token is required")))
    wishes = {
        "webhook_url": call.text("callback_url"),
        "verify_token": call.text("verify_token"),
    }
    if not (await request.app.state.sender.handshake(wishes))["ok"]:
        words = "Callback verification failed with the given verify token"
        return respond(error_answer(GraphError(2200, words)))
    store.set_setting("facebook_app", app | wishes)
    return respond(Answer({"success": True}))


async def zalo_token(request: Request) -> Response:
    return respond(oauth.access_token(request.app.state.store, await read_call(request)))


async def zalo_api(request: Request) -> Response:
    answer = openapi.answer(request.app.state.store, await read_call(request))
    request.app.state.sender.wake()
    return respond(answer)


async def sms_send(request: Request) -> Response:
    return respond(gateway.send(request.app.state.store, await read_call(request)))


async def sms_balance(request: Request) -> Response:
    return respond(gateway.balance(request.app.state.store, await read_call(request)))


async def youtube_api(request: Request) -> Response:
    body = await request.body() if request.method == "PUT" else b""
    return respond(youtube.answer(request.app.state.store, await read_call(request), body))


SMS = "/MainService.svc/json"
PROVIDER_ROUTES = [
    Route("/wpush/{subscription}", service.push, methods=["POST"]),
    Route("/token", youtube_api, methods=["POST"]),
    Route("/upload/youtube/v3/{rest:path}", youtube_api, methods=ANY_METHOD),
    Route("/youtube/v3/{rest:path}", youtube_api, methods=ANY_METHOD),
    Route("/upload-session/{rest:path}", youtube_api, methods=["PUT"]),
    Route(f"{SMS}/SendMultipleMessage_V4_post_json/", sms_send, methods=["POST"]),
    Route(f"{SMS}/GetBalance_json", sms_balance, methods=["POST"]),
    Route("/o/oauth2/v2/auth", consent.youtube, methods=["GET", "POST"]),
    Route("/v4/oa/permission", consent.zalo, methods=["GET", "POST"]),
    Route("/v4/oa/access_token", zalo_token, methods=["POST"]),
    Route("/v2.0/oa/{rest:path}", zalo_api, methods=ANY_METHOD),
    Route("/v3.0/oa/{rest:path}", zalo_api, methods=ANY_METHOD),
    Route("/v2.0/article/{rest:path}", zalo_api, methods=ANY_METHOD),
    Route("/{version}/dialog/oauth", consent.facebook, methods=["GET", "POST"]),
    Route("/{version}/{app:int}/subscriptions", facebook_app_subscription, methods=["POST"]),
    Route("/oauth/access_token", facebook_graph, methods=["GET", "POST"]),
]
LAST_ROUTES = [Route("/{version}/{rest:path}", facebook_graph, methods=ANY_METHOD)]


def create_app(
    folder: Path, *, seed: int = 1, address: str = "", smpp_port: int = 0, smtp_port: int = 0
) -> ASGIApp:
    """-> the simulator with its memory in *folder*; the same folder goes on where it stopped.

    *address*: where people open its pages, so that links to posts lead there and not to the real provider.
    *smpp_port*, *smtp_port*: where the carrier of text messages and the mail server listen; 0 for any free port.
    """
    store = Store(folder, seed=seed)
    store.address = address

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        sender = Sender(store)
        app.state.sender = sender
        task = asyncio.create_task(sender.run())
        carrier = Carrier(store, host="127.0.0.1", port=smpp_port)
        app.state.carrier = carrier
        await carrier.start()
        office = PostOffice(store, host="127.0.0.1", port=smtp_port)
        app.state.office = office
        await office.start()
        try:
            yield
        finally:
            await carrier.stop()
            await office.stop()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            store.close()

    static = Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    routes = [*control.ROUTES, *pages.ROUTES, static, *PROVIDER_ROUTES, *LAST_ROUTES]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.store = store
    return Door(app, store)
