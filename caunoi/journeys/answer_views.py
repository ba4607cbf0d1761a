"""The answer on the case page: written, sent for approval, approved or given back; and notes for colleagues."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caunoi.cases import actions as cases
from caunoi.cases import queries as case_queries
from caunoi.cases.forms import ReasonForm
from caunoi.cases.models import Case
from caunoi.handling import actions_writing as handling
from caunoi.handling import queries, queries_writing, rules
from caunoi.handling.terms import DraftMoved, Field
from caunoi.journeys import desk_forms, previews, recalling, redacting, writing
from caunoi.journeys.case_page import load, show
from caunoi.kit import clock, swap
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@access("cases.draft")
@require_POST
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the draft; ``submit`` also sends it for approval, ``insert`` puts a canned answer into it first."""
    found = load(request, number, Permission.CASES_DRAFT)
    form = desk_forms.AnswerForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form, status=422)
    if "insert" in request.POST:
        return _insert(request, found, form)
    by, at, fields = request.staff, clock.now(), form.cleaned_data  # type: ignore[attr-defined]
    submit = "submit" in request.POST
    words = {"text": fields["text"], "agency": fields["agency"]}
    words["base"] = fields["base"] if "base" in request.POST else None
    try:
        writing.save_answer(case=found, submit=submit, by=by, at=at, **words)
    except DraftMoved:
        moved = case_queries.open_draft(case=found)
        return _again(request, found, form, status=409, moved_draft=moved)
    except Foreseen as error:
        form.add_error(None, _(str(error)))
        return _again(request, found, form, status=422)
    said = _("Sent for approval.") if submit else _("Kept as a draft; colleagues see it.")
    messages.success(request, said)
    return redirect("journeys:case", number=number)


def _again(
    request: HttpRequest, case: Case, form: desk_forms.AnswerForm, *, status: int, **more: Any
) -> HttpResponse:
    """Show the page again with the words that were sent, so that none is lost."""
    words = {"text": form.data.get("text", ""), "agency": form.data.get("agency", "")}
    return show(request, case, status=status, tab="answer", draft_form=form, **words, **more)


def _insert(request: HttpRequest, case: Case, form: desk_forms.AnswerForm) -> HttpResponse:
    """Put a canned answer's words behind those already there, and keep them as typed."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    chosen = form.cleaned_data["canned"]
    offered = queries.canned_for(by, unit_ids=[case.owner_id], on=clock.local_date(at))
    canned = next((c for c in offered if str(c.pk) == chosen), None)
    if canned is not None:
        filled = queries.filled(text=canned.text, case=case, at=at)
        text = f"{form.cleaned_data['text'].rstrip()}\n\n{filled}".strip()
        typed = queries_writing.scratches_of(by, case=case).get(Field.ANSWER)
        handling.keep_scratch(
            case=case,
            field=Field.ANSWER,
            text=text,
            agency=form.cleaned_data["agency"],
            seen=typed.version if typed else 0,
            by=by,
            at=at,
        )
    return redirect("journeys:case", number=case.number)


@access("cases.draft")
@require_POST
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """Show how the answer would look in each place it goes to, as it stands in the form."""
    found = load(request, number, Permission.CASES_DRAFT)
    text, agency = request.POST.get("text", "")[:10_000], request.POST.get("agency", "")[:160]
    at = clock.now()
    signed = agency or units.name_of(unit_id=found.owner_id, on=clock.local_date(at))
    shown = {
        "case": found,
        "text": text,
        "agency": agency,
        "base": request.POST.get("base", "")[:40],
        "previews": previews.places_of(found, text=text, agency=signed, at=at),
        "now": at,
    }
    return swap.render(request, "journeys/preview.html", shown, parts=("preview",))


@access("cases.draft")
@require_POST
def redact(request: HttpRequest, number: str) -> HttpResponse:
    """Record what is hidden from the public in the question and the answer that waits for approval."""
    found = load(request, number, Permission.CASES_DRAFT)
    draft = case_queries.open_draft(case=found)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    try:
        redacting.decide(
            case=found,
            answer=draft.text if draft else "",
            hidden=request.POST.getlist("hide"),
            more=request.POST.get("more", "")[:2000],
            by=by,
            at=at,
        )
        messages.success(
            request, _("What is hidden is decided; the page shows it as everybody will read it.")
        )
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.approve")
@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve; in some seconds the answer is published and sent, what is hidden decided with it. Until then it can be taken back."""
    found = load(request, number, Permission.CASES_APPROVE)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    try:
        recalling.approve_soon(
            case=found,
            prints=request.POST.get("prints"),
            hidden=request.POST.getlist("hide"),
            more=request.POST.get("more", "")[:2000],
            by=by,
            at=at,
        )
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.approve")
@require_POST
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """Return the draft to its author."""
    form = ReasonForm(request.POST, prefix="return")
    found = load(request, number, Permission.CASES_APPROVE)
    if not form.is_valid():
        return show(request, found, status=422, return_form=form)
    by, because = request.staff, form.cleaned_data["reason"]  # type: ignore[attr-defined]
    try:
        cases.return_draft(case=found, because=because, by=by, at=clock.now())
        messages.success(request, _("Given back to its author."))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.note")
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Leave a note for colleagues; whoever is named in it finds it on her desk."""
    found = load(request, number, Permission.CASES_NOTE)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    people = queries_writing.may_be_mentioned(by, case=found, on=clock.local_date(at))
    names = {a.pk: a.full_name for a in people}
    form = desk_forms.NoteForm(request.POST, people=list(names.items()))
    if not form.is_valid():
        return show(request, found, status=422, tab="note", note_form=form)
    text = form.cleaned_data["note"]
    named = rules.named_in(text, names) | set(form.cleaned_data["mention"])
    try:
        handling.leave_note(case=found, text=text, mentioned=named, by=by, at=at)
        said = _("Noted; %(names)s will see it.") if named else _("Noted.")
        messages.success(request, said % {"names": ", ".join(names[n] for n in sorted(named))})
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)
