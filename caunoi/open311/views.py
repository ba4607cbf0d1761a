"""Open311 GeoReport v2 in XML and JSON: services, requests, tokens and updates. Reading needs no key, writing does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from caunoi.api import door
from caunoi.api.problems import Problem
from caunoi.api.terms import Scope
from caunoi.cases import queries as case_queries
from caunoi.cases import rules as case_rules
from caunoi.cases.models import Case
from caunoi.kit import clock, limits, uploads
from caunoi.kit.access import public
from caunoi.open311 import actions, formats, queries, rules
from caunoi.open311.terms import SPECIFICATION, Refused, Status, Window
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

PUBLIC = "Open311 is open: reading shows what our pages show, writing checks its key"
READING = limits.Limit("open311", tries=600, per=timedelta(minutes=10))
View = Callable[..., HttpResponse]


def spoken(view: View) -> View:
    """Let the view refuse in the words of the standard, in Vietnamese, and count how often one address comes."""

    @wraps(view)
    def answered(request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
        at = clock.now()
        try:
            verdict = limits.take(READING, who=limits.address(request), at=at)
            if not verdict.allowed:
                raise Refused(429, f"Try again in {verdict.wait_seconds} seconds.")
            with translation.override("vi"):
                response = view(request, form, **kwargs)
        except Refused as error:
            response = formats.refused(form, error)
        except Problem as problem:
            code = 403 if problem.status == 401 else problem.status
            response = formats.refused(form, Refused(code, problem.detail))
        response["Cache-Control"] = "no-store"
        return response

    return answered


def _unit(request: HttpRequest, given: Any) -> UnitNow | None:
    """Return the unit named as jurisdiction; None when none is. Raises Refused 404."""
    slug = str(given.get("jurisdiction_id", "")).strip()[:140]
    if not slug:
        return None
    on = clock.local_date(clock.now())
    unit = units.by_slug(slug=slug, on=on) if "\x00" not in slug else None
    if unit is None or (unit.valid_to is not None and unit.valid_to <= on):
        raise Refused(404, "jurisdiction_id not found.")
    return unit


@public(PUBLIC)
@require_safe
@spoken
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Say where what is spoken."""
    said = {
        "changeset": "2026-11-30T00:00:00+07:00",
        "contact": settings.PUBLIC_URL + reverse("portal:help"),
        "key_service": settings.PUBLIC_URL + reverse("api:docs"),
        "endpoints": (
            "endpoint",
            [
                {
                    "specification": SPECIFICATION,
                    "url": f"{settings.PUBLIC_URL}/open311/v2",
                    "changeset": "2026-11-30T00:00:00+07:00",
                    "type": "test" if settings.DEMO else "production",
                    "formats": ("format", ["text/xml", "application/json"]),
                }
            ],
        ),
    }
    return formats.single(form, root="discovery", row=said)


@public(PUBLIC)
@require_safe
@spoken
def services(request: HttpRequest, form: str) -> HttpResponse:
    """List the services: the topics."""
    _unit(request, request.GET)
    return formats.listed(form, root="services", each="service", rows=queries.services())


