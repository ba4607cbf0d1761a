"""What went wrong, as RFC 9457 says it: a type, a title, a status and a detail a person can read."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.answers.terms import EndsBeforeItBegins, SayWhy, UnreadableSheet, WrongColumns
from caunoi.cases.terms import EmptyAnswer, NeedsReason, NotYourCase, TooLong, TwoPersons
from caunoi.documents.terms import NeedsReason as PaperNeedsReason
from caunoi.files.terms import NotAPhoto, NotAVoice, PhotoTooBig, VoiceTooLong
from caunoi.handling.terms import DraftMoved, NothingChosen, UnknownPlaceholder
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
WRONG_WORDS: tuple[type[Foreseen], ...] = (
    EmptyAnswer, NeedsReason, PaperNeedsReason, TooLong, SayWhy, EndsBeforeItBegins, NothingChosen,
    UnknownPlaceholder, NotAPhoto, PhotoTooBig, NotAVoice, VoiceTooLong, UnreadableSheet, WrongColumns,
)  # fmt: skip
"""What a form would refuse: the words sent are wrong, whatever stands in the case."""
_STATUS: tuple[tuple[type[Foreseen], int], ...] = (
    (NotYourCase, 404),
    (NotYourEndpoint, 404),
    (TwoPersons, 403),
    (DraftMoved, 412),
    *((kind, 422) for kind in WRONG_WORDS),
)


class Problem(Exception):
    """Something the caller can do something about."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def of_foreseen(error: Foreseen) -> Problem:
    """Return an error the house foresaw, in the reader's language; 422 for wrong words, 409 unless it is about who may."""
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
