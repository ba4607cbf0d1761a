"""The sealed queue: complaints, denunciations and tip-offs, each reading on record, counts only for whoever stands above."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caunoi.cases import actions as cases
from caunoi.cases import actions_sealed
from caunoi.cases import queries as case_queries
from caunoi.cases.forms import DraftForm, NoteForm, ReasonForm
from caunoi.cases.models import Case
from caunoi.cases.referrals import refer_case
from caunoi.journeys import case_page, deeds, hiding, recalling
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.units import queries as units
from caunoi.units.terms import Level

PAGE = 50
TABS = {
    "": gettext_noop("All sealed"),
    "complaint": gettext_noop("Complaints"),
    "denunciation": gettext_noop("Denunciations"),
    "tip_off": gettext_noop("Tip-offs"),
    "xong": gettext_noop("Finished"),
}


@access("cases.sealed")
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List the sealed cases of the viewer's own units, without a word of what they say; below, how many other units have."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    on = clock.local_date(at)
    tab = request.GET.get("loai", "") if request.GET.get("loai", "") in TABS else ""
    finished = tab == "xong"
    found = case_queries.sealed_queue(viewer, kind="" if finished else tab, finished=finished)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counted = case_queries.sealed_counts(viewer, on=on)
    own = set(viewer.unit_ids("cases.sealed"))
    below = {i: n for i, n in counted.items() if i not in own}
    names = units.names_of(unit_ids=[*(c.owner_id for c in page), *below], on=on)
    shown = {
        "page": page,
        "tabs": [_tab(word, name, tab) for word, name in TABS.items()],
        "names": names,
        "below": sorted(((names.get(i, ""), n) for i, n in below.items()), key=lambda row: -row[1]),
        "below_total": sum(below.values()),
        "now": at,
    }
    return render(request, "journeys/sealed/queue.html", shown)


def _tab(word: str, name: str, current: str) -> dict[str, Any]:
    address = reverse("journeys:sealed_queue")
    return {
        "href": f"{address}?loai={word}" if word else address,
        "label": _(name),
        "count": None,
        "current": word == current,
    }


@access("cases.sealed")
@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Open one sealed case: that it is opened is recorded first."""
    return _show(request, _open(request, number))


def _open(request: HttpRequest, number: str) -> Case:
    viewer = request.staff  # type: ignore[attr-defined]
    found = case_queries.sealed_case(viewer, number=number)
    if found is None:
        raise Http404
    actions_sealed.open_sealed(case=found, by=viewer, at=clock.now())
    return found


def _show(request: HttpRequest, found: Case, *, status: int = 200, **bound: Any) -> HttpResponse:
    deed_forms = bound.pop("deed_forms", None)
    shown = case_page.page_of(request, found, **bound)
    shown |= deeds.page_of(found, at=clock.now(), bound=deed_forms)
    draft = shown["draft"]
    written = {"text": draft.text, "agency": draft.agency} if draft else None
    shown["draft_form"] = bound.get("draft_form") or DraftForm(initial=written)
    shown["note_form"] = bound.get("note_form") or NoteForm()
    shown["pass_form"] = bound.get("pass_form") or deeds.PassForm()
    shown["hiding"] = hiding.shown(found)
    shown["openings"] = case_queries.openings_of(case=found)
    shown["may"] = shown["may"] | {"draft": True, "note": True, "refer": True}
    return render(request, "journeys/sealed/case.html", shown, status=status)


def _save(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, draft_form=form)
    cases.save_draft(case=found, by=by, at=at, **form.cleaned_data)
    if "submit" not in request.POST:
        return _("Kept. Nobody sees it yet.")
    cases.submit_draft(case=found, by=by, at=at)
    return _("Sent for approval.")


