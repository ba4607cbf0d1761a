"""The case page of the desk: read, write, approve, refer; each button is one call into the house."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.answers.rules import redact
from caunoi.cases import actions as cases
from caunoi.cases import queries as case_queries
from caunoi.cases.forms import DraftForm, NoteForm, ReasonForm, ReferForm
from caunoi.cases.models import Case
from caunoi.cases.terms import DraftState, StepKind
from caunoi.channels import registry
from caunoi.channels.contract import MessageKind, OutboundPost
from caunoi.inbox import queries as inbox
from caunoi.journeys import ask_and_answer
from caunoi.journeys.ask_views import slip
from caunoi.journeys.forms import WalkInForm
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.outbox import queries as outbox
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level


def load(request: HttpRequest, number: str, permission: str = Permission.CASES_VIEW) -> Case:
    """Return the case when the viewer may do this in it; a stranger gets 404."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    found = case_queries.case_by_number(viewer, number=number, on=on, permission=permission)
    if found is None:
        raise Http404
    return found


@access("cases.view")
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with its conversation, its answer and what happened."""
    return render(request, "journeys/case.html", page_of(request, load(request, number)))


def page_of(request: HttpRequest, case: Case, **forms: Any) -> dict[str, Any]:
    """Return everything the case page shows; ``forms`` replaces forms that came back with errors."""
    at = clock.now()
    on = clock.local_date(at)
    viewer = request.staff  # type: ignore[attr-defined]
    draft = case_queries.open_draft(case=case)
    steps = case_queries.steps_of(case=case, public_only=False)
    ids = (
        {s.unit_id for s in steps}
        | {s.to_unit_id for s in steps}
        | {case.owner_id, case.opened_unit_id}
    )
    names = units.names_of(unit_ids=[i for i in ids if i], on=on)
    path = units.paths_of(unit_ids=[case.owner_id], on=on).get(case.owner_id, "")
    may = {
        p.name.lower().removeprefix("cases_"): viewer.may(p, path)
        for p in Permission
        if p.name.startswith("CASES_")
    }
    shown = redact(draft.text, names=(case.asker_name,)) if draft else None
    question = redact(case.text, names=(case.asker_name,))
    return {
        "case": case,
        "now": at,
        "names": names,
        "may": may,
        "draft": draft,
        "mine_to_approve": draft is not None and draft.author_id != viewer.account_id,
        "other_author": draft is not None
        and draft.author_id != viewer.account_id
        and draft.state == DraftState.DRAFT,
        "hidden": (*question.found, *(shown.found if shown else ())),
        "public_question": question.text,
        "messages_in": inbox.messages_of(thread_id=case.thread_id) if case.thread_id else [],
        "thread": inbox.thread(thread_id=case.thread_id) if case.thread_id else None,
        "steps": [(s, _title(s, names)) for s in steps],
        "notes": [s for s in steps if s.kind == StepKind.NOTE],
        "sends": outbox.sends_for(reference_prefix=f"case:{case.pk}:"),
        "way": _way_back(case),
        "draft_form": DraftForm(
            initial={"text": draft.text, "agency": draft.agency} if draft else None
        ),
        "return_form": ReasonForm(prefix="return"),
        "close_form": ReasonForm(prefix="close"),
        "note_form": NoteForm(),
        "refer_form": ReferForm(),
        "unfinished": case.answered_at is None and case.closed_at is None,
    } | forms


def _title(step: Any, names: dict) -> str:
    to = names.get(step.to_unit_id, "")
    titles: dict[str, str] = {
        StepKind.OPENED: _("Received"),
        StepKind.MORE: _("The asker wrote more"),
        StepKind.REFERRED: _("Referred to %(unit)s") % {"unit": to},
        StepKind.ASSIGNED: _("Given to %(name)s") % {"name": step.note or "–"},
        StepKind.NOTE: _("Note"),
        StepKind.SUBMITTED: _("Sent for approval"),
        StepKind.RETURNED: _("Given back"),
        StepKind.ANSWERED: _("Answered"),
        StepKind.CLOSED: _("Closed"),
        StepKind.REOPENED: _("Taken up again"),
    }
    return titles[step.kind]


def _way_back(case: Case) -> dict[str, Any]:
    """Return how an answer would leave now: the channel's kind, its limit, and until when it is open."""
    if not case.thread_id:
        return {}
    thread = inbox.thread(thread_id=case.thread_id)
    _needed, kind = ask_and_answer.HOW_TO_ANSWER.get(MessageKind(thread.kind), (None, None))
    if kind is None:
        return {"channel": thread.channel, "local": True}
    connector = registry.connector_for(thread.channel.connector_key)
    post = OutboundPost(
        kind, thread.sender_ref, thread.thread_ref, "", window_opened_at=thread.last_in_at
    )
    return {
        "channel": thread.channel,
        "kind": kind.value,
        "limit": connector.max_text.get(kind),
        "window": connector.window(post, at=clock.now()),
    }


