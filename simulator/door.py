"""The door of the providers: every call is recorded here, and here faults strike."""

import asyncio
import json
import re
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator import faults, record
from simulator.calls import Answer
from simulator.faults import Fault
from simulator.store import Store

ZALO_PATH = re.compile(r"^/(v4/oa|v[23]\.0/(oa|article))(/|$)")
FACEBOOK_PATH = re.compile(r"^/(v\d+\.\d+/|oauth/access_token$)")
YOUTUBE_PATH = re.compile(r"^/((upload/)?youtube/v3/|upload-session/|token$)")
PUSH_PATH = re.compile(r"^/wpush/")
SMS_PATH = re.compile(r"^/MainService\.svc/")
SLOW_PIECES = 10


class ConnectionCut(ConnectionResetError):
    """The simulator hangs up and there is no real connection to hang up on."""


def provider_of(path: str) -> str:
    """-> facebook, zalo, sms, push or youtube, empty for the pages and controls of the simulator itself."""
    if ZALO_PATH.match(path):
        return "zalo"
    if PUSH_PATH.match(path):
        return "push"
    if YOUTUBE_PATH.match(path):
        return "youtube"
    if SMS_PATH.match(path):
        return "sms"
    return "facebook" if FACEBOOK_PATH.match(path) else ""


@dataclass
class Reply:
    """An answer held back until it is decided what the caller gets of it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def keep(self, message: Message) -> None:
        """Take one ASGI message of the answer."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


class Door:
    """Wraps the application: records first, then lets the call in, or not."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self.app = app
        self.store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider = provider_of(scope["path"]) if scope["type"] == "http" else ""
        if not provider:
            await self.app(scope, receive, send)
            return
        body = await read_body(receive)
        with self.store.together():
            number = record.note_received(
                self.store,
                provider=provider,
                method=scope["method"],
                path=scope["path"],
                query=scope.get("query_string", b"").decode("latin-1"),
                headers=scope["headers"],
                body=body,
            )
            fault = faults.pick(self.store, method=scope["method"], path=scope["path"])
        visit = Visit(self, scope, receive, send, body=body, number=number, provider=provider)
        await visit.serve(fault)


class Visit:
    """One call on its way through the door."""

    def __init__(
        self,
        door: Door,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        body: bytes,
        number: int,
        provider: str,
    ) -> None:
        self.door, self.scope, self.receive, self.send = door, scope, receive, send
        self.body, self.number, self.provider = body, number, provider
        self.transport: Any = getattr(getattr(receive, "__self__", None), "transport", None)

    async def serve(self, fault: Fault | None) -> None:
        """Answer the call, or let the fault have it."""
        if fault is None:
            await self.answer_with(await self.real_reply())
        elif fault.kind in faults.AFTER:
            await self.after(fault)
        else:
            await self.before(fault)

    async def before(self, fault: Fault) -> None:
        """Nothing is stored, except that a hanging call goes on if the caller is patient."""
        if fault.kind == "reset":
            self.note("reset", fault)
            await self.hang_up(hard=True)
        elif fault.kind == "hang":
            if await self.caller_left_within(fault.seconds):
                self.note("caller_left", fault)
                return
            await self.answer_with(await self.real_reply(), fault)
        else:
            said = faults.fault_answer(fault, provider=self.provider)
            await self.answer_with(as_reply(said or Answer({})), fault)

    async def after(self, fault: Fault) -> None:
        """The call has its effect; its answer is lost, broken or very slow."""
        reply = await self.real_reply()
        if fault.kind == "drop":
            self.note("dropped", fault, reply)
            await self.caller_left_within(fault.seconds)
            await self.hang_up(hard=False)
        elif fault.kind == "malformed":
            reply.body = reply.body[: max(1, len(reply.body) // 2)]
            await self.answer_with(reply, fault)
        else:
            await self.answer_with(reply, fault, pause=fault.seconds / SLOW_PIECES)

    async def real_reply(self) -> Reply:
        """Let the call in. -> what the provider answers; its effect is on disk by now."""
        reply, unread = Reply(), [self.body]

        async def receive() -> Message:
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            return {"type": "http.disconnect"}

        await self.door.app(self.scope, receive, reply.keep)
        return reply

    async def answer_with(
        self, reply: Reply, fault: Fault | None = None, *, pause: float = 0.0
    ) -> None:
        """Record the answer, then send it, in slow pieces when there is a pause."""
        self.note("answered", fault, reply)
        headers = [pair for pair in reply.headers if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(reply.body)).encode()))
        start = {"type": "http.response.start", "status": reply.status, "headers": headers}
        await self.send(start)
        size = max(1, len(reply.body) // SLOW_PIECES) if pause else max(1, len(reply.body))
        for begin in range(0, len(reply.body), size):
            if pause:
                await asyncio.sleep(pause)
            piece = reply.body[begin : begin + size]
            await self.send({"type": "http.response.body", "body": piece, "more_body": True})
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    def note(self, outcome: str, fault: Fault | None = None, reply: Reply | None = None) -> None:
        record.note_outcome(
            self.door.store,
            self.number,
            outcome=outcome,
            fault=None if fault is None else fault.kind,
            status=None if reply is None else reply.status,
            answer=b"" if reply is None else reply.body,
        )

    async def caller_left_within(self, seconds: float) -> bool:
        """Wait. -> True as soon as the caller has closed the connection."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            if self.transport is not None and self.transport.is_closing():
                return True
            await asyncio.sleep(min(0.05, seconds))
        return False

    async def hang_up(self, *, hard: bool) -> None:
        """Cut the connection without an answer; *hard* sends a reset instead of an end."""
        if self.transport is None:
            raise ConnectionCut
        if hard:
            wire = self.transport.get_extra_info("socket")
            linger = struct.pack("ii", 1, 0)
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()
        await told_of_cut(self.receive)


async def told_of_cut(receive: Receive) -> None:
    """Wait until the server knows the connection is gone, so that it answers nothing."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(receive: Receive) -> bytes:
    """-> the whole body of the call."""
    body: bytes = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body


def as_reply(answer: Answer) -> Reply:
    """-> the answer as bytes: JSON, unless it is text already."""
    headers = {"content-type": "application/json; charset=UTF-8"} | answer.headers
    content = answer.content
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return Reply(status=answer.status, headers=pairs, body=text.encode())
