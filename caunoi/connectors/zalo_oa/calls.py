"""Calls of the OA API and of its token endpoint: addresses, headers and errors in one place."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import httpx

from caunoi.channels.contract import Account, ReconnectNeeded, Refused, Tokens, TryLater, Unclear
from caunoi.connectors.zalo_oa import uncertain
from caunoi.kit import http


class TokenGone(ReconnectNeeded):
    """The access token is no longer good; a refreshed one may be."""


def proof(*, app_secret: str, token: str) -> str:
    """Return ``appsecret_proof``: hex HMAC-SHA256 of the token under the application's secret key."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def get(account: Account, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """Read something. Raises TryLater, Refused, ReconnectNeeded."""
    query = {"data": json.dumps(data)} if data is not None else None
    try:
        with http.client(account.settings["api_base"]) as client:
            answer = client.get(path, params=query, headers=_headers(account))
    except httpx.HTTPError as error:
        raise TryLater(f"Zalo did not answer: {type(error).__name__}") from error
    body = _json(answer)
    if answer.status_code >= 500 or body is None:
        raise TryLater("Zalo is in trouble.")
    return _checked(body, answer)


def post(account: Account, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Write something once. Raises Unclear when it may have been carried out; else as get()."""
    try:
        with http.client(account.settings["api_base"]) as client:
            answer = client.post(path, json=body, headers=_headers(account))
    except httpx.ConnectError as error:
        raise TryLater("Zalo cannot be reached.") from error
    except httpx.HTTPError as error:
        raise Unclear(
            f"Zalo did not answer after the message left: {type(error).__name__}"
        ) from error
    read = _json(answer)
    if answer.status_code == 429:
        raise TryLater("Zalo asks to wait.", _retry_after(answer))
    if answer.status_code >= 500 or read is None:
        raise Unclear(f"Zalo answered something unreadable ({answer.status_code}).")
    return _checked(read, answer)


def trade(account: Account, *, at: datetime, **words: str) -> Tokens:
    """Ask the token endpoint (refresh or first code). Raises TryLater, Unclear, ReconnectNeeded."""
    app = account.app
    if app is None:
        raise ReconnectNeeded("This account has no application; connect it again.")
    try:
        with http.client(account.settings["oauth_base"]) as client:
            answer = client.post(
                "/v4/oa/access_token",
                data={"app_id": app.app_id, **words},
                headers={"secret_key": app.secrets.get("app_secret", "")},
            )
    except httpx.ConnectError as error:
        raise TryLater("Zalo cannot be reached.") from error
    except httpx.HTTPError as error:
        raise Unclear("Zalo did not answer while tokens were traded.") from error
    body = _json(answer)
    if answer.status_code >= 500 or body is None:
        raise Unclear("Zalo gave no readable tokens.")
    if "access_token" not in body:
        code = int(body.get("error") or 0)
        if code in uncertain.OAUTH_PASSING:
            raise TryLater("Zalo asks to wait.", 60)
        raise ReconnectNeeded(
            f"Zalo no longer accepts the refresh token ({code}); connect the account again."
        )
    lasts = timedelta(seconds=int(body.get("expires_in") or 90000))
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
    code = int(body.get("error") or 0)
    if code == 0:
        if answer.status_code >= 400:
            raise Refused(f"Zalo answered {answer.status_code}.", str(answer.status_code))
        return body
    if code in uncertain.TOKEN_GONE:
        raise TokenGone(f"Zalo no longer accepts the access token ({code}).")
    if code in uncertain.CHANNEL_GONE:
        raise ReconnectNeeded("This Zalo account is switched off or does not exist.")
    if code in uncertain.LATER:
        raise TryLater(
            uncertain.EXPLAINED.get(code, f"Zalo asks to wait ({code})."), uncertain.LATER[code]
        )
    words = str(body.get("message", ""))[:200]
    raise Refused(uncertain.EXPLAINED.get(code, f"Zalo refuses this ({code}: {words})"), str(code))
