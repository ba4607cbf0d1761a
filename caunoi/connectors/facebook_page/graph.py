"""Calls of the Graph API: one place for address, proof and the usage header."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx

from caunoi.channels.contract import Account, Picture, Unclear
from caunoi.connectors.facebook_page import errors, uncertain
from caunoi.kit import http


def proof(*, app_secret: str, token: str) -> str:
    """Return ``appsecret_proof``: hex HMAC-SHA256 of the token under the app secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def get(account: Account, path: str, **query: str) -> dict[str, Any]:
    """Read something. Raises TryLater, Refused, ReconnectNeeded."""
    try:
        answer = _call(account, "GET", path, params=_signed(account, query))
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise errors.NO_READING.error(type(error).__name__) from error
    body = _json(answer)
    if body is None:
        raise errors.TROUBLE.error(answer.status_code, after_seconds=_pause(answer))
    return _checked(body, answer, writing=False)


def debug_token(account: Account, *, app_token: str) -> dict[str, Any]:
    """Return what Facebook knows about the Page's token; empty when it will not say. Raises TryLater."""
    words = {"input_token": account.secrets.get("access_token", ""), "access_token": app_token}
    try:
        answer = _call(account, "GET", "debug_token", params=words)
    except httpx.HTTPError as error:
        raise errors.NO_READING.error(type(error).__name__) from error
    told = (_json(answer) or {}).get("data")
    return told if isinstance(told, dict) else {}


def pages(account: Account, path: str, *, at_most: int, **query: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of up to ``at_most`` pages of a list. Raises as get(), and TryLater when there would be more."""
    after = ""
    for _ in range(at_most):
        page = get(account, path, **query, **({"after": after} if after else {}))
        rows = [row for row in page.get("data") or [] if isinstance(row, dict)]
        yield from rows
        paging = page.get("paging") or {}
        following = str((paging.get("cursors") or {}).get("after") or "")
        if not rows or not following or following == after or not paging.get("next"):
            return
        after = following
    raise errors.TOO_MUCH.error("")


def post(account: Account, path: str, body: dict[str, Any], *, wanted: str) -> str:
    """Write something once. -> what the answer has under ``wanted``. Raises as write()."""
    return str(write(account, path, body, wanted=wanted)[wanted])


def write(account: Account, path: str, body: dict[str, Any], *, wanted: str) -> dict[str, Any]:
    """Write something once. -> the answer, which has something under ``wanted``.

    Raises Unclear when the request may have been carried out; else as get().
    """
    return _written(account, "POST", path, wanted=wanted, json=body)


def publish_picture(
    account: Account, path: str, fields: dict[str, str], picture: Picture, *, wanted: str
) -> dict[str, Any]:
    """Upload a picture that everybody sees at once. -> the answer. Raises as write()."""
    return _written(account, "POST", path, wanted=wanted, data=fields, files=_source(picture))


def keep_picture(account: Account, path: str, fields: dict[str, str], picture: Picture) -> str:
    """Upload a picture that nobody sees before a post carries it. -> its id. Raises TryLater, Refused, ReconnectNeeded."""
    try:
        return str(
            _written(account, "POST", path, wanted="id", data=fields, files=_source(picture))["id"]
        )
    except Unclear as error:
        # whether it was kept does not matter: nobody sees it, and it goes by itself
        raise errors.NO_READING.error("picture") from error


class Misplaced(Exception):
    """Facebook has another part of the upload than we thought, and says where to go on."""

    def __init__(self, start: str, end: str) -> None:
        super().__init__(start)
        self.start, self.end = start, end


def form(
    account: Account,
    path: str,
    fields: dict[str, str],
    *,
    wanted: str,
    part: tuple[str, bytes, str] | None = None,
) -> dict[str, Any]:
    """Write a form, with a part of a file. -> the answer. Raises as write(), and Misplaced for a part that does not fit."""
    files = {"video_file_chunk": part} if part else None
    return _written(account, "POST", path, wanted=wanted, data=fields, files=files)


def delete(account: Account, path: str) -> None:
    """Take something of ours away. Raises as write(); what is gone already raises Refused."""
    _written(account, "DELETE", path, wanted="success")


def _source(picture: Picture) -> dict[str, tuple[str, bytes, str]]:
    return {"source": (picture.name, picture.body, picture.media_type)}


def _written(
    account: Account, method: str, path: str, *, wanted: str, **words: Any
) -> dict[str, Any]:
    try:
        answer = _call(account, method, path, params=_signed(account, {}), **words)
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise errors.NO_ANSWER.error(type(error).__name__) from error
    read = _json(answer)
    if read is None:
        raise errors.UNREADABLE.error(answer.status_code)
    found = _checked(read, answer, writing=True)
    if not found.get(wanted):
        raise errors.UNREADABLE.error(answer.status_code)
    return found


def _call(account: Account, method: str, path: str, **words: Any) -> httpx.Response:
    base = f"{account.settings['graph_base']}/{account.settings.get('version', 'v26.0')}/"
    with http.client(base) as client:
        return client.request(method, path.lstrip("/"), **words)


def _signed(account: Account, query: dict[str, str]) -> dict[str, str]:
    token = account.secrets.get("access_token", "")
    signed = query | {"access_token": token}
    secret = account.app.secrets.get("app_secret") if account.app else None
    if secret:
        signed["appsecret_proof"] = proof(app_secret=secret, token=token)
    return signed


def _json(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _checked(body: dict[str, Any], answer: httpx.Response, *, writing: bool) -> dict[str, Any]:
    error, status = body.get("error"), answer.status_code
    if isinstance(error, dict):
        where = error.get("error_data")
        if isinstance(where, dict) and "start_offset" in where:
            raise Misplaced(str(where["start_offset"]), str(where.get("end_offset") or ""))
        raise errors.from_body(error, status=status, writing=writing, after_seconds=_pause(answer))
    if status == 429:
        raise errors.BUSY.error(status, after_seconds=_pause(answer))
    if status >= 500:
        raise (
            errors.NO_ANSWER.error(status)
            if writing
            else errors.TROUBLE.error(status, after_seconds=_pause(answer))
        )
    if status >= 400:
        raise errors.UNKNOWN.error(status)
    return body


def _pause(answer: httpx.Response) -> float | None:
    """Return how long Facebook wants us to wait: Retry-After, else the usage header, else nothing."""
    after = answer.headers.get("retry-after", "")
    if after.isdigit():
        return float(after)
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = [
            int(u.get("estimated_time_to_regain_access", 0))
            for rows in usage.values()
            for u in rows
        ]
    except (ValueError, AttributeError, TypeError):
        return None
    return min(max(minutes) * 60.0, uncertain.LONGEST_PAUSE_SECONDS) or None if minutes else None
