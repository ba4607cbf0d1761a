"""What went wrong, as RFC 9457 says it: a type, a title, a status and a detail a person can read."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.cases.terms import NotYourCase, TwoPersons
from caunoi.handling.terms import DraftMoved
from caunoi.kit.terms import Foreseen
from caunoi.webhooks.terms import NotYourEndpoint

KIND = "application/problem+json"
TITLES = {
    400: gettext_noop("The request cannot be read"),
    401: gettext_noop("A key is needed"),
    403: gettext_noop("Not with this key"),
    404: gettext_noop("Not found"),
    405: gettext_noop("Not in this way"),
    409: gettext_noop("Not as things stand"),
    412: gettext_noop("Somebody changed it meanwhile"),
    413: gettext_noop("Too large"),
    422: gettext_noop("Something in it is wrong"),
    428: gettext_noop("Say which version you saw"),
    429: gettext_noop("Too often"),
    500: gettext_noop("Something broke here"),
}
_STATUS: tuple[tuple[type[Foreseen], int], ...] = (
    (NotYourCase, 404),
    (NotYourEndpoint, 404),
    (TwoPersons, 403),
    (DraftMoved, 412),
)


class Problem(Exception):
    """Something the caller can do something about."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def of_foreseen(error: Foreseen) -> Problem:
    """Return an error the house foresaw, in the reader's language; 409 unless it is about who may."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 409)
    return Problem(status, _(str(error)), code=type(error).__name__)


def answer(problem: Problem) -> HttpResponse:
    """Return the problem as a response."""
    title = TITLES.get(problem.status, HTTPStatus(problem.status).phrase)
    said = {
        "type": "about:blank",
        "title": _(title),
        "status": problem.status,
        "detail": problem.detail,
        **problem.more,
    }
    body = json.dumps(said, ensure_ascii=False)
    response = HttpResponse(body, content_type=KIND, status=problem.status)
    if problem.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="caunoi"'
    return response
