"""What was received, counted from outside: every call to a provider, answered or not."""

import base64
import json
from collections.abc import Iterable

from simulator.faults import matches
from simulator.store import Row, Store

HEADERS_OF_INTEREST = frozenset(
    (
        "access_token",
        "secret_key",
        "appsecret_proof",
        "authorization",
        "content-type",
        "user-agent",
        "idempotency-key",
        "topic",
        "urgency",
    )
)
LONGEST_ANSWER_KEPT = 4000
LARGEST_BODY_KEPT = 64 * 1024


def note_received(
    store: Store,
    *,
    provider: str,
    method: str,
    path: str,
    query: str,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
) -> int:
    """Keep that this call arrived, before anything is done about it. -> its number."""
    kept = {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in headers
        if name.decode("latin-1").lower() in HEADERS_OF_INTEREST
    }
    text, is_base64 = body_text(body[:LARGEST_BODY_KEPT])
    number = store.next_number("call")
    store.change(
        "INSERT INTO call (number, at_ms, provider, method, path, query, headers, body, "
        "body_base64) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(number, store.now_ms(), provider, method, path, query, json.dumps(kept), text),
        int(is_base64),
    )
    return number


def body_text(body: bytes) -> tuple[str, bool]:
    """-> the body as text, or as base64 and True when it is no text."""
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), True


def note_outcome(
    store: Store,
    number: int,
    *,
    outcome: str,
    fault: str | None = None,
    status: int | None = None,
    answer: bytes = b"",
) -> None:
    """Keep what the caller got. *outcome*: answered, dropped, reset or caller_left."""
    store.change(
        "UPDATE call SET outcome = ?, fault = ?, status = ?, answer = ? WHERE number = ?",
        outcome,
        fault,
        status,
        answer[:LONGEST_ANSWER_KEPT].decode("utf-8", "replace"),
        number,
    )


def list_calls(store: Store, *, pattern: str = "", since: int = 0) -> list[Row]:
    """-> calls after this number whose method and path fit the pattern, oldest first."""
    found = store.rows("SELECT * FROM call WHERE number > ? ORDER BY number", since)
    return [
        call_report(call)
        for call in found
        if not pattern or matches(pattern, method=call["method"], path=call["path"])
    ]


def call_report(call: Row) -> Row:
    report = call | {"id": call["number"], "headers": json.loads(call["headers"])}
    del report["number"]
    report["body_base64"] = bool(call["body_base64"])
    return report