def _do(
    request: HttpRequest, number: str, permission: str, act: Callable[[Case], None], said: str
) -> HttpResponse:
    """Do one thing to the case; an error we foresee is said, and the page comes back."""
    found = load(request, number, permission)
    try:
        act(found)
        messages.success(request, said)
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("journeys:case", number=number)


@access("cases.draft")
@require_POST
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the draft; ``submit`` also sends it for approval."""
    found = load(request, number, Permission.CASES_DRAFT)
    form = DraftForm(request.POST)
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    if not form.is_valid():
        return render(
            request, "journeys/case.html", page_of(request, found, draft_form=form), status=422
        )
    try:
        cases.save_draft(case=found, by=by, at=at, **form.cleaned_data)
        if "submit" in request.POST:
            cases.submit_draft(case=found, by=by, at=at)
    except Foreseen as error:
        form.add_error(None, _(str(error)))
        return render(
            request, "journeys/case.html", page_of(request, found, draft_form=form), status=422
        )
    messages.success(
        request,
        _("Sent for approval.") if "submit" in request.POST else _("Kept. Nobody sees it yet."),
    )
    return redirect("journeys:case", number=number)


@access("cases.approve")
@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve, publish and send."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]

    def act(found: Case) -> None:
        ask_and_answer.answer_and_publish(case=found, approver=by, at=at)

    return _do(
        request, number, Permission.CASES_APPROVE, act, _("Approved. The answer is on its way.")
    )


@access("cases.approve")
@require_POST
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """Return the draft to its author."""
    form = ReasonForm(request.POST, prefix="return")
    found = load(request, number, Permission.CASES_APPROVE)
    if not form.is_valid():
        return render(
            request, "journeys/case.html", page_of(request, found, return_form=form), status=422
        )
    by, because = request.staff, form.cleaned_data["reason"]  # type: ignore[attr-defined]

    def act(found: Case) -> None:
        cases.return_draft(case=found, because=because, by=by, at=clock.now())

    return _do(request, number, Permission.CASES_APPROVE, act, _("Given back to its author."))


@access("cases.note")
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Leave a note for colleagues."""
    form = NoteForm(request.POST)
    found = load(request, number, Permission.CASES_NOTE)
    if not form.is_valid():
        return render(
            request, "journeys/case.html", page_of(request, found, note_form=form), status=422
        )
    by, text = request.staff, form.cleaned_data["note"]  # type: ignore[attr-defined]

    def act(found: Case) -> None:
        cases.note_case(case=found, text=text, by=by, at=clock.now())

    return _do(request, number, Permission.CASES_NOTE, act, _("Noted."))


