"""The one door of every machine: whose key it is, how often it may come, and that a repeated request does nothing twice."""

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.translation import gettext as _

from caunoi.api import actions, problems, queries, rules
from caunoi.api.models import ApiKey, KeptAnswer
from caunoi.api.problems import Problem
from caunoi.api.rules import KeyViewer
from caunoi.kit import clock, limits, uploads
from caunoi.kit.access import public
from caunoi.kit.limits import Limit, Verdict

PER_KEY = Limit("api-key", tries=600, per=timedelta(minutes=10))
WRONG_KEY = Limit("api-wrong-key", tries=30, per=timedelta(minutes=10))
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
KEPT_HEADERS = ("ETag", "Location", "Content-Type")
MAX_BODY_BYTES = 200_000
MAX_UPLOAD_BYTES = 21 * 1024 * 1024


class KeyRequest(HttpRequest):
    """A request that came through the door."""

    key: ApiKey
    viewer: KeyViewer
    at: datetime
    on: date


View = Callable[..., HttpResponse]


def door(view: View) -> View:
    """Let a view be opened by a key alone: a browser's session counts for nothing here."""

    @public("opened by a key in the header, checked at the door")
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(_language(request)):
            response = _through(request, lambda: view(request, *args, **kwargs))
            response["Content-Language"] = translation.get_language() or "vi"
        response["Cache-Control"] = "no-store"
        return response

    opened.csrf_exempt = True  # type: ignore[attr-defined]
    return opened


def _language(request: HttpRequest) -> str:
    """Vietnamese unless English is what the caller names first."""
    first = request.headers.get("Accept-Language", "").strip().lower()
    return "en" if first.startswith("en") else "vi"


def _through(request: Any, run: Callable[[], HttpResponse]) -> HttpResponse:
    at = clock.now()
    verdict = None
    try:
        request.at, request.on = at, clock.local_date(at)
        request.key, request.viewer = recognise(request, _bearer(request), at=at)
        verdict = limits.take(PER_KEY, who=str(request.key.pk), at=at)
        if not verdict.allowed:
            raise too_often(verdict)
        response = _run(request, run, at)
    except Problem as problem:
        response = problems.answer(problem)
        if "retry_after" in problem.more:
            response["Retry-After"] = str(problem.more["retry_after"])
    if verdict is not None:
        _say_limit(response, verdict)
    return response


def _bearer(request: HttpRequest) -> str:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text if scheme.lower() == "bearer" else ""


def recognise(request: HttpRequest, text: str, *, at: datetime) -> tuple[ApiKey, KeyViewer]:
    """Return the key and whoever acts through it. Raises Problem: 401, or 429 after many wrong keys from one address."""
    who = limits.address(request)
    key = queries.key_by_text(text=text) if text else None
    if key is None:
        if text and not limits.take(WRONG_KEY, who=who, at=at).allowed:
            raise too_often(limits.look(WRONG_KEY, who=who, at=at))
        raise Problem(401, _("Send a key: Authorization: Bearer caunoi_…"))
    viewer = queries.viewer_of(key=key, on=clock.local_date(at))
    if viewer is None:
        raise Problem(401, _("This key is not in use any more, or its account is not."))
    return key, viewer


def too_often(verdict: Verdict) -> Problem:
    """Return the problem of a spent limit."""
    seconds = verdict.wait_seconds
    detail = _("Too many requests; try again in %(seconds)d seconds.") % {"seconds": seconds}
    return Problem(429, detail, retry_after=seconds)


def _say_limit(response: HttpResponse, verdict: Verdict) -> None:
    """Source: draft-ietf-httpapi-ratelimit-headers-10, and the three older words many clients know."""
    seconds = round(PER_KEY.per.total_seconds())
    again = math.ceil(verdict.full_in.total_seconds())
    response["RateLimit-Policy"] = f'"key";q={PER_KEY.allowed};w={seconds}'
    response["RateLimit"] = f'"key";r={verdict.left};t={again}'
    response["RateLimit-Limit"] = str(PER_KEY.allowed)
    response["RateLimit-Remaining"] = str(verdict.left)
    response["RateLimit-Reset"] = str(again)


def _run(request: Any, run: Callable[[], HttpResponse], at: datetime) -> HttpResponse:
    """Answer a read as it is; a write is one transaction with its record and, if asked for, its kept answer."""
    if request.method in SAFE:
        response = run()
        note(request, at, wrote=False, answer=response.status_code)
        return response
    _check_length(request)
    given = request.headers.get("Idempotency-Key", "")
    if given and not rules.is_idempotency_key(given):
        raise Problem(400, _("Idempotency-Key: up to 100 visible ASCII letters."))
    with transaction.atomic():
        known = _known(request, given) if given else None
        if known is not None:
            return known
        response = run()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        else:
            note(request, at, wrote=True, answer=response.status_code)
            if given:
                _keep(request, given, response, at)
    return response


def _check_length(request: HttpRequest) -> None:
    """Raise Problem 413 for more than is read: words 200 kB, a file 21 MB; 400 for parts that are none."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    heavy = int(length) if length.isdigit() else MAX_UPLOAD_BYTES + 1
    if not _has_parts(request):
        if heavy > MAX_BODY_BYTES:
            raise Problem(413, _("More than 200 kB is not read."))
        return
    if heavy > MAX_UPLOAD_BYTES:
        raise Problem(413, _("A file heavier than 20 MB is not read."))
    try:
        skipped = uploads.skipped_files(request) if request.FILES is not None else 0
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Problem(400, _("The parts of the request cannot be read.")) from error
    if skipped:
        raise Problem(413, _("A file heavier than 20 MB is not read."))


def _has_parts(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def note(request: Any, at: datetime, *, wrote: bool, answer: int) -> None:
    """Put the use of the key on record."""
    match = request.resolver_match
    operation = f"{request.method} {match.route if match else request.path}"
    actions.note_use(
        key=request.key, operation=operation, wrote=wrote, by=request.viewer, at=at, answer=answer
    )


def _known(request: Any, given: str) -> HttpResponse | None:
    """Return the answer this very request got before. Raises Problem: 409 while the first is being worked on, 422 for another body."""
    with connection.cursor() as cursor:
        name = f"api:{request.key.pk}:{given}"
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise Problem(409, _("The first request with this key is still being worked on."))
    kept = KeptAnswer.objects.filter(key=request.key, given=given).first()
    if kept is None:
        return None
    if bytes(kept.request_print) != _print(request):
        raise Problem(422, _("This Idempotency-Key was used for another request."))
    response = HttpResponse(kept.body, status=kept.status)
    for name, value in kept.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(request: Any, given: str, response: HttpResponse, at: datetime) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    actions.keep_answer(
        key=request.key,
        given=given,
        request_print=_print(request),
        status=response.status_code,
        headers=headers,
        body=response.content.decode(),
        at=at,
    )


def _print(request: HttpRequest) -> bytes:
    body = _parts_of(request) if _has_parts(request) else request.body
    return rules.print_of(method=request.method or "", address=request.get_full_path(), body=body)


def _parts_of(request: HttpRequest) -> bytes:
    """Return fields and files in one order, without the boundary, which every sending draws anew."""
    fields = [f"{n}={v}".encode() for n, values in request.POST.lists() for v in values]
    files = []
    for name, sent in request.FILES.lists():
        for upload in sent:
            upload.seek(0)
            files.append(name.encode() + b":" + sha256(upload.read()).digest())
            upload.seek(0)
    return b"\x00".join([*sorted(fields), *sorted(files)])
