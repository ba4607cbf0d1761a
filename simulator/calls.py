"""One call as a provider sees it: where to, with which arguments, headers and files."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request


@dataclass(frozen=True)
class SentFile:
    """A file that came in a multipart form."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """Arguments of query, form and JSON in one place; JSON keeps its types."""

    method: str
    path: str
    args: dict[str, Any]
    headers: dict[str, str]
    sent_json: bool = False
    files: dict[str, SentFile] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """-> the argument as text, empty when it is missing."""
        value = self.args.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Answer:
    """What a provider says back."""

    content: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


async def read_call(request: Request) -> Call:
    """-> the request as a call; a body that is no JSON object counts as no arguments."""
    args: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    files: dict[str, SentFile] = {}
    if kind.startswith("application/json"):
        args.update(json_object(await request.body()))
    elif kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        for name, value in (await request.form()).items():
            if isinstance(value, UploadFile):
                files[name] = SentFile(
                    value.filename or "", value.content_type or "", await value.read()
                )
            else:
                args[name] = value
    return Call(
        method=request.method,
        path=request.url.path,
        args=args,
        headers={key.lower(): value for key, value in request.headers.items()},
        sent_json=kind.startswith("application/json"),
        files=files,
    )


def json_object(text: bytes | str) -> dict[str, Any]:
    """-> the JSON object written there, or an empty one."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def inner_object(args: dict[str, Any], name: str) -> dict[str, Any]:
    """-> a nested object, also when a form carried it as JSON text."""
    value = args.get(name)
    if isinstance(value, str):
        return json_object(value)
    return value if isinstance(value, dict) else {}
