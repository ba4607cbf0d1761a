"""Calls of the OA API and of its token endpoint: addresses and headers in one place."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import httpx

from caunoi.channels.contract import Account, Tokens
from caunoi.connectors.zalo_oa import errors
from caunoi.kit import http

ACCESS_SECONDS = 90_000


def proof(*, app_secret: str, token: str) -> str:
    """Return ``appsecret_proof``: hex HMAC-SHA256 of the token under the application's secret key."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def get(
    account: Account,
    path: str,
    data: dict[str, Any] | None = None,
    *,
    plain: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Read something. Raises TryLater, Refused, ReconnectNeeded.

    data   arguments as most paths want them, in one JSON value; ``plain``: as the paths of articles want them
    """
    query = {"data": json.dumps(data)} if data is not None else plain
    try:
        with http.client(account.settings["api_base"]) as client:
            answer = client.get(path, params=query, headers=_headers(account))
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise errors.NO_READING.error(type(error).__name__) from error
    body = _json(answer)
    if answer.status_code == 429:
        raise errors.BUSY.error(answer.status_code, after_seconds=_retry_after(answer))
    if answer.status_code >= 500 or body is None:
        raise errors.TROUBLE.error(answer.status_code, after_seconds=_retry_after(answer))
    return _checked(body, answer)


def send(account: Account, path: str, body: dict[str, Any], *, wanted: str = "message_id") -> str:
    """Send something once. -> its id. Raises Unclear when it may have been carried out; else as get()."""
    taken = ask(account, path, body, writing=True).get("data")
    found = taken.get(wanted) if isinstance(taken, dict) else None
    if not found:
        raise errors.UNREADABLE.error("")
    return str(found)


def ask(
    account: Account, path: str, body: dict[str, Any], *, writing: bool = False
) -> dict[str, Any]:
    """Post something. -> the whole answer. Raises as get(); with ``writing`` Unclear when it may have been carried out."""
    lost, unread = (
        (errors.NO_ANSWER, errors.UNREADABLE) if writing else (errors.NO_READING, errors.TROUBLE)
    )
    try:
        with http.client(account.settings["api_base"]) as client:
            answer = client.post(path, json=body, headers=_headers(account))
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise lost.error(type(error).__name__) from error
    read = _json(answer)
    if answer.status_code == 429:
        raise errors.BUSY.error(answer.status_code, after_seconds=_retry_after(answer))
    if answer.status_code >= 500 or read is None:
        raise unread.error(answer.status_code)
    return _checked(read, answer)


def trade(account: Account, *, at: datetime, **words: str) -> Tokens:
    """Ask the token endpoint (refresh or first code). Raises TryLater, Unclear, ReconnectNeeded."""
    app = account.app
    if app is None:
        raise errors.NO_APPLICATION.error("")
    try:
        with http.client(account.settings["oauth_base"]) as client:
            answer = client.post(
                "/v4/oa/access_token",
                data={"app_id": app.app_id, **words},
                headers={"secret_key": app.secrets.get("app_secret", "")},
            )
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise errors.NO_TRADE.error(type(error).__name__) from error
    body = _json(answer)
    if answer.status_code == 429:
        raise errors.BUSY.error(answer.status_code, after_seconds=_retry_after(answer))
    if answer.status_code >= 500 or body is None:
        raise errors.NO_TRADE.error(answer.status_code)
    if not body.get("access_token") or not body.get("refresh_token"):
        code = errors.number(body.get("error") or -1)
        raise errors.OAUTH.get(code, errors.REFRESH_GONE).error(code)
    lasts = timedelta(seconds=max(errors.number(body.get("expires_in")), 0) or ACCESS_SECONDS)
    return Tokens(str(body["access_token"]), str(body["refresh_token"]), at + lasts)


def _headers(account: Account) -> dict[str, str]:
    token = account.secrets.get("access_token", "")
    headers = {"access_token": token}
    secret = account.app.secrets.get("app_secret") if account.app else None
    if secret:
        headers["appsecret_proof"] = proof(app_secret=secret, token=token)
    return headers


def _json(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _retry_after(answer: httpx.Response) -> float | None:
    after = answer.headers.get("retry-after", "")
    return float(after) if after.isdigit() else None


def _checked(body: dict[str, Any], answer: httpx.Response) -> dict[str, Any]:
    code = errors.number(body.get("error") or 0)
    if code == 0:
        if answer.status_code >= 400:
            raise errors.UNKNOWN.error(answer.status_code)
        return body
    raise errors.TABLE.get(code, errors.UNKNOWN).error(code)
