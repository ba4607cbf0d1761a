"""The asker's door: number and code, remembered by the browser, wrong codes counted. Every page of an asker goes through here."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from caunoi.cases.models import Case
from caunoi.kit import limits


def knows_code(request: HttpRequest, case: Case) -> bool:
    """True when this browser has shown the case's code before."""
    return case.number in request.session.get("codes", [])


def remember_code(request: HttpRequest, case: Case) -> None:
    """Let this browser act on the case from now on."""
    request.session["codes"] = [*request.session.get("codes", []), case.number][-20:]


def let_in(request: HttpRequest, case: Case, code: str, at: datetime) -> HttpResponse | bool:
    """True for whoever has shown the code or types it now; a wrong one counts against the limit on tries."""
    if knows_code(request, case):
        return True
    allowed = right_code(request, case, code, at)
    if allowed is True:
        remember_code(request, case)
    return allowed


def right_code(request: HttpRequest, case: Case, code: str, at: datetime) -> HttpResponse | bool:
    """True for whoever types the code now, whatever was shown before; a wrong one counts against the limit on tries."""
    who = limits.address(request)
    verdict = limits.take(limits.FOLLOW_CODE, who=who, at=at)
    if not verdict.allowed:
        return limits.too_many(request, verdict)
    if not code or not constant_time_compare(code, case.follow_code):
        return False
    limits.give_back(limits.FOLLOW_CODE, who=who, at=at)
    return True
