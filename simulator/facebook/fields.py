"""Choosing fields, paging by cursor, and writing times as the Graph API does."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from simulator.calls import Call
from simulator.facebook.errors import GraphError
from simulator.store import Row, Store


def asked_fields(call: Call, *, default: str) -> list[str]:
    """-> top-level field names; what stands in braces or brackets is left out."""
    names, depth, name = [], 0, ""
    for letter in (call.text("fields") or default) + ",":
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            names.append(name.split("{")[0].split(".")[0].strip())
            name = ""
        else:
            name += letter
    return [name for name in names if name]


def only_fields(thing: Row, names: list[str]) -> Row:
    """-> the thing with the asked fields that it has, and always its id."""
    return {"id": thing["id"]} | {
        name: thing[name] for name in names if name in thing and thing[name] is not None
    }


def graph_time(store: Store, at_ms: int) -> int | str:
    """-> Unix seconds, or ISO text when the simulator is told to write it so."""
    if store.setting("limits").get("facebook_iso_times"):
        return datetime.fromtimestamp(at_ms / 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    return at_ms // 1000


def read_time_ms(text: str) -> int | None:
    """-> milliseconds for Unix seconds or an ISO time; None when it is neither."""
    if text.isdigit():
        return int(text) * 1000
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)


def page_of(call: Call, things: list[Row], *, names: list[str]) -> dict[str, Any]:
    """-> one page of the things after the cursor `after`; at most 100 at a time."""
    limit = page_size(call)
    start = position_after(call.text("after"))
    chosen = things[start : start + limit]
    answer: dict[str, Any] = {"data": [only_fields(thing, names) for thing in chosen]}
    if chosen:
        end = cursor(start + len(chosen))
        answer["paging"] = {"cursors": {"before": cursor(start), "after": end}}
        if start + len(chosen) < len(things):
            answer["paging"]["next"] = f"{call.path}?limit={limit}&after={end}"
    return answer


def page_size(call: Call) -> int:
    """-> the asked limit within 1..100, or 25 when none is asked."""
    asked = call.text("limit")
    if asked and not asked.isdigit():
        raise GraphError(100, "param limit must be an integer")
    return min(max(int(asked or 25), 1), 100)


def cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at:{position}".encode()).decode()


def position_after(text: str) -> int:
    """-> the position a cursor stands for. Raises GraphError for a broken cursor."""
    if not text:
        return 0
    try:
        return int(base64.urlsafe_b64decode(text).decode().removeprefix("at:"))
    except (ValueError, binascii.Error) as broken:
        raise GraphError(100, "Invalid cursor") from broken