@access("cases.refer")
@require_POST
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the case to another unit; a name that fits several is asked again."""
    form = ReferForm(request.POST)
    found = load(request, number, Permission.CASES_REFER)
    if not form.is_valid():
        return render(
            request, "journeys/case.html", page_of(request, found, refer_form=form), status=422
        )
    by, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    wanted, reason = form.cleaned_data["unit"], form.cleaned_data["reason"]
    unit = units.by_slug(slug=wanted, on=on)
    if unit is None or (unit.valid_to and unit.valid_to <= on):
        choices = [
            f
            for f in units.search(text=wanted, on=on, limit=15, old=False)
            if f.unit.level != Level.VILLAGE
        ]
        if not choices:
            form.add_error("unit", _("No unit of that name exists today."))
            return render(
                request, "journeys/case.html", page_of(request, found, refer_form=form), status=422
            )
        return render(
            request, "journeys/refer.html", {"case": found, "choices": choices, "reason": reason}
        )

    def act(found: Case) -> None:
        cases.refer_case(case=found, to_unit_id=unit.id, reason=reason, by=by, at=clock.now())

    response = _do(
        request,
        number,
        Permission.CASES_REFER,
        act,
        _("Referred to %(unit)s.") % {"unit": unit.full_name},
    )
    still_mine = case_queries.case_by_number(by, number=number, on=on)
    return response if still_mine else redirect("cases:inbox")


@access("cases.refer")
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """End a case without an answer, saying why."""
    form = ReasonForm(request.POST, prefix="close")
    found = load(request, number, Permission.CASES_REFER)
    if not form.is_valid():
        return render(
            request, "journeys/case.html", page_of(request, found, close_form=form), status=422
        )
    by, reason = request.staff, form.cleaned_data["reason"]  # type: ignore[attr-defined]

    def act(found: Case) -> None:
        cases.close_case(case=found, reason=reason, by=by, at=clock.now())

    return _do(request, number, Permission.CASES_REFER, act, _("Closed."))


@access("cases.refer")
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Take a finished case up again."""
    by = request.staff  # type: ignore[attr-defined]

    def act(found: Case) -> None:
        cases.reopen_case(case=found, by=by, at=clock.now())

    return _do(request, number, Permission.CASES_REFER, act, _("Taken up again."))


@access("cases.draft")
@require_POST
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Show the asker's contact once; that it was looked at is on record."""
    found = load(request, number, Permission.CASES_DRAFT)
    by = request.staff  # type: ignore[attr-defined]
    shown = cases.reveal_contact(case=found, by=by, at=clock.now())
    return render(request, "journeys/case.html", page_of(request, found, revealed=shown or "–"))


@access("cases.take_in")
def walk_in(request: HttpRequest) -> HttpResponse:
    """Type in a question for somebody without a phone; the slip can be printed or read out."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    own = [
        u
        for u in (units.as_of(unit_id=i, on=on) for i in viewer.unit_ids(Permission.CASES_TAKE_IN))
        if u
    ]
    home = _office_of(own[0].id, on) if own else None
    form = WalkInForm(
        request.POST or None, initial={"unit": home.slug if home else "", "public": "yes"}
    )
    if request.method != "POST" or not form.is_valid():
        return render(
            request,
            "journeys/walk_in.html",
            {"form": form, "form_key": _key(request), "home": home},
        )
    fields = form.cleaned_data
    unit = units.by_slug(slug=fields["unit"], on=on)
    hits = (
        []
        if unit
        else [
            f.unit
            for f in units.search(
                text=fields["unit"], on=on, limit=5, old=False, level=Level.COMMUNE
            )
        ]
    )
    unit = unit or (hits[0] if len(hits) == 1 else None)
    if unit is None:
        form.add_error(
            "unit",
            _("Several communes or none fit. Write the name as in its address, like xa-bich-hao."),
        )
        return render(
            request,
            "journeys/walk_in.html",
            {"form": form, "form_key": _key(request), "home": home},
        )
    taken = ask_and_answer.take_walk_in(
        unit_id=unit.id,
        text=fields["text"],
        form_key=_key(request),
        name=fields["name"],
        contact=fields["contact"],
        place=fields["place"],
        is_public=fields["public"] == "yes",
        by=viewer,
        at=clock.now(),
    )
    return render(request, "journeys/taken_in.html", slip(taken))


def _office_of(unit_id: Any, on: Any) -> Any:
    """Return the commune a village belongs to, or the unit itself."""
    unit = units.as_of(unit_id=unit_id, on=on)
    if unit is not None and unit.level == Level.VILLAGE:
        return units.as_of(unit_id=unit.parent_id, on=on) if unit.parent_id else None
    return unit


def _key(request: HttpRequest) -> str:
    import uuid

    return request.POST.get("form_key", "")[:64] or uuid.uuid4().hex
