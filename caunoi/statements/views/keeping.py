"""Statements for those who keep the books: bringing a file in, looking at it, running it; the lines that wait."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caunoi.campaigns import queries as campaign_queries
from caunoi.campaigns.models import Campaign
from caunoi.funds.terms import (
    AlreadyReversed,
    NotBalanced,
    NotEnough,
    OutsideCampaign,
    PeriodClosed,
)
from caunoi.kit import clock, paging, sheets, swap
from caunoi.kit.access import access
from caunoi.statements import actions, actions_lines, forms, queries
from caunoi.statements.models import BankLine, StatementFile
from caunoi.statements.terms import ChangedLayout, FileState, Kind, LineState, StatementError, Why
from caunoi.units import queries as units

PARTS = ("file",)
SHOWN = 50
BOOKS = (NotEnough, OutsideCampaign, PeriodClosed, AlreadyReversed, NotBalanced)


@access("funds.view")
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """List the files brought in, and where lines wait."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    page = paging.cut(queries.files(viewer, on=on), page=request.GET.get("page"), size=30)
    names = units.names_of(unit_ids={f.account.campaign.unit_id for f in page.rows}, on=on)
    shown = {"page": page, "names": names, "may_keep": queries.campaigns(viewer, on=on, keep=True).exists()}  # fmt: skip
    return render(request, "statements/files.html", shown)


@access("funds.keep")
def upload(request: HttpRequest) -> HttpResponse:
    """Bring a file of a bank in."""
    viewer, at = request.staff, clock.now()  # type: ignore[attr-defined]
    own = {str(c.pk): c for c in queries.campaigns(viewer, on=clock.local_date(at), keep=True)[:500]}  # fmt: skip
    choices = [(pk, c.title) for pk, c in own.items()]
    form = forms.UploadForm(request.POST or None, request.FILES or None, campaigns=choices)
    if request.method == "POST" and form.is_valid():
        try:
            made = _take_in(form.cleaned_data, own, viewer)
            return redirect("statements:file", pk=made.pk)
        except StatementError as error:
            form.add_error("file", str(error))
    shown = {"form": form, "campaigns": choices}
    return render(request, "statements/upload.html", shown, status=422 if form.errors else 200)


def _take_in(said: dict[str, Any], own: dict[str, Campaign], viewer: Any) -> StatementFile:
    at, campaign, file = clock.now(), own[said["campaign"]], said["file"]
    number = said["number"] or campaign.account_number
    if not number.strip():
        raise StatementError(_("Write the number of the account: the appeal names none."))
    account = actions.open_account(
        campaign=campaign,
        bank=said["bank"] or campaign.bank,
        number=number,
        sole=said["sole"],
        by=viewer,
        at=at,
    )
    return actions.take_in(account=account, name=file.name or "", body=file.read(), by=viewer, at=at)  # fmt: skip


