"""The case page while it is worked on: what is typed is kept, colleagues see each other, canned answers, hands, days, topics."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.cases import actions as cases
from caunoi.cases import actions_desk, actions_merge
from caunoi.cases import queries as case_queries
from caunoi.cases.models import Case
from caunoi.cases.terms import NotYourCase
from caunoi.handling import actions_writing as handling
from caunoi.handling import forms_bulk, queries, queries_writing
from caunoi.handling.terms import Doing, Field, ScratchMoved
from caunoi.journeys import desk_forms, merging, places
from caunoi.journeys.case_page import load
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission

CANNED_SHOWN = 8


@access("cases.note")
@require_POST
def scratch(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being typed; say so, or show the other window's words beside."""
    found = load(request, number, Permission.CASES_NOTE)
    form = desk_forms.ScratchForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    field = Field(form.cleaned_data["field"])
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    shown: dict[str, Any] = {"field": field, "now": at, "status": 200}
    words = {n: form.cleaned_data[n] for n in ("text", "agency", "seen")}
    try:
        shown["kept"] = handling.keep_scratch(case=found, field=field, by=by, at=at, **words)
    except NotYourCase:
        raise Http404 from None
    except ScratchMoved:
        shown["moved"] = queries_writing.scratches_of(by, case=found)[field]
        shown["status"] = 409
    handling.say_here(case=found, doing=Doing.WRITING, by=by, at=at)
    shown["others"] = queries_writing.others_here(by, case=found, at=at)
    return render(request, "journeys/case/writing.html", shown, status=shown["status"])


@access("cases.view")
@require_POST
def here(request: HttpRequest, number: str) -> HttpResponse:
    """Take the heartbeat and answer who else is here."""
    found = load(request, number)
    form = desk_forms.HereForm(request.POST)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    if form.is_valid():
        doing = Doing(form.cleaned_data["doing"])
        handling.say_here(case=found, doing=doing, by=by, at=at)
    others = queries_writing.others_here(by, case=found, at=at)
    return render(request, "journeys/case/others.html", {"others": others})


@access("cases.draft")
@require_safe
def canned(request: HttpRequest, number: str) -> HttpResponse:
    """Offer the canned answers that fit the words after the slash, filled in for this case."""
    found = load(request, number, Permission.CASES_DRAFT)
    at = clock.now()
    offered = queries.canned_for(
        request.staff,  # type: ignore[attr-defined]
        unit_ids=[found.owner_id],
        on=clock.local_date(at),
        text=request.GET.get("q", "")[:60],
    )[:CANNED_SHOWN]
    shown = [(c, queries.filled(text=c.text, case=found, at=at)) for c in offered]
    return render(request, "journeys/case/canned_list.html", {"offered": shown})


def _do(
    request: HttpRequest, number: str, permission: Permission, act: Callable[[Case], str]
) -> HttpResponse:
    """Do one thing to the case and say what was done; an error we foresee is said, and the page comes back."""
    found = load(request, number, permission)
    try:
        messages.success(request, act(found))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.draft")
@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give the case to oneself, a colleague of its unit, or nobody."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    chosen = desk_forms.number_of(request.POST.get("account", ""))

    def act(found: Case) -> str:
        people = queries_writing.may_work_on(by, case=found, on=clock.local_date(at))
        to: Account | None = next((a for a in people if a.pk == chosen), None)
        cases.assign_case(case=found, to=to, by=by, at=at)
        if to is None:
            return _("Given back; nobody has it now.")
        return _("Given to %(name)s.") % {"name": to.full_name}

    return _do(request, number, Permission.CASES_DRAFT, act)


@access("cases.draft")
@require_POST
def snooze(request: HttpRequest, number: str) -> HttpResponse:
    """Lay the case aside until a day, or take it up again."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    form = forms_bulk.SnoozeForm(request.POST, viewer=by, at=at)

    def act(found: Case) -> str:
        if not form.is_valid():
            raise Foreseen(_("Choose a day that is still to come."))
        until = form.until()
        actions_desk.snooze_case(case=found, until=until, by=by, at=at)
        if until is None:
            return _("Taken up again.")
        said = {"day": form.said(form.params())}
        return _("Laid aside until %(day)s; its deadline keeps running.") % said

    return _do(request, number, Permission.CASES_DRAFT, act)


@access("cases.refer")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Join the case with another of the same asker: show both first, then do it."""
    found = load(request, number, Permission.CASES_REFER)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    given = request.POST or ({"into": request.GET["vao"]} if "vao" in request.GET else None)
    form = desk_forms.MergeForm(given)
    other = None
    if form.is_valid():
        other = case_queries.case_by_number(
            by,
            number=form.cleaned_data["into"],
            on=clock.local_date(at),
            permission=Permission.CASES_REFER,
        )
        if other is None:
            form.add_error("into", _("No case of this number that you may join."))
    if request.method == "POST" and other is not None:
        try:
            actions_merge.merge_case(case=found, into=other, by=by, at=at)
            said = _("Joined with %(number)s; one answer goes to both places.")
            messages.success(request, said % {"number": other.number})
            return redirect("journeys:case", number=other.number)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    shown = {"case": found, "other": other, "form": form, "twins": places.likely_twins(found)}
    return render(request, "journeys/merge.html", shown, status=422 if form.errors else 200)


@access("cases.refer")
@require_POST
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """Take the case out of the other again."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]

    def act(found: Case) -> str:
        actions_merge.unmerge_case(case=found, by=by, at=at)
        return _("Taken out again; it waits for an answer of its own.")

    return _do(request, number, Permission.CASES_REFER, act)


@access("cases.refer")
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, number: str) -> HttpResponse:
    """Make a second case of the second question in the message."""
    found = load(request, number, Permission.CASES_REFER)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    form = desk_forms.SplitForm(
        request.POST or None, initial={"first": found.text, "second": found.text}
    )
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            part = merging.split_and_tell(
                case=found, first_text=words["first"], second_text=words["second"], by=by, at=at
            )
            said = _("The second question is %(number)s now; the asker is told where she asked.")
            messages.success(request, said % {"number": part.number})
            return redirect("journeys:case", number=part.number)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    return render(
        request,
        "journeys/split.html",
        {"case": found, "form": form},
        status=422 if form.errors else 200,
    )
