"""What is to be pinned on pages that do not go on."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.reform import queries, running
from caunoi.reform.models import Plan, Step
from caunoi.reform.registry import HOLDERS
from caunoi.reform.terms import LastWords
from caunoi.reform.views import load
from caunoi.units import queries as units

PAGE = 20


@access("units.manage")
@require_safe
def words(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the pages that are closed or merged, each with its words, and whether they are posted."""
    plan = load(request, pk)
    page = Paginator(queries.speaking_steps(plan=plan), PAGE).get_page(request.GET.get("page"))
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
