"""For the treasurer and the auditor: trial balance, reconciliation, what looks wrong, closing, papers, everything at once."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.documents import queries as documents
from caunoi.funds import queries as ledger
from caunoi.funds.models import Fund
from caunoi.funds.terms import Place
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen
from caunoi.staff.terms import Permission
from caunoi.treasury import (
    actions,
    auditing,
    forms,
    papers,
    queries,
    report_sheet,
    reporting,
    rules,
)
from caunoi.treasury import pack as documents_pack
from caunoi.treasury.terms import PLACES_SAID, Check
from caunoi.treasury.views import SHEET, load_fund, load_voucher, may, today, voucher_rows
from caunoi.units import queries as units

RECEIPTS_AT_ONCE = 400
LIMITS_SHOWN = 200
BALANCE = ("Khoản", "Nơi giữ", "Mục đích", "Đơn vị", "Phát sinh tăng", "Phát sinh giảm", "Số dư")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@access("funds.view")
@require_safe
def trial_balance(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Show every account with what came and went; both sides add up. ``?xlsx`` gives it as a file."""
    found, on = load_fund(request, pk), today()
    rows = list(_balance_rows(found, on))
    if sheets.wanted(request):
        return sheets.as_asked(request, "can-doi", BALANCE, rows, heading=found.name)
    sums: dict[str, list[int]] = {}
    for row in rows:
        total = sums.setdefault(row[0], [0, 0])
        total[0] += row[4]
        total[1] += row[5]
    shown = {"fund": found, "rows": rows, "sums": sums.items()}
    return render(request, "treasury/trial_balance.html", shown)


def _balance_rows(fund: Fund, on: date) -> Iterator[list[Any]]:
    accounts = queries.trial_balance(fund=fund)
    names = units.names_of(unit_ids=[a.unit_id for a in accounts if a.unit_id], on=on)
    for a in accounts:
        yield [
            *(a.commodity.name, PLACES_SAID[Place(a.place)], a.purpose),
            *(names.get(a.unit_id, "") if a.unit_id else "", a.came_in, a.went_out, a.balance),
        ]