def load(request: HttpRequest, pk: UUID) -> StatementFile:
    """Return a file whose books the viewer sees."""
    on = clock.local_date(clock.now())
    found = queries.files(request.staff, on=on).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("funds.view")
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a file: its columns to confirm, then what it adds up to and what is wrong, then how far it is, then what came of it."""
    return file_page(request, load(request, pk))


def file_page(
    request: HttpRequest,
    found: StatementFile,
    *,
    form: Any = None,
    reason_form: Any = None,
    status: int = 200,
) -> HttpResponse:
    """Show how far a file is and what can be done with it."""
    is_sheet = found.kind in {Kind.XLSX, Kind.CSV}
    chooses = found.state in {FileState.UPLOADED, FileState.CHECKED} and is_sheet
    proposed = actions.propose(found) if chooses else None
    if proposed is not None and form is None:
        form = _columns_form(None, proposed)
    shown = {
        "file": found,
        "form": form,
        "proposed": proposed,
        "sample": proposed.table.below if proposed else [],
        "bad": list(found.bad_rows.order_by("line")[:SHOWN]),
        "agrees": _agrees(found),
        "fresh": found.good - found.known,
        "at_once": found.size <= actions.AT_ONCE,
        "undoings": list(
            found.undoings.select_related("asked_by", "done_by").order_by("-asked_at")
        ),
        "reason_form": reason_form or forms.ReasonForm(),
        "may_undo": found.state == FileState.DONE
        or (found.state == FileState.CHECKED and found.done),
    }
    if form is not None and form.errors:
        return render(request, "statements/file.html", shown, status=422)
    return swap.render(request, "statements/file.html", shown, parts=PARTS, status=status)


def _columns_form(data: Any, proposed: actions.Proposed) -> forms.ColumnsForm:
    return forms.ColumnsForm(
        data,
        header=proposed.table.header,
        chosen=proposed.columns,
        month_first=proposed.month_first,
    )


def _agrees(found: StatementFile) -> bool | None:
    if found.opening is None or found.closing is None:
        return None
    return found.opening + found.credits - found.debits == found.closing


@access("funds.keep")
@require_POST
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which column says what and look at every line."""
    found, viewer = load(request, pk), request.staff  # type: ignore[attr-defined]
    form = None
    try:
        columns, month_first = {}, False
        if found.kind in {Kind.XLSX, Kind.CSV}:
            form = _columns_form(request.POST, actions.propose(found))
            if not form.is_valid():
                return file_page(request, found, form=form)
            columns, month_first = form.columns(), form.cleaned_data["month_first"]
        actions.choose(file=found, columns=columns, month_first=month_first, by=viewer, at=clock.now())  # fmt: skip
    except ChangedLayout as error:
        if form is not None:
            form.add_error(None, str(error))
            return file_page(request, found, form=form)
        messages.error(request, str(error))
    except StatementError as error:
        messages.error(request, str(error))
    return redirect("statements:file", pk=pk)


@access("funds.keep")
@require_POST
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the worker write the good lines."""
    found = load(request, pk)
    try:
        actions.start(file=found, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    except StatementError as error:
        messages.error(request, str(error))
    return redirect("statements:file", pk=pk)


@access("funds.keep")
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a file away that was not run."""
    found = load(request, pk)
    try:
        actions.drop(file=found, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, _("The file is put away. Nothing of it was kept."))
        return redirect("statements:files")
    except StatementError as error:
        messages.error(request, str(error))
    return redirect("statements:file", pk=pk)


@access("funds.view")
@require_safe
def errors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the lines that could not be read, each with what is wrong."""
    found = load(request, pk)
    rows = ([b.line, _(b.problem), b.said] for b in found.bad_rows.order_by("line"))
    return sheets.answer("dong-can-sua", ("Dòng", "Cần sửa", "Nội dung"), rows)


@access("funds.view")
@require_safe
def to_match(request: HttpRequest) -> HttpResponse:
    """List the lines of a campaign that wait for a person."""
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    own = list(queries.campaigns(viewer, on=on)[:200])
    asked = request.GET.get("cuoc", "")
    waits = queries.waiting_by_campaign(campaigns=own)
    for c in own:
        c.waits = waits.get(c.pk, 0)  # type: ignore[attr-defined]
    busiest = max(own, key=lambda c: waits.get(c.pk, 0), default=None)
    campaign = next((c for c in own if c.slug == asked), busiest)
    rows = queries.lines(viewer, on=on).filter(state=LineState.UNMATCHED)
    rows = rows.filter(campaign=campaign).order_by("-on", "-id") if campaign else rows.none()
    why, text = request.GET.get("vi-sao", ""), request.GET.get("q", "")[:80]
    rows = rows.filter(why=why) if why in set(Why) else rows
    rows = queries.saying(rows=rows, text=text) if text.strip() else rows
    if "xlsx" in request.GET:
        header = ("Ngày", "Số tiền (đồng)", "Nội dung", "Bên kia", "Số của ngân hàng", "Dòng")
        table = ([r.on, r.amount, r.text, r.giver, r.reference, r.short] for r in rows[:50_000])
        return sheets.answer("can-khop", header, table)
    shown = {
        "page": paging.cut(rows, page=request.GET.get("page")),
        "campaigns": own,
        "campaign": campaign,
        "why": why,
        "text": text,
        "whys": [w.value for w in (Why.NO_CODE, Why.OTHER_CAMPAIGN, Why.TOO_LATE, Why.TOO_EARLY, Why.BOOKS_CLOSED, Why.MONEY_OUT, Why.NO_MONEY)],
        "waiting": queries.waiting(campaign_id=campaign.pk) if campaign else None,
    }  # fmt: skip
    return render(request, "statements/to_match.html", shown)


# -- one line ------------------------------------------------------------------


def _line(request: HttpRequest, short: str) -> BankLine:
    on = clock.local_date(clock.now())
    found = queries.line(request.staff, short=short, on=on)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@access("funds.view")
@require_safe
def line(request: HttpRequest, short: str) -> HttpResponse:
    """Show one line with the bank's own words, what it could belong to, and what can be done."""
    return _line_page(request, _line(request, short))