def _approve(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    recalling.approve_soon(case=found, prints=None, hidden=[], more="", by=by, at=at)
    return _("Approved. The answer leaves in a moment.")


def _return(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    form = ReasonForm(request.POST, prefix="return")
    if not form.is_valid():
        return _show(request, found, status=422, return_form=form)
    cases.return_draft(case=found, because=form.cleaned_data["reason"], by=by, at=at)
    return _("Given back to its author.")


def _note(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, note_form=form)
    cases.note_case(case=found, text=form.cleaned_data["note"], by=by, at=at)
    return _("Noted.")


def _close(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    form = ReasonForm(request.POST, prefix="close")
    if not form.is_valid():
        return _show(request, found, status=422, close_form=form)
    cases.close_case(case=found, reason=form.cleaned_data["reason"], by=by, at=at)
    return _("Closed.")


def _contact(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    shown = cases.reveal_contact(case=found, by=by, at=at)
    return _show(request, found, revealed=shown or "–")


def _refer(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    """Hand the case to another unit; who hands it on sees it no more."""
    form, on = deeds.PassForm(request.POST), clock.local_date(at)
    if not form.is_valid():
        return _show(request, found, status=422, pass_form=form)
    wanted = form.cleaned_data["unit"]
    unit = units.by_slug(slug=wanted, on=on)
    hits = [f.unit for f in units.search(text=wanted, on=on, limit=5, old=False)]
    hits = [u for u in hits if u.level != Level.VILLAGE]
    unit = unit or (hits[0] if len(hits) == 1 else None)
    if unit is None or unit.level == Level.VILLAGE or (unit.valid_to and unit.valid_to <= on):
        form.add_error("unit", _("No unit or several of that name. Choose one from the list."))
        return _show(request, found, status=422, pass_form=form, choices=hits)
    reason = form.cleaned_data["reason"]
    refer_case(case=found, to_unit_id=unit.id, reason=reason, by=by, at=at)
    return _("Referred to %(unit)s.") % {"unit": unit.full_name}


def _hide(request: HttpRequest, found: Case, by: Viewer, at: datetime) -> HttpResponse | str:
    hiding.hide_comment(case=found, by=by, at=at)
    return _("The comment will be hidden in a moment; its author still sees it.")


Handle = Callable[[HttpRequest, Case, Viewer, datetime], HttpResponse | str]
OWN_DEEDS: dict[str, Handle] = {
    "tra-loi": _save,
    "duyet": _approve,
    "tra-lai": _return,
    "ghi-chu": _note,
    "dong": _close,
    "lien-he": _contact,
    "chuyen": _refer,
    "an-binh-luan": _hide,
}


@access("cases.sealed")
@require_POST
def deed(request: HttpRequest, number: str, deed: str) -> HttpResponse:
    """Do one thing to a sealed case; whoever does not see it afterwards goes back to the queue."""
    if deed not in OWN_DEEDS and deed not in deeds.DEEDS:
        raise Http404
    found, at = _open(request, number), clock.now()
    by = request.staff  # type: ignore[attr-defined]
    try:
        done = OWN_DEEDS[deed](request, found, by, at) if deed in OWN_DEEDS else None
        said = done if done is not None else _shared(request, found, deed)
    except Foreseen as error:
        messages.error(request, _(str(error)))
        return redirect("journeys:sealed_case", number=number)
    if isinstance(said, HttpResponse):
        return said
    messages.success(request, said)
    return _onwards(by, number)


def _shared(request: HttpRequest, found: Case, name: str) -> HttpResponse | str:
    """Do what open cases know too: kind, clock, hand-over."""
    chosen = deeds.DEEDS[name]
    form = chosen.form(request.POST, case=found)
    if form.is_valid():
        try:
            chosen.act(found, form.cleaned_data, request.staff, clock.now())  # type: ignore[attr-defined]
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    if form.errors:
        return _show(request, found, status=422, deed_forms={name: form})
    return _(chosen.said)


def _onwards(by: Viewer, number: str) -> HttpResponse:
    if case_queries.sealed_case(by, number=number) is not None:
        return redirect("journeys:sealed_case", number=number)
    on = clock.local_date(clock.now())
    if case_queries.case_by_number(by, number=number, on=on) is not None:
        return redirect("journeys:case", number=number)
    return redirect("journeys:sealed_queue")
