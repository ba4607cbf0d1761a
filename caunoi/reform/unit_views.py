"""Who takes over from each closing unit (known, one of several parts, or not known), and what is pinned on pages that end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.reform import actions, forms, queries, rules, running
from caunoi.reform.models import Closing, Plan, Step
from caunoi.reform.registry import HOLDERS
from caunoi.reform.terms import LastWords, ReformError, Way
from caunoi.reform.views import PAGE, load, said_of
from caunoi.units import queries as units

WORDS_PAGE = 20


@access("units.manage")
@require_safe
def closings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the closing units; split and unknown ones with their question."""
    plan = load(request, pk)
    way = request.GET.get("cach", "")[:10]
    text, open_only = request.GET.get("q", "")[:100], request.GET.get("mo") == "1"
    found = queries.closings(plan=plan, text=text, way=way, open_only=open_only)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    targets = [c.target_id for c in page if c.target_id]
    shown = {
        "plan": plan,
        "page": page,
        "text": text,
        "way": way,
        "open_only": open_only,
        "heirs": queries.heirs_of(closings=list(page), on=plan.on_date),
        "keepers": queries.keepers(plan=plan),
        "names": units.names_of(unit_ids=targets, on=plan.on_date),
        "changing": plan.state in rules.CHANGING,
    }
    return render(request, "reform/closings.html", shown)


@access("units.manage")
@require_POST
def successor(request: HttpRequest, pk: UUID, closing_pk: int) -> HttpResponse:
    """Say who takes over from one unit."""
    plan = load(request, pk)
    closing = get_object_or_404(Closing, plan=plan, pk=closing_pk)
    to, reason = _wanted(request, plan, closing)
    if to is not None:
        _choose(request, plan, [closing], to, reason)
    return redirect("reform:closings", pk=pk)


def _wanted(request: HttpRequest, plan: Plan, closing: Closing) -> tuple[UUID | None, str]:
    """Return the unit that was chosen from the parts, or typed where nobody knows; None with the reason said."""
    try:
        return UUID(request.POST.get("to", "")), ""
    except ValueError:
        pass
    form = forms.SuccessorForm(request.POST, on_day=plan.on_date)
    if closing.way == Way.UNKNOWN and form.is_valid():
        return form.cleaned_data["unit"].id, form.cleaned_data["reason"]
    wrong = [str(e) for errors in form.errors.values() for e in errors]
    messages.error(request, " ".join(wrong) or _("Choose who takes over."))
    return None, ""


@access("units.manage")
@require_POST
def many(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide all split units of one level at once: the larger part each, or the unit above keeps everything."""
    plan = load(request, pk)
    open_ones = queries.closings(plan=plan, way=Way.SPLIT, open_only=True)
    level = request.POST.get("level", "")
    chosen: list[Any] = list(open_ones.filter(level=level) if level else open_ones)
    keepers = queries.keepers(plan=plan)
    to = keepers[0].id if keepers and request.POST.get("to") == "root" else None
    _choose(request, plan, chosen, to, "")
    return redirect("reform:closings", pk=pk)


def _choose(
    request: HttpRequest, plan: Plan, chosen: list[Closing], to: UUID | None, reason: str
) -> None:
    try:
        done = actions.choose_successor(
            plan=plan,
            closings=chosen,
            to_unit_id=to,
            reason=reason,
            by=request.staff,  # type: ignore[attr-defined]
            at=clock.now(),
        )
        said_of(request, done)
    except ReformError as error:
        messages.error(request, _(str(error)))


@access("units.manage")
@require_safe
def words(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the pages that are closed or merged, each with its words, and whether they are posted."""
    plan = load(request, pk)
    page = Paginator(queries.speaking_steps(plan=plan), WORDS_PAGE).get_page(
        request.GET.get("page")
    )
    steps = list(page)
    shown = {
        "plan": plan,
        "page": page,
        "words": _words(plan, steps),
        "names": units.names_of(
            unit_ids=[s.closing.target_id for s in steps if s.closing.target_id], on=plan.on_date
        ),
    }
    return render(request, "reform/words.html", shown)


def _words(plan: Plan, steps: list[Step]) -> dict[int, LastWords]:
    """Return what each thing says, by step, in a few questions a holder."""
    at = clock.now()
    found: dict[int, LastWords] = {}
    for name in dict.fromkeys(s.holder for s in steps):
        mine = {s.ref: s for s in steps if s.holder == name}
        say = HOLDERS[name].last_words
        deeds = [running.deed_of(s, plan, at) for s in mine.values()]
        found |= {mine[ref].pk: words for ref, words in (say(deeds) if say else {}).items()}
    return found