@access("funds.view")
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what looks wrong and how the books stand beside bank and box; POST notes what an auditor found."""
    found = load_fund(request, pk)
    audits = may(request, Permission.AUDIT_VIEW, found.unit_id)
    if request.method == "POST":
        return _explain(request, found, audits)
    shown = {
        "fund": found,
        "anomalies": auditing.anomalies(fund=found),
        "reconciled": queries.reconciliations(fund=found),
        "approved": queries.approved(fund=found),
        "audits": audits,
        "keeps": may(request, Permission.FUNDS_KEEP, found.unit_id),
        "declare_form": forms.DeclareForm(initial={"on": today()}),
    }
    return render(request, "treasury/audit.html", shown)


def _explain(request: HttpRequest, found: Fund, audits: bool) -> HttpResponse:
    check = request.POST.get("check", "")
    if not audits or check not in list(Check):
        raise Http404
    try:
        actions.explain(
            fund=found,
            check=Check(check),
            key=request.POST.get("key", "")[:120],
            note=request.POST.get("note", ""),
            by=request.staff,  # type: ignore[attr-defined]
            at=clock.now(),
        )
        messages.success(request, _("Kept."))
    except Foreseen as error:
        messages.error(request, _(str(error)))
    return redirect("treasury:audit", pk=found.pk)


@access("funds.keep")
@require_POST
def declare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what was counted and what the bank says."""
    found, form = load_fund(request, pk), forms.DeclareForm(request.POST)
    if form.is_valid():
        try:
            actions.declare(fund=found, by=request.staff, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            messages.success(request, _("Kept."))
            return redirect("treasury:audit", pk=pk)
        except Foreseen as error:
            form.add_error(None, _(str(error)))
    shown = {
        "fund": found,
        "anomalies": auditing.anomalies(fund=found),
        "reconciled": queries.reconciliations(fund=found),
        "approved": queries.approved(fund=found),
        "keeps": True,
        "declare_form": form,
    }
    return render(request, "treasury/audit.html", shown, status=422)


@access("funds.approve")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the books through a day; what stands against it is said first."""
    found, on = load_fund(request, pk), today()
    asked = request.POST if request.method == "POST" else None
    form = forms.CloseForm(asked or ({"through": request.GET["through"]} if "through" in request.GET else None))  # fmt: skip
    against: list[str] = []
    if form.is_bound and form.is_valid():
        through = form.cleaned_data["through"]
        against = queries.against_closing(fund=found, through=through, on=on)
        if asked is not None and not against:
            try:
                actions.close_period(fund=found, through=through, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
                messages.success(request, _("The books are closed through that day."))
                return redirect("treasury:fund", pk=pk)
            except Foreseen as error:
                against = [_(str(error))]
    shown = {"fund": found, "form": form, "against": against}
    status = 422 if asked is not None else 200
    return render(request, "treasury/close.html", shown, status=status)


@access("funds.view")
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """Show above which amounts two persons decide, with history; an approver sets a new one."""
    viewer, on = request.staff, today()  # type: ignore[attr-defined]
    sets = viewer.unit_ids(Permission.FUNDS_APPROVE)
    slugs = units.slugs_of(unit_ids=sets)
    first = {"valid_from": on, "unit": next(iter(slugs.values()), "")}
    form = forms.LimitForm(request.POST or None, on_day=on, initial=first)
    if request.method == "POST" and not sets:
        raise Http404
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            actions.set_limit(unit_id=fields.pop("unit").id, by=viewer, at=clock.now(), **fields)
            messages.success(request, _("Kept."))
            return redirect("treasury:limits")
        except Foreseen as error:
            form.add_error("unit", _(str(error)))
    rows = list(queries.limits(viewer, on=on)[:LIMITS_SHOWN])
    held = list(viewer.unit_ids(Permission.FUNDS_VIEW))
    shown = {
        "limits": rows,
        "names": units.names_of(unit_ids=[*held, *(r.unit_id for r in rows)], on=on),
        "current": [(u, queries.limit_of(unit_id=u, on=on)) for u in held],
        "form": form,
        "sets": bool(sets),
        "unless_said": rules.UNLESS_SAID,
    }
    return render(request, "treasury/limits.html", shown, status=422 if form.errors else 200)


# -- papers ------------------------------------------------------------------


def _span(request: HttpRequest) -> tuple[date, date]:
    """Return the days asked for, or this month so far."""
    form, on = forms.SpanForm(request.GET), today()
    days = form.cleaned_data if form.is_valid() else {}
    return days.get("since") or on.replace(day=1), days.get("until") or on


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@access("funds.view")
@require_safe
def voucher_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return one voucher to sign; ``?bien-nhan`` the receipt of what came in."""
    found = load_voucher(request, pk)
    receipt = queries.receipt_of(posting_id=found.pk)
    if "bien-nhan" in request.GET and receipt is not None:
        return _pdf(papers.receipts_pdf(fund=found.fund, receipts=[receipt]), "bien-nhan")
    return _pdf(papers.voucher_pdf(voucher=found), "phieu")


@access("funds.view")
@require_safe
def receipts_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the receipts of some days, two on a sheet."""
    found = load_fund(request, pk)
    since, until = _span(request)
    rows = list(queries.receipts_between(fund=found, since=since, until=until)[:RECEIPTS_AT_ONCE])
    if not rows:
        messages.error(request, _("No receipt was given in these days."))
        return redirect("treasury:fund", pk=pk)
    return _pdf(papers.receipts_pdf(fund=found, receipts=rows), "bien-nhan")


@access("funds.view")
@require_safe
def board_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the sheets for notice boards, one a unit."""
    return _pdf(papers.board_pdf(fund=load_fund(request, pk), on=today()), "niem-yet")


@access("funds.view")
@require_safe
def report(request: HttpRequest, pk: UUID, ending: str) -> HttpResponse:
    """Return the fund's report of some days as PDF, DOCX or XLSX."""
    found, on = load_fund(request, pk), today()
    since, until = _span(request)
    told = reporting.report_of(fund=found, since=since, until=until)
    by = request.staff.name  # type: ignore[attr-defined]
    head = documents.head_of(unit_id=found.unit_id, on=on)
    makers: dict[str, Any] = {
        "pdf": lambda: (
            papers.report_pdf(fund=found, report=told, by=by, on=on),
            "application/pdf",
        ),
        "docx": lambda: (reporting.docx_of(told, head=head, by=by, on=on), WORD),
        "xlsx": lambda: (report_sheet.xlsx_of(told, head=head, by=by, on=on), sheets.KIND),
    }
    if ending not in makers:
        raise Http404
    content, kind = makers[ending]()
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="bao-cao.{ending}"'
    return answer


@access("funds.view")
@require_safe
def everything(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return everything of a fund in one file: journal, roots, proofs, vouchers, bank lines, goods, trial balance, report."""
    found, on = load_fund(request, pk), today()
    actions.note_export(fund=found, by=request.staff, at=clock.now())  # type: ignore[attr-defined]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        with pack.open("so-cai.jsonl", "w") as file:
            for line in ledger.journal(fund_id=found.pk):
                file.write(f"{line}\n".encode())
        pack.writestr("bien-nhan.jsonl", "".join(_proofs(found)))
        rows = voucher_rows(
            queries.vouchers(request.staff, on=on, fund_id=found.pk).order_by("year", "number"),  # type: ignore[attr-defined]
            on,
        )
        pack.writestr("phieu.csv", _csv(SHEET, rows))
        pack.writestr("DOC-TRUOC.txt", documents_pack.READ_ME)
        pack.writestr("sao-ke.csv", _csv(documents_pack.BANK, documents_pack.bank_rows(found)))
        pack.writestr("hang.csv", _csv(documents_pack.GOODS, documents_pack.goods_rows(found, on)))
        pack.writestr("can-doi.csv", _csv(BALANCE, _balance_rows(found, on)))
        told = reporting.report_of(fund=found, since=found.opened_on, until=on)
        head, by = documents.head_of(unit_id=found.unit_id, on=on), request.staff.name  # type: ignore[attr-defined]
        pack.writestr("bao-cao.xlsx", report_sheet.xlsx_of(told, head=head, by=by, on=on))
        pack.writestr("niem-yet.pdf", papers.board_pdf(fund=found, on=on))
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="so-sach-{found.pk}.zip"'
    return answer


def _proofs(fund: Fund) -> Iterator[str]:
    rows = queries.receipts_between(fund=fund, since=fund.opened_on, until=date.max)
    for one in rows.select_related("posting__source", "posting__target").iterator(chunk_size=500):
        told = ledger.proof(posting=one.posting)
        if told is not None:
            yield (
                json.dumps(told | {"number": f"{one.number}/{one.year}"}, ensure_ascii=False) + "\n"
            )


def _csv(header: tuple[str, ...], rows: Any) -> str:
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_safe(v) for v in row] for row in rows)
    return out.getvalue()


def _safe(value: Any) -> Any:
    """A spreadsheet runs what begins like a formula: an apostrophe before it keeps it text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(sheets.DANGEROUS) else value
