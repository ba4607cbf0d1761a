"""Pages about keys, and the description of the interface for people and for programs."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.api import actions, demo, description, queries, rules
from caunoi.api.forms import SCOPE_NAMES, KeyForm
from caunoi.api.models import ApiKey
from caunoi.kit import clock
from caunoi.kit.access import access, public
from caunoi.kit.terms import Foreseen
from caunoi.units import queries as units

PUBLIC = "how programs talk with us is no secret"
PAGE = 30
NAMES: dict[str, Any] = {s.value: name for s, name in SCOPE_NAMES.items()}


@public(PUBLIC)
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Describe the interface for people who write programs."""
    shown = {"groups": description.groups(), "scopes": NAMES, "section": "machines"}
    return render(request, "api/docs.html", shown)


@public(PUBLIC)
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI 3.1 description."""
    text = json.dumps(description.schema(), ensure_ascii=False, default=str)
    response = HttpResponse(text, content_type="application/json")
    response["Cache-Control"] = "public, max-age=300"
    return response


@access("desk.view")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List one's own keys, and those of the units one administers."""
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "")[:80].strip()
    page = Paginator(queries.keys(request.staff, on=on, text=text), PAGE)
    shown_page = page.get_page(request.GET.get("page"))
    rows = [
        {
            "key": k,
            "state": rules.state_of(revoked=k.revoked_at is not None, ends_on=k.ends_on, on=on),
            "scopes": [NAMES.get(s, s) for s in k.scopes],
        }
        for k in shown_page
    ]
    names = units.names_of(unit_ids=[k.unit_id for k in shown_page], on=on)
    shown = {"page": shown_page, "rows": rows, "names": names, "text": text}
    shown |= {"sample": demo.demo_key(), "base": f"{settings.PUBLIC_URL}/api/v1/"}
    return render(request, "api/keys.html", shown)


@access("desk.view")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make a key and show it once."""
    by, at = request.staff, clock.now()
    on = clock.local_date(at)
    home = units.as_of(unit_id=by.home_unit_id, on=on) if by.home_unit_id else None
    form = KeyForm(
        request.POST or None,
        people=queries.people_for_keys(by, on=on),
        on=on,
        initial={"unit": home.slug if home else "", "account": by.account_id},
    )
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        unit = fields.pop("unit")
        try:
            key, text = actions.make_key(unit_id=unit.id, by=by, at=at, **fields)
            return _show(request, key, text)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    status = 422 if form.errors else 200
    return render(request, "api/add.html", {"form": form}, status=status)


def _show(request: HttpRequest, key: ApiKey, text: str) -> HttpResponse:
    answer = render(request, "api/made.html", {"key": key, "text": text})
    answer["Cache-Control"] = "no-store"
    return answer


@access("desk.view")
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a key back."""
    at = clock.now()
    found = queries.keys(request.staff, on=clock.local_date(at)).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        actions.revoke_key(key=found, by=request.staff, at=at)
        messages.success(request, _("The key opens nothing any more."))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("api:keys")
