"""The register of official papers: list, one paper, its files, and the letterheads of the units."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from caunoi.documents import actions, forms, queries
from caunoi.documents.models import Paper
from caunoi.documents.terms import Format, PaperError, PaperType
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE = 50
TYPE_NAMES = {
    PaperType.FORWARDING_SLIP: gettext_noop("Forwarding slip"),
    PaperType.REMINDER: gettext_noop("Reminder letter"),
    PaperType.NOTICE: gettext_noop("Notice"),
    PaperType.HANDOVER: gettext_noop("Minutes of a hand-over"),
    PaperType.WAYBILL: gettext_noop("Way-bill"),
}
CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def _today() -> date:
    return clock.local_date(clock.now())


@access("documents.view")
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Show the registers of the viewer's units, newest first."""
    on = _today()
    text, kind = request.GET.get("q", "")[:100], request.GET.get("loai", "")[:16]
    year = int(request.GET["nam"]) if request.GET.get("nam", "").isdecimal() else None
    found = queries.papers(request.staff, on=on, text=text, year=year, paper_type=kind)
    if "xlsx" in request.GET:
        return _as_sheet(list(found[:10_000]), on)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "text": text,
        "kind": kind,
        "kinds": {t.value: _(n) for t, n in TYPE_NAMES.items()},
        "names": units.names_of(unit_ids=[p.unit_id for p in page], on=on),
        "letterheads": _letterheads(request, on),
    }
    return render(request, "documents/papers.html", shown)


def _letterheads(request: HttpRequest, on: date) -> list[Any]:
    own = request.staff.unit_ids(Permission.DOCUMENTS_MANAGE)
    return [u for u in (units.as_of(unit_id=i, on=on) for i in own) if u]


def _as_sheet(found: list[Paper], on: date) -> HttpResponse:
    names = units.names_of(unit_ids=[p.unit_id for p in found], on=on)
    header = [
        "Số, ký hiệu",
        "Ngày",
        "Loại",
        "Trích yếu",
        "Nơi nhận",
        "Đơn vị",
        "Người lập",
        "Trạng thái",
        "Lý do huỷ",
    ]
    rows = (
        [
            p.symbol,
            p.issued_at,
            _(TYPE_NAMES[PaperType(p.paper_type)]),
            p.subject,
            p.addressee,
            names.get(p.unit_id, ""),
            str(p.issued_by),
            "đã huỷ" if p.state == "cancelled" else "đã phát hành",
            p.cancelled_because,
        ]
        for p in found
    )
    return sheets.answer("so-van-ban", header, rows)


def _load(request: HttpRequest, pk: str) -> Paper:
    visible = queries.visible_papers(request.staff, on=_today())
    return get_object_or_404(visible.select_related("issued_by", "cancelled_by"), pk=pk)


@access("documents.view")
@require_safe
def paper(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one paper as it reads, with its files."""
    return _show(request, _load(request, pk), forms.CancelForm())


def _show(request: HttpRequest, found: Paper, form: Any, status: int = 200) -> HttpResponse:
    path = units.paths_of(unit_ids=[found.unit_id], on=_today()).get(found.unit_id, "none")
    shown = {
        "paper": found,
        "sheet": found.sheet,
        "kind": _(TYPE_NAMES[PaperType(found.paper_type)]),
        "unit_name": units.name_of(unit_id=found.unit_id, on=_today()),
        "cancel_form": form,
        "may_cancel": found.state == "issued" and request.staff.may("documents.issue", path),
    }
    return render(request, "documents/paper.html", shown, status=status)


@access("documents.view")
@require_safe
def file(request: HttpRequest, pk: str, file_format: str) -> HttpResponse:
    """Give the paper as PDF (shown in the browser) or DOCX (saved)."""
    if file_format not in list(Format):
        raise Http404
    found, wanted = _load(request, pk), Format(file_format)
    content = actions.file_for(paper=found, file_format=wanted, at=clock.now())
    response = HttpResponse(content, content_type=CONTENT_TYPES[wanted])
    name = found.symbol.replace("/", "-")
    how = "inline" if wanted == Format.PDF else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{name}.{file_format}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@access("documents.issue")
@require_POST
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    """Cancel a paper with a reason; the number stays."""
    found, form = _load(request, pk), forms.CancelForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        actions.cancel_paper(
            paper=found, because=form.cleaned_data["because"], by=request.staff, at=clock.now()
        )
    except PaperError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("Cancelled. The register keeps the number with its reason."))
    return redirect("documents:paper", pk=pk)


@access("documents.manage")
def letterhead(request: HttpRequest, slug: str) -> HttpResponse:
    """Write how a unit heads and signs its papers."""
    on = _today()
    unit = units.by_slug(slug=slug, on=on)
    if unit is None or not request.staff.may(Permission.DOCUMENTS_MANAGE, unit.path):
        raise Http404
    head = queries.head_of(unit_id=unit.id, on=on)
    now = {
        "upper_lines": "\n".join(head.upper_lines),
        "body_line": head.body_line,
        "symbol": head.symbol,
        "place": head.place,
        "authority": head.authority,
        "signer_title": head.signer_title,
        "signer_name": head.signer_name,
        "recipients": queries.recipients_of(unit_id=unit.id),
    }
    form = forms.LetterheadForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_letterhead(
                unit_id=unit.id,
                head=form.head(),
                recipients=form.cleaned_data["recipients"],
                by=request.staff,
                at=clock.now(),
            )
        except PaperError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("The letterhead holds for papers from now on."))
            return redirect(reverse("documents:papers"))
    return render(request, "documents/letterhead.html", {"form": form, "unit": unit})
