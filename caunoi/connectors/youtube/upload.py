"""A video in parts, carried on after a cut from where YouTube has it. It stands on the channel only when its last part is there."""

import re
from datetime import datetime
from typing import Any

import httpx

from caunoi.channels.contract import Account, Video
from caunoi.connectors.youtube import calls, errors, uncertain
from caunoi.kit import http

HAS = re.compile(r"bytes=0-(\d+)")


def send(
    account: Account, video: Video, about: dict[str, Any], *, token: dict[str, str], at: datetime
) -> str:
    """Upload the video. -> its id.

    Raises TryLater, Refused, ReconnectNeeded while it is not there; Unclear when all of it left and nothing can be heard.
    """
    session = _begin(account, video, about, token=token, at=at)
    there, tries = 0, 0
    while True:
        answer = _part(session, video, there)
        if answer is None or answer.status_code >= 500:
            tries += 1
            answer = _where(session, video) if tries < uncertain.TRIES else None
        if answer is None:
            last = there + uncertain.PART_BYTES >= video.size
            raise (errors.NO_ANSWER if last else errors.CUT).error("")
        if answer.status_code in {200, 201}:
            return _number(answer)
        if answer.status_code == 404:
            raise errors.CUT.error(404)
        if answer.status_code != 308:
            calls.checked(answer, at=at)
            raise errors.UNKNOWN.error(answer.status_code)
        there = _has(answer)


def _begin(
    account: Account, video: Video, about: dict[str, Any], *, token: dict[str, str], at: datetime
) -> str:
    """Announce the video. -> the address its parts go to; nothing is there yet."""
    headers = token | {
        "X-Upload-Content-Type": video.media_type,
        "X-Upload-Content-Length": str(video.size),
    }
    query = {"uploadType": "resumable", "part": "snippet,status", "notifySubscribers": "true"}
    try:
        with http.client(account.settings["api_base"]) as client:
            path = uncertain.PATHS["upload"]
            answer = client.post(path, params=query, json=about, headers=headers)
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise errors.NO_READING.error(type(error).__name__) from error
    if answer.status_code >= 400:
        calls.checked(answer, at=at)
    address = answer.headers.get("location", "")
    if not address:
        raise errors.TROUBLE.error(answer.status_code)
    return address


def _part(session: str, video: Video, start: int) -> httpx.Response | None:
    body = video.read(start, min(uncertain.PART_BYTES, video.size - start))
    last = start + len(body) - 1
    return _put(session, body, f"bytes {start}-{last}/{video.size}")


def _where(session: str, video: Video) -> httpx.Response | None:
    """Ask how much is there; a finished video answers with itself."""
    return _put(session, b"", f"bytes */{video.size}")


def _put(session: str, body: bytes, place: str) -> httpx.Response | None:
    """Return the answer; None when there was none, or one that cannot be read."""
    try:
        with http.client("") as client:
            answer = client.put(session, content=body, headers={"Content-Range": place})
    except httpx.HTTPError:
        return None
    if answer.status_code in {200, 201} and not _number(answer):
        return None
    return answer


def _number(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("id") or "") if isinstance(body, dict) else ""


def _has(answer: httpx.Response) -> int:
    """Return from where to go on: after the last byte YouTube has, at the beginning when it has none."""
    found = HAS.fullmatch(answer.headers.get("range", ""))
    return int(found[1]) + 1 if found else 0
