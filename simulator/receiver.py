"""A receiver of webhooks for tests: keeps what came, answers as it is told."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Arrived:
    """One webhook as it came over the wire: raw bytes, and headers in lower case."""

    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class Receiver:
    """`with Receiver() as receiver:` - listens on `receiver.url` until the block ends.

    `answer` gives the status for each webhook; `verify_token` is what the handshake must know.
    """

    def __init__(
        self,
        *,
        verify_token: str = "meatyhamhock",  # noqa: S107 - a sample word
        port: int = 0,
    ) -> None:
        self.verify_token = verify_token
        self.arrived: list[Arrived] = []
        self.answer: Callable[[Arrived], int] = lambda _: 200
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/webhook"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Listening(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                arrived = Arrived(headers, self.rfile.read(length))
                receiver.arrived.append(arrived)
                self._say(receiver.answer(arrived), b"")

            def do_GET(self) -> None:
                asked = parse_qs(urlsplit(self.path).query)
                known = asked.get("hub.verify_token") == [receiver.verify_token]
                fine = known and asked.get("hub.mode") == ["subscribe"]
                self._say(200 if fine else 403, asked["hub.challenge"][0].encode() if fine else b"")

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing on the terminal."""

        return Listening
