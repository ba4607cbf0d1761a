"""Calls of Google: a short-lived token for each send, plain calls, and what a no means."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from caunoi.channels.contract import Account
from caunoi.connectors.youtube import errors, uncertain
from caunoi.kit import http


def access(account: Account, *, at: datetime) -> dict[str, str]:
    """Trade the consent for a token of an hour. -> the header to send. Raises TryLater, ReconnectNeeded.

    The consent itself (refresh token) stays the same: nothing has to be kept.
    """
    kept = account.secrets.get("refresh_token", "")
    body = _traded(account, at=at, grant_type="refresh_token", refresh_token=kept)
    return {"Authorization": f"Bearer {body['access_token']}"}


def trade(account: Account, *, at: datetime, **words: str) -> dict[str, Any]:
    """Trade the code of the consent page. -> Google's answer. Raises TryLater, ReconnectNeeded."""
    return _traded(account, at=at, grant_type="authorization_code", **words)


def _traded(account: Account, *, at: datetime, **words: str) -> dict[str, Any]:
    app = account.app
    asked = words | {
        "client_id": app.app_id if app else "",
        "client_secret": app.secrets.get("app_secret", "") if app else "",
    }
    answer = _ask(account.settings["token_base"], "POST", uncertain.PATHS["token"], data=asked)
    body = checked(answer, at=at)
    if not body.get("access_token"):
        raise errors.TROUBLE.error(answer.status_code)
    return body


def own_channels(account: Account, *, token: dict[str, str], at: datetime) -> set[str]:
    """Return the ids of the channels whose consent this is. Raises as get()."""
    told = get(account, "channels", token=token, at=at, part="id", mine="true")
    return {str(row.get("id")) for row in told.get("items") or [] if isinstance(row, dict)}


def challenge_of(verifier: str) -> str:
    """Return the PKCE challenge (S256) of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def get(
    account: Account, path: str, *, token: dict[str, str], at: datetime, **query: str
) -> dict[str, Any]:
    """Read something. Raises TryLater, Refused, ReconnectNeeded."""
    base = account.settings["api_base"]
    answer = _ask(base, "GET", uncertain.PATHS[path], headers=token, params=query)
    return checked(answer, at=at)


def delete(account: Account, number: str, *, token: dict[str, str], at: datetime) -> None:
    """Delete a video of ours. Raises as get()."""
    base, path = account.settings["api_base"], uncertain.PATHS["videos"]
    answer = _ask(base, "DELETE", path, headers=token, params={"id": number})
    if answer.status_code != 204:
        checked(answer, at=at)


def checked(answer: httpx.Response, *, at: datetime) -> dict[str, Any]:
    """Return what the answer says. Raises what its no means."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.status_code < 400:
        if not isinstance(body, dict):
            raise errors.TROUBLE.error(answer.status_code)
        return body
    reason = errors.reason_of(body, answer.status_code)
    meaning = errors.TABLE.get(reason)
    if meaning is errors.USED_UP:
        raise meaning.error(reason, after_seconds=until_reset(at))
    if answer.status_code in {429, 503} or (meaning is None and answer.status_code >= 500):
        raise (meaning or errors.BUSY).error(reason, after_seconds=_pause(answer))
    if meaning is None and answer.status_code == 401:
        meaning = errors.TOKEN
    raise (meaning or errors.UNKNOWN).error(reason)


def until_reset(at: datetime) -> float:
    """Return the seconds until Google's day begins anew."""
    there = at.astimezone(ZoneInfo(uncertain.RESET_ZONE))
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return max(60.0, (midnight - there).total_seconds())


def _ask(base: str, method: str, path: str, **words: Any) -> httpx.Response:
    try:
        with http.client(base) as client:
            return client.request(method, path, **words)
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise errors.NO_READING.error(type(error).__name__) from error


def _pause(answer: httpx.Response) -> float | None:
    after = answer.headers.get("retry-after", "")
    return float(after) if after.isdigit() else None
