"""The keepers of the library: correct, withdraw, say until when an answer holds, mark that the law has changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from caunoi.answers import actions, forms, queries
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.views.library import as_rows
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.terms import Foreseen

PAGE, SHEET_ROWS, SOON_DAYS = 50, 20_000, 30
SHOW_NAMES = {
    "all": gettext_lazy("All"),
    "ending": gettext_lazy("End within 30 days"),
    "ended": gettext_lazy("Ended"),
    "law_changed": gettext_lazy("Law changed"),
    "corrected": gettext_lazy("Corrected"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "not_helping": gettext_lazy("Do not help"),
}


@access("answers.manage")
@require_safe
def manage(request: HttpRequest) -> HttpResponseBase:
    """List the published answers of the viewer's units; ``?xlsx`` and ``?csv`` give them as a file."""
    on = clock.local_date(clock.now())
    show = request.GET.get("xem", "all")
    show = show if show in queries.SHOWS else "all"
    text = request.GET.get("q", "")[:150]
    viewer = request.staff  # type: ignore[attr-defined]
    soon = on + timedelta(days=SOON_DAYS)
    found = queries.kept(viewer, show=show, text=text, on=on, soon=soon)
    if sheets.wanted(request):
        return _as_sheet(request, found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "href": f"{reverse('answers:manage')}?xem={name}",
            "label": label,
            "count": None,
            "current": name == show,
        }
        for name, label in SHOW_NAMES.items()
    ]
    shown = {"page": page, "rows": as_rows(page.object_list, on), "tabs": tabs, "text": text}
    return render(request, "answers/manage.html", shown | {"show": show})


def _as_sheet(request: HttpRequest, found: Any) -> HttpResponseBase:
    header = [
        "Số", "Câu hỏi", "Trả lời", "Cơ quan trả lời", "Chủ đề", "Đăng lúc", "Có hiệu lực từ", "Đến hết ngày",
        "Sửa lúc", "Lý do", "Luật đã thay đổi", "Đã giúp", "Chưa giúp",
    ]  # fmt: skip
    rows = (
        [
            a.number, a.question, a.answer, a.agency, a.topic, a.published_at, a.valid_from, a.valid_until,
            a.corrected_at, a.correction, a.law_note, a.helped, a.not_helped,
        ]
        for a in found[:SHEET_ROWS]
    )  # fmt: skip
    place = request.staff.place  # type: ignore[attr-defined]
    return sheets.as_asked(
        request, "hoi-dap", header, rows, heading=f"Hỏi đáp đã trả lời – {place}"
    )


def _load(request: HttpRequest, number: str) -> PublishedAnswer:
    viewer, on = request.staff, clock.local_date(clock.now())  # type: ignore[attr-defined]
    answer = queries.kept_answer(viewer, number=number.upper(), on=on)
    if answer is None:
        raise Http404
    return answer


def _page(request: HttpRequest, answer: PublishedAnswer, **changed: Any) -> HttpResponse:
    on = clock.local_date(clock.now())
    shown = {
        "answer": answer,
        "standing": queries.how_it_stands(answer, on=on).value,
        "correction_form": forms.CorrectionForm(initial={"answer": answer.answer}),
        "validity_form": forms.ValidityForm(
            prefix="valid",
            initial={"valid_from": answer.valid_from, "valid_until": answer.valid_until},
        ),
        "law_form": forms.LawForm(prefix="law"),
        "withdraw_form": forms.WithdrawForm(prefix="withdraw"),
        "versions": queries.history(answer=answer),
    } | changed
    return render(request, "answers/correct.html", shown, status=422 if changed else 200)


@access("answers.manage")
@require_safe
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Show one answer with everything its keeper may change."""
    return _page(request, _load(request, number))


def _change(
    request: HttpRequest,
    number: str,
    form: django_forms.Form | None,
    name: str,
    act: Callable[[PublishedAnswer, dict[str, Any]], object],
    said: str,
) -> HttpResponse:
    """Do one thing to the answer; an error we foresee stands in its form."""
    found = _load(request, number)
    if form is not None and not form.is_valid():
        return _page(request, found, **{name: form})
    try:
        act(found, form.cleaned_data if form is not None else {})
    except Foreseen as error:
        if form is not None:
            form.add_error(None, _(str(error)))
            return _page(request, found, **{name: form})
        messages.error(request, _(str(error)))
    else:
        messages.success(request, said)
    return redirect("answers:correct", number=found.number)


@access("answers.manage")
@require_POST
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Publish a better text."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]

    def act(found: PublishedAnswer, fields: dict[str, Any]) -> object:
        return actions.correct_answer(published=found, by=by, at=at, **fields)

    form = forms.CorrectionForm(request.POST)
    said = _("The answer is corrected; its page says why.")
    return _change(request, number, form, "correction_form", act, said)


@access("answers.manage")
@require_POST
def validity(request: HttpRequest, number: str) -> HttpResponse:
    """Say from when until when the answer holds."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]

    def act(found: PublishedAnswer, fields: dict[str, Any]) -> object:
        return actions.set_validity(published=found, by=by, at=at, **fields)

    form = forms.ValidityForm(request.POST, prefix="valid")
    said = _("Kept. After its last day the answer is no longer proposed.")
    return _change(request, number, form, "validity_form", act, said)


@access("answers.manage")
@require_POST
def law(request: HttpRequest, number: str) -> HttpResponse:
    """Mark that the law has changed, or take the mark away."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    if "unmark" in request.POST:
        return _change(
            request,
            number,
            None,
            "",
            lambda found, _fields: actions.unmark_law_changed(published=found, by=by, at=at),
            _("The mark is gone; the answer is proposed again."),
        )

    def act(found: PublishedAnswer, fields: dict[str, Any]) -> object:
        return actions.mark_law_changed(published=found, by=by, at=at, **fields)

    form = forms.LawForm(request.POST, prefix="law")
    said = _("Marked; the answer is no longer proposed.")
    return _change(request, number, form, "law_form", act, said)


@access("answers.manage")
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the answer out of the library."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]

    def act(found: PublishedAnswer, fields: dict[str, Any]) -> object:
        return actions.withdraw_answer(published=found, by=by, at=at, **fields)

    form = forms.WithdrawForm(request.POST, prefix="withdraw")
    said = _("The answer is withdrawn; its page says why.")
    return _change(request, number, form, "withdraw_form", act, said)
