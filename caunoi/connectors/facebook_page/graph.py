"""Calls of the Graph API: one place for address, proof, errors and the usage header."""

import hashlib
import hmac
import json
from typing import Any

import httpx

from caunoi.channels.contract import Account, ReconnectNeeded, Refused, TryLater, Unclear
from caunoi.connectors.facebook_page import uncertain
from caunoi.kit import http


def proof(*, app_secret: str, token: str) -> str:
    """Return ``appsecret_proof``: hex HMAC-SHA256 of the token under the app secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def get(account: Account, path: str, **query: str) -> dict[str, Any]:
    """Read something. Raises TryLater, Refused, ReconnectNeeded."""
    try:
        answer = _call(account, "GET", path, params=_signed(account, query))
    except httpx.HTTPError as error:
        raise TryLater(f"Facebook did not answer: {type(error).__name__}") from error
    if answer.status_code >= 500 or not isinstance(_json(answer), dict):
        raise TryLater("Facebook is in trouble.", _pause(answer))
    return _checked(answer)


def post(account: Account, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Write something once. Raises Unclear when the request may have been carried out; else as get()."""
    try:
        answer = _call(account, "POST", path, params=_signed(account, {}), json=body)
    except httpx.ConnectError as error:
        raise TryLater("Facebook cannot be reached.") from error
    except httpx.HTTPError as error:
        raise Unclear(
            f"Facebook did not answer after the message left: {type(error).__name__}"
        ) from error
    if not isinstance(_json(answer), dict):
        raise Unclear(f"Facebook answered something unreadable ({answer.status_code}).")
    return _checked(answer, writing=True)


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


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _checked(answer: httpx.Response, *, writing: bool = False) -> dict[str, Any]:
    body = answer.json()
    error = body.get("error")
    if not isinstance(error, dict):
        if answer.status_code >= 500 and writing:
            raise Unclear(f"Facebook answered {answer.status_code}.")
        if answer.status_code == 429 or answer.status_code >= 500:
            raise TryLater(f"Facebook answered {answer.status_code}.", _pause(answer))
        if answer.status_code >= 400:
            raise Refused(f"Facebook answered {answer.status_code}.", str(answer.status_code))
        return body
    raise _named(error, answer)


def _named(error: dict[str, Any], answer: httpx.Response) -> Exception:
    code = int(error.get("code") or 0)
    words = str(error.get("message", ""))[:200]
    if code in uncertain.RECONNECT or "impersonating" in words:
        return ReconnectNeeded(f"Facebook no longer accepts the Page's token ({code}).")
    if error.get("is_transient") or code in uncertain.PASSING or answer.status_code == 429:
        return TryLater(f"Facebook asks to wait ({code}).", _pause(answer))
    if code in uncertain.SLOW:
        return TryLater("Facebook finds that this Page writes too fast.", uncertain.SLOW_SECONDS)
    return Refused(
        uncertain.EXPLAINED.get(code, f"Facebook refuses this ({code}: {words})"), str(code)
    )


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
    return max(minutes) * 60 or None if minutes else None
