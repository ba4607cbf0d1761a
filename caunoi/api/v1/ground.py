"""What every operation stands on: the scope it needs, the case it is about, and how a case is written down."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from caunoi.api.door import KeyRequest
from caunoi.api.problems import Problem, of_foreseen
from caunoi.api.terms import Scope
from caunoi.cases import actions_sealed
from caunoi.cases import queries as case_queries
from caunoi.cases.models import Case
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow


class ApiKeyAuth(HttpBearer):
    """The key was recognised at the door; here its scope is looked at."""

    def __init__(self, scope: Scope | None) -> None:
        super().__init__()
        self.needed = scope

    def __call__(self, request: HttpRequest) -> bool:
        key_request: Any = request
        if self.needed is not None and self.needed not in key_request.viewer.scopes:
            detail = _("The key has no scope %(scope)s.") % {"scope": self.needed.value}
            raise Problem(403, detail, code="scope")
        return True

    def authenticate(self, request: HttpRequest, token: str) -> bool:
        return self(request)


def needs(scope: Scope | None) -> dict[str, Any]:
    """Return what an operation declares to need that scope (None: any key)."""
    told = {"x-scope": scope.value if scope else ""}
    return {"auth": ApiKeyAuth(scope), "openapi_extra": told}


def gives(scope: Scope | None, *kinds: str) -> dict[str, Any]:
    """Return the same for an operation that answers with a file of one of these media types."""
    told = needs(scope)
    shape = {"schema": {"type": "string", "format": "binary"}}
    said = {"description": "OK", "content": dict.fromkeys(kinds, shape)}
    return told | {"openapi_extra": told["openapi_extra"] | {"responses": {200: said}}}


READS = needs(Scope.CASES_READ)
WRITES = needs(Scope.CASES_WRITE)
APPROVES = needs(Scope.CASES_APPROVE)
SEALED = needs(Scope.CASES_SEALED)


def sealed_for(request: KeyRequest, number: str, *_permission: Permission) -> Case:
    """Return a sealed case of the very units whose sealed officer the account is; that it is read is on record first. Raises Problem 404."""
    found = case_queries.sealed_case(request.viewer, number=number)
    if found is None:
        raise Problem(404, _("No case of this number that this key may see."))
    actions_sealed.open_sealed(case=found, by=request.viewer, at=request.at)
    return found


def case_for(
    request: KeyRequest, number: str, permission: Permission = Permission.CASES_VIEW
) -> Case:
    """Return the case when the key may do this in it. Raises Problem: 404 for strangers, 403 for who may only read it."""
    viewer, on = request.viewer, request.on
    found = case_queries.case_by_number(viewer, number=number, on=on, permission=permission)
    if found is not None:
        return found
    if permission != Permission.CASES_VIEW and case_queries.case_by_number(
        viewer, number=number, on=on
    ):
        raise Problem(403, _("You may read this case, but not do this in its unit."))
    raise Problem(404, _("No case of this number that this key may see."))


@contextmanager
def foreseen() -> Iterator[None]:
    """Turn an error the house foresaw into a problem."""
    try:
        yield
    except Foreseen as error:
        raise of_foreseen(error) from error


def refused(field: str, says: str) -> Problem:
    """Return the problem of one field that a form would refuse."""
    return Problem(
        422, says, code=field, errors=[{"where": field, "what": "refused", "says": says}]
    )


def checked(form: Form) -> dict[str, Any]:
    """Return what the desk's own form makes of what was sent. Raises Problem 422 naming each field and saying why, as the page does."""
    if form.is_valid():
        return form.cleaned_data
    errors = [
        {"where": name, "what": str(one["code"] or "refused"), "says": str(one["message"])}
        for name, found in form.errors.get_json_data().items()
        for one in found
    ]
    raise Problem(
        422, _("Some fields are missing or wrong: see errors."), code="form", errors=errors
    )


def as_file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    """Return the bytes as a download that can be nothing but what it is."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def unit_for(request: KeyRequest, slug: str) -> UnitNow:
    """Return the living unit of that word. Raises Problem 422."""
    unit = units.by_slug(slug=slug, on=request.on)
    if unit is None or (unit.valid_to is not None and unit.valid_to <= request.on):
        raise Problem(422, _("No unit of that name exists today."), code="unit")
    return unit


def units_out(request: KeyRequest, unit_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Return how these units are written down, in two queries."""
    ids = set(unit_ids)
    names = units.names_of(unit_ids=ids, on=request.on)
    slugs = units.slugs_of(unit_ids=ids)
    return {pk: {"slug": slugs.get(pk, ""), "name": names.get(pk, "")} for pk in ids}


def cases_out(request: KeyRequest, found: Collection[Case]) -> list[dict[str, Any]]:
    """Return these cases as a list shows them."""
    named = units_out(request, {c.owner_id for c in found})
    return [_case_out(c, named) for c in found]


def case_out(request: KeyRequest, case: Case, *, fresh: bool = True) -> dict[str, Any]:
    """Return one case as a list shows it, as it stands in the database now."""
    if fresh:
        case = Case.objects.select_related("assignee").defer("words").get(pk=case.pk)
    return cases_out(request, [case])[0]


def _case_out(case: Case, named: Mapping[UUID, dict[str, str]]) -> dict[str, Any]:
    who = case.assignee
    same = (
        "number", "title", "state", "kind", "topic", "origin", "is_public", "place", "opened_at", "due_at",
        "answered_at", "closed_at", "snoozed_until",
    )  # fmt: skip
    return {
        **{name: getattr(case, name) for name in same},
        "unit": named[case.owner_id],
        "assignee": {"id": who.pk, "name": who.full_name} if who else None,
    }
