"""One call to a company that resells text messages; its names for things stand in ``uncertain.py``."""

from typing import Any

import httpx

from caunoi.channels.contract import Account, Health
from caunoi.connectors.sms import errors, uncertain
from caunoi.connectors.sms.smpp import sender_of
from caunoi.kit import http, texting


def send(text: str, number: str, account: Account, *, key: str) -> str:
    """Hand the text over under our key. -> the provider's id, or the key where the provider had it already.

    Raises TryLater, Refused, ReconnectNeeded while nothing was taken; Unclear when the answer is lost.
    """
    marks = texting.encoding_of(text) == texting.UCS2
    said = _fields(account) | {
        uncertain.FIELDS["phone"]: number,
        uncertain.FIELDS["text"]: text,
        uncertain.FIELDS["sender"]: sender_of(account),
        uncertain.FIELDS["class"]: uncertain.GATEWAY_CLASS,
        uncertain.FIELDS["marks"]: "1" if marks else "0",
        uncertain.FIELDS["key"]: key,
    }
    try:
        answer = _call(account, uncertain.GATEWAY_SEND, said)
    except httpx.ConnectError as error:
        raise errors.UNREACHABLE.error("") from error
    except httpx.HTTPError as error:
        raise errors.NO_ANSWER.error(type(error).__name__) from error
    told = _read(answer)
    if told is None:
        raise errors.UNREADABLE.error(answer.status_code)
    code = str(told.get(uncertain.ANSWER_CODE, ""))
    if code == uncertain.TAKEN_BEFORE:
        return key
    if code != uncertain.TAKEN:
        raise errors.GATEWAY.get(code, errors.UNKNOWN).error(code)
    return str(told.get(uncertain.ANSWER_ID) or key)


def check(account: Account) -> Health:
    """Ask for the account's balance. Raises TryLater, ReconnectNeeded."""
    try:
        answer = _call(account, uncertain.GATEWAY_CHECK, _fields(account))
    except httpx.HTTPError as error:
        raise errors.UNREACHABLE.error(type(error).__name__) from error
    told = _read(answer)
    if told is None:
        raise errors.TROUBLE.error(answer.status_code)
    code = str(told.get(uncertain.CHECK_CODE) or told.get(uncertain.ANSWER_CODE) or "")
    if code != uncertain.TAKEN:
        raise errors.GATEWAY.get(code, errors.NOT_LET_IN).error(code)
    return Health(ok=True)


def _fields(account: Account) -> dict[str, str]:
    return {
        uncertain.FIELDS["login"]: account.secrets.get("login", ""),
        uncertain.FIELDS["password"]: account.secrets.get("access_token", ""),
    }


def _call(account: Account, path: str, said: dict[str, str]) -> httpx.Response:
    with http.client(account.settings["gateway"]) as client:
        return client.post(path, json=said)


def _read(answer: httpx.Response) -> dict[str, Any] | None:
    """Return the answer, None when it says nothing. Raises TryLater when the provider is too busy to take anything."""
    if answer.status_code in {429, 503}:
        after = answer.headers.get("retry-after", "")
        seconds = float(after) if after.isdigit() else None
        raise errors.BUSY.error(answer.status_code, after_seconds=seconds)
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) and answer.status_code < 500 else None
