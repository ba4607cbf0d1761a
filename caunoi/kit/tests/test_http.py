"""The way out keeps home, keeps time and keeps quiet."""

import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from caunoi.kit import http


def test_loopback_is_known_by_name_and_number():
    assert http.is_loopback("http://127.0.0.1:8700/x")
    assert http.is_loopback("http://[::1]:8700")
    assert http.is_loopback("http://localhost")
    assert not http.is_loopback("https://graph.facebook.com")
    assert not http.is_loopback("http://127.0.0.1.example.com")
    assert not http.is_loopback("http://127.0.0.1@example.com")
    assert not http.is_loopback("not an address")


@pytest.mark.parametrize(
    "address", ["https://graph.facebook.com", "http://10.0.0.1", "http://169.254.169.254"]
)
def test_nothing_leaves_the_machine_in_demo_and_tests(address):
    with http.client(address) as out, pytest.raises(http.NotLoopback):
        out.get("/")


def test_a_redirect_is_not_followed():
    def answer(request):
        return httpx.Response(302, headers={"location": "http://127.0.0.1/elsewhere"})

    with http.stand_in(answer), http.client("http://127.0.0.1") as out:
        assert out.get("/").status_code == 302


def test_a_proxy_of_the_environment_is_ignored(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://example.com:3128")

    with (
        http.stand_in(lambda r: httpx.Response(200, text=r.url.host)),
        http.client("http://127.0.0.1") as out,
    ):
        assert out.get("/").text == "127.0.0.1"


def test_an_answer_that_is_too_large_is_cut_off(monkeypatch):
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 100)

    with (
        http.stand_in(lambda r: httpx.Response(200, content=iter([b"x" * 60] * 2))),
        http.client("http://127.0.0.1") as out,
        pytest.raises(httpx.ReadError),
    ):
        out.get("/")


def test_an_answer_that_drips_for_ever_is_cut_off(monkeypatch):
    monkeypatch.setattr(http, "WHOLE_CALL_SECONDS", 0.3)

    with (
        dripping_server() as address,
        http.client(address) as out,
        pytest.raises(httpx.ReadTimeout),
    ):
        out.get("/")


def test_no_address_is_written_to_the_log(caplog):
    caplog.set_level(logging.DEBUG)
    with http.stand_in(lambda r: httpx.Response(200)), http.client("http://127.0.0.1") as out:
        out.get("/", params={"access_token": "EAATESTTOKEN123"})

    assert "EAATESTTOKEN123" not in caplog.text


def test_calls_to_a_provider_share_a_connection_and_addresses_people_typed_do_not(connections_seen):
    address, seen = connections_seen

    def ask(**how):
        with http.client(address, **how) as out:
            out.get("/")

    ask()
    ask()
    of_providers = len(seen)
    ask(public_only=True)
    ask(public_only=True)
    other = threading.Thread(target=ask)
    other.start()
    other.join(timeout=10)

    assert of_providers == 1
    assert len(seen) == 4


@pytest.fixture
def connections_seen():
    """A server on loopback that remembers each connection it was offered."""
    seen = []

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            seen.append(self.client_address)
            super().setup()

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


class dripping_server:
    """One byte every 50 ms, without end."""

    def __enter__(self):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.drip, daemon=True)
        self.thread.start()
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def drip(self):
        guest, _ = self.door.accept()
        with guest:
            guest.recv(4096)
            guest.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not self.stop.wait(0.05):
                try:
                    guest.sendall(b".")
                except OSError:
                    return

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(5)
        self.door.close()
