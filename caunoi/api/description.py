"""The interface described: for programs as OpenAPI 3.1, for people as groups of operations made from the same."""

from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.api.v1.interface import interface

PREFIX = "/api/v1/"
GROUPS = {
    "cases": gettext_noop("Cases"),
    "clock": gettext_noop("Clock and deadline"),
    "way": gettext_noop("The way from unit to unit and to agencies"),
    "answering": gettext_noop("Answering"),
    "together": gettext_noop("Cases that belong together"),
    "files": gettext_noop("Photos and recordings"),
    "papers": gettext_noop("Papers"),
    "inbox": gettext_noop("The inbox, and many cases at once"),
    "canned": gettext_noop("Canned answers"),
    "sealed": gettext_noop("Sealed cases"),
    "agency": gettext_noop("For agencies that are asked"),
    "answers": gettext_noop("Published answers"),
    "library": gettext_noop("Keeping the library"),
    "webhooks": gettext_noop("Webhooks"),
    "lookups": gettext_noop("Looking up"),
}


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI description; made once a process."""
    return dict(interface.get_openapi_schema(path_prefix=PREFIX))


def groups() -> list[dict[str, Any]]:
    """Return the operations group by group, summaries in the reader's language."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_shown(path, method, operation))
    return [{"title": _(GROUPS[name]), "operations": rows} for name, rows in found.items()]


def _shown(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(r for status, r in operation["responses"].items() if int(status) < 300)
    answer = good.get("content", {}).get("application/json", {})
    return {
        "method": method.upper(),
        "path": path,
        "summary": _(operation["summary"]),
        "scope": operation.get("x-scope", ""),
        "parameters": [
            {"name": p["name"], "place": p["in"], "needed": p.get("required", False)}
            for p in operation.get("parameters", [])
        ],
        "sent": _fields(body.get("schema", {})),
        "answered": _fields(answer.get("schema", {})),
    }


def _fields(shape: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a body, of what its list holds, or nothing."""
    shape = _resolved(shape.get("items", shape))
    needed = set(shape.get("required", ()))
    return [
        {"name": name, "type": _type(part), "needed": name in needed}
        for name, part in shape.get("properties", {}).items()
    ]


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    name = shape.get("$ref", "").rpartition("/")[2]
    return schema()["components"]["schemas"][name] if name else shape


def _type(part: dict[str, Any]) -> str:
    if "$ref" in part:
        target = _resolved(part)
        return " | ".join(target["enum"]) if "enum" in target else part["$ref"].rpartition("/")[2]
    if "anyOf" in part:
        return " | ".join(_type(p) for p in part["anyOf"])
    if "enum" in part:
        return " | ".join(str(v) for v in part["enum"])
    if part.get("type") == "array":
        return f"[{_type(part.get('items', {}))}]"
    return str(part.get("format") or part.get("type", ""))
