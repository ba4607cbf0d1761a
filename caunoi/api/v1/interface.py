"""Everything put together: the operations, what goes wrong, and the description other programs read."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError

from caunoi.api import problems
from caunoi.api.problems import KIND, TITLES, Problem
from caunoi.api.v1 import (
    agency,
    answers,
    bulk,
    cases,
    clock,
    hooks,
    hops,
    inbox,
    library,
    likeness,
    lookups,
    moves,
    papers,
    photos,
    schemas,
    sealed,
    writing,
)
from caunoi.kit.terms import Foreseen

ABOUT = (
    "Everything staff can do with cases and answers, for machines. Send `Authorization: Bearer caunoi_…`. "
    "Every POST takes an `Idempotency-Key`. Errors are RFC 9457 problems. Sealed cases need a scope of their own; contacts are never here."
)
CAN_FAIL = (400, 401, 403, 404, 409, 413, 422, 429)
log = logging.getLogger("caunoi.api")


class Interface(NinjaAPI):
    """Adds to the description what holds for every operation: names that stay, problems, headers, scopes."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Return the name of the operation: the same word wherever its code lies."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **more: Any) -> Any:
        schema = super().get_openapi_schema(**more)
        parts = schema["components"]
        parts["schemas"]["ProblemOut"] = schemas.ProblemOut.json_schema()
        parts["responses"] = {f"Problem{status}": _response(status) for status in TITLES}
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for path in schema["paths"].values():
            for method, operation in path.items():
                _complete(method, operation)
        return schema


def _response(status: int) -> dict[str, Any]:
    content = {KIND: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    said: dict[str, Any] = {"description": TITLES[status], "content": content}
    if status == 429:
        said["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return said


def _complete(method: str, operation: dict[str, Any]) -> None:
    scope = operation.pop("x-scope", "")
    operation["security"] = [{"key": []}]
    if scope:
        operation["x-scope"] = scope
    fails = list(CAN_FAIL)
    parameters = operation.setdefault("parameters", [])
    if method == "post":
        parameters.append(_header("Idempotency-Key", r"^[!-~]{1,100}$"))
    if operation["operationId"].endswith(("save_draft", "submit")):
        parameters.append(_header("If-Match", r"^[ -~]{1,80}$"))
        fails += [412, 428]
    for status in fails:
        operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}


def _header(name: str, pattern: str) -> dict[str, Any]:
    shape = {"type": "string", "pattern": pattern}
    return {"in": "header", "name": name, "required": False, "schema": shape}


interface = Interface(
    title="Cầu Nối",
    version="1.0.0",
    description=ABOUT,
    urls_namespace="api_v1",
    docs_url=None,
    openapi_url=None,
)
ROUTERS: tuple[tuple[str, Router], ...] = (
    ("/cases", cases.router),
    ("/cases", moves.router),
    ("/cases", writing.router),
    ("/cases", clock.router),
    ("/cases", hops.router),
    ("/cases", likeness.router),
    ("/cases", photos.router),
    ("/cases", papers.of_cases),
    ("/cases", bulk.of_cases),
    ("/sealed", sealed.router),
    ("/sealed", clock.sealed_router),
    ("/sealed", photos.sealed_router),
    ("/inbox", inbox.router),
    ("/inbox", bulk.router),
    ("/canned", bulk.canned_router),
    ("/papers", papers.router),
    ("/asked", agency.router),
    ("/answers", likeness.asking),
    ("/answers", answers.router),
    ("/library", library.router),
    ("/webhooks", hooks.router),
    ("", lookups.router),
)
for prefix, router in ROUTERS:
    interface.add_router(prefix, router)


@interface.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problems.answer(problem)


@interface.exception_handler(Foreseen)
def _foreseen(request: HttpRequest, error: Foreseen) -> HttpResponse:
    return problems.answer(problems.of_foreseen(error))


@interface.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.answer(Problem(404, _("Nothing here that this key may see.")))


@interface.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.answer(Problem(401, _("Send a key: Authorization: Bearer caunoi_…")))


@interface.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    detail = _("The body is no JSON that can be read.")
    return problems.answer(Problem(error.status_code, detail))


@interface.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say where and of what kind; never repeat what was sent."""
    errors = [
        {"where": ".".join(str(part) for part in e["loc"]), "what": e["type"], "says": e["msg"]}
        for e in error.errors
    ]
    detail = _("Some fields are missing or wrong: see errors.")
    return problems.answer(Problem(422, detail, errors=errors))


@interface.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception(
        "the interface broke at %s", request.resolver_match and request.resolver_match.route
    )
    detail = _("Something broke here; nothing was changed. It is noted.")
    return problems.answer(Problem(500, detail))