def _line_page(
    request: HttpRequest, found: BankLine, *, status: int = 200, **more: Any
) -> HttpResponse:
    shown = {
        "line": found,
        "match_form": _match_form(None, found),
        "note_form": forms.NoteForm(),
        "proposals": queries.proposals_for(line=found),
        "needs": queries.needs_for(line=found),
        "returns": queries.could_be_given_back(line=found),
    } | more
    return render(request, "statements/keep_line.html", shown, status=status)


def _match_form(data: Any, found: BankLine) -> forms.MatchForm:
    return forms.MatchForm(data, purposes=found.campaign.purposes.values_list("code", "name"))


@access("funds.keep")
@require_POST
def deed(request: HttpRequest, short: str, deed: str) -> HttpResponse:
    """Do one thing with a line: khop, go, hoan, phi, bo-qua, viet-tat."""
    found = _line(request, short)
    if deed not in DEEDS:
        raise Http404
    try:
        again = DEEDS[deed](request, found)
    except (StatementError, *BOOKS) as error:
        messages.error(request, str(error))
        again = None
    return again or redirect("statements:keep_line", short=short)


def _match(request: HttpRequest, found: BankLine) -> HttpResponse | None:
    form = _match_form(request.POST, found)
    if not form.is_valid():
        return _line_page(request, found, status=422, match_form=form)
    number, gift, need, purpose = form.cleaned_data["code"], None, None, form.cleaned_data["purpose"]  # fmt: skip
    if number is not None:
        code = campaign_queries.codes_of(numbers=[number]).get(number)
        if code is None or code.campaign_id != found.campaign_id:
            form.add_error("code", _("There is no such code in this campaign."))
            return _line_page(request, found, status=422, match_form=form)
        gift, need, purpose = code.gift, code.need, purpose or code.purpose
    viewer = request.staff  # type: ignore[attr-defined]
    actions_lines.match(line=found, gift=gift, need=need, purpose=purpose, by=viewer, at=clock.now())  # fmt: skip
    messages.success(request, _("Matched. It stands in the public books now."))
    return None


def _take_back(request: HttpRequest, found: BankLine) -> None:
    actions_lines.take_back(line=found, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    messages.success(request, _("Taken back: the line waits again."))


def _give_back(request: HttpRequest, found: BankLine) -> None:
    of = _line(request, request.POST.get("of", ""))
    actions_lines.give_back(line=found, of=of, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    messages.success(request, _("Noted: this money went back to its giver."))


def _fee(request: HttpRequest, found: BankLine) -> None:
    actions_lines.book_fee(line=found, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    messages.success(request, _("Booked as a fee of the bank."))


def _set_aside(request: HttpRequest, found: BankLine) -> HttpResponse | None:
    form = forms.NoteForm(request.POST)
    if not form.is_valid():
        return _line_page(request, found, status=422, note_form=form)
    note = form.cleaned_data["note"]
    actions_lines.set_aside(line=found, note=note, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    return None


def _initials(request: HttpRequest, found: BankLine) -> None:
    wished = request.POST.get("initials") == "1"
    actions_lines.show_initials(line=found, initials=wished, by=request.staff, at=clock.now())  # type: ignore[attr-defined]


DEEDS: dict[str, Callable[[HttpRequest, BankLine], HttpResponse | None]] = {
    "khop": _match,
    "go": _take_back,
    "hoan": _give_back,
    "phi": _fee,
    "bo-qua": _set_aside,
    "viet-tat": _initials,
}