@public(PUBLIC)
@require_safe
@spoken
def service(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """Say what may be sent with a request beside its words."""
    _unit(request, request.GET)
    if code not in {s["service_code"] for s in queries.services()}:
        raise Refused(404, "service_code not found.")
    values = [{"key": "yes", "name": _("Yes, it is")}, {"key": "no", "name": _("No, it is not")}]
    attribute = {
        "variable": True,
        "code": "PUBLIC",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": 1,
        "description": _("May question and answer be public, names hidden?"),
        "values": ("value", values),
    }
    said = {"service_code": code, "attributes": ("attribute", [attribute])}
    return formats.single(form, root="service_definition", row=said)


@public(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """List public questions, or take one in."""
    if request.method == "POST":
        return _take_in(request, form)
    on = clock.local_date(clock.now())
    given = request.GET
    unit = _unit(request, given)
    if listed := given.get("service_request_id", "").strip():
        rows = queries.requests_by_number(numbers=rules.numbers_of(listed), on=on)
    else:
        rows = queries.service_requests(
            window=_window(given),
            on=on,
            unit_id=unit.id if unit else None,
            codes=[c.strip()[:40] for c in _clean(given, "service_code").split(",") if c.strip()],
            status=_status(given.get("status", "").strip()),
        )
    return formats.listed(form, root="service_requests", each="request", rows=rows)


def _clean(given: Any, name: str) -> str:
    return str(given.get(name, "")).replace("\x00", "").strip()


def _window(given: Any) -> Window:
    start = rules.moment_of(_clean(given, "start_date"), name="start_date")
    end = rules.moment_of(_clean(given, "end_date"), name="end_date")
    return rules.window_of(start=start, end=end, at=clock.now())


def _status(text: str) -> Status | None:
    """Both words together, or none, mean everything. Raises Refused 400."""
    words = {w.strip() for w in text.split(",") if w.strip()}
    if words - set(Status):
        raise Refused(400, "status is open or closed.")
    return Status(words.pop()) if len(words) == 1 else None


def _key(request: HttpRequest) -> Any:
    """Return the request with key and viewer. Raises Problem or Refused 403."""
    found: Any = request
    found.at = clock.now()
    text = request.POST.get("api_key", "").strip()
    if not text:
        raise Refused(403, "api_key is needed.")
    found.key, found.viewer = door.recognise(request, text, at=found.at)
    if Scope.OPEN311_WRITE not in found.viewer.scopes:
        raise Refused(403, "The api_key may not write.")
    verdict = limits.take(door.PER_KEY, who=str(found.key.pk), at=found.at)
    if not verdict.allowed:
        raise Refused(429, f"Try again in {verdict.wait_seconds} seconds.")
    return found


def _take_in(request: HttpRequest, form: str) -> HttpResponse:
    known = _key(request)
    given = {name: _clean(request.POST, name) for name in request.POST}
    unit = _unit(request, given) or units.as_of(
        unit_id=known.key.unit_id, on=clock.local_date(known.at)
    )
    if unit is None or not known.viewer.may(Permission.CASES_TAKE_IN, unit.path):
        raise Refused(403, "The api_key may not write there.")
    _check(given)
    case = actions.post_request(
        unit_id=unit.id,
        given=given,
        is_public=given.get("attribute[PUBLIC]", "yes") != "no",
        key=known.key,
        repeat=_repeat(request),
        at=known.at,
    )
    refused = _media(request, case, known.at)
    door.note(known, known.at, wrote=True, answer=200)
    shown = case.is_public and case.kind not in case_rules.NEVER_PUBLIC
    said = {"service_request_id": case.number} if shown else {"token": actions.token_of(case)}
    notices = [] if shown else [_("It is not public; keep the token.")]
    if refused:
        told = ngettext("%(count)d file was not kept.", "%(count)d files were not kept.", refused)
        notices.append(told % {"count": refused})
    row = {**said, "service_notice": " ".join(notices), "account_id": ""}
    return formats.listed(form, root="service_requests", each="request", rows=[row])


def _media(request: HttpRequest, case: Case, at: datetime) -> int:
    """Keep what came as parts named ``media``. -> how many were refused, with those too many or too heavy to be read."""
    sent = request.FILES.getlist("media")
    if sent and not limits.take(limits.UPLOADS, who=limits.address(request), at=at).allowed:
        return len(sent)
    refused = actions.keep_media(case=case, contents=(f.read() for f in sent), at=at)
    return refused + uploads.skipped_files(request)


def _check(given: dict[str, str]) -> None:
    """Raises Refused: 400 for what is missing, 404 for a service nobody offers."""
    if not given.get("service_code"):
        raise Refused(400, "service_code is needed.")
    if given["service_code"] not in {s["service_code"] for s in queries.services()}:
        raise Refused(404, "service_code not found.")
    if not given.get("description"):
        raise Refused(400, "description is needed.")
    if given.get("attribute[PUBLIC]", "yes") not in {"yes", "no"}:
        raise Refused(400, "attribute[PUBLIC] is yes or no.")
    rules.place_of(given)


def _repeat(request: HttpRequest) -> str:
    return request.headers.get("Idempotency-Key", "")[:100]


@public(PUBLIC)
@require_safe
@spoken
def request_by_id(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """Show one public question."""
    on = clock.local_date(clock.now())
    rows = queries.requests_by_number(numbers=rules.numbers_of(number), on=on)
    if not rows:
        raise Refused(404, "service_request_id not found.")
    return formats.listed(form, root="service_requests", each="request", rows=rows)


@public(PUBLIC)
@require_safe
@spoken
def token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    """Give the number a token stands for."""
    number = actions.number_of_token(token)
    if number is None or case_queries.public_case(number=number) is None:
        raise Refused(404, "token not found.")
    row = {"service_request_id": number, "token": token}
    return formats.listed(form, root="service_requests", each="request", rows=[row])


@public(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def updates(request: HttpRequest, form: str) -> HttpResponse:
    """List what happened to public questions, or take in somebody's words about one."""
    if request.method == "POST":
        return _take_update(request, form)
    unit = _unit(request, request.GET)
    rows = queries.updates(
        window=_window(request.GET),
        on=clock.local_date(clock.now()),
        unit_id=unit.id if unit else None,
    )
    return formats.listed(form, root="service_request_updates", each="request_update", rows=rows)


def _take_update(request: HttpRequest, form: str) -> HttpResponse:
    known = _key(request)
    given = {name: _clean(request.POST, name) for name in request.POST}
    for name in ("service_request_id", "update_id", "description"):
        if not given.get(name):
            raise Refused(400, f"{name} is needed.")
    rules.moment_of(given.get("updated_datetime", ""), name="updated_datetime")
    case = _case(known, given["service_request_id"])
    made = actions.post_update(
        case=case,
        external_id=given["update_id"][:100],
        text=given["description"],
        key=known.key,
        by=known.viewer,
        at=known.at,
    )
    door.note(known, known.at, wrote=True, answer=200)
    row = {"update_id": str(made.pk)}
    return formats.listed(form, root="service_request_updates", each="request_update", rows=[row])


def _case(known: Any, number: str) -> Case:
    """Return the case when the key's account takes in questions for its unit. Raises Refused 404."""
    found = next(iter(rules.numbers_of(number)), "")
    case = case_queries.public_case(number=found) if found else None
    if case is not None and not case_rules.is_sealed(case.kind):
        path = units.paths_of(unit_ids=[case.owner_id], on=clock.local_date(known.at))
        if known.viewer.may(Permission.CASES_TAKE_IN, path.get(case.owner_id, "-")):
            return case
    raise Refused(404, "service_request_id not found.")
