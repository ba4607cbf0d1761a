"""The library of answers, and its keepers' page."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from caunoi.answers import actions, queries
from caunoi.answers.models import PublishedAnswer
from caunoi.kit import clock
from caunoi.kit.access import access, public
from caunoi.units import queries as units


@public("the answers library")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Search what was answered, everywhere or in one unit."""
    on = clock.local_date(clock.now())
    text = request.GET.get("q", "")[:150]
    unit = (
        units.by_slug(slug=request.GET.get("don-vi", "")[:140], on=on)
        if request.GET.get("don-vi")
        else None
    )
    found = queries.published(text=text, under=unit.id if unit else None, on=on)
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    return render(
        request,
        "answers/library.html",
        {"page": page, "text": text, "unit": unit, "section": "answers"},
    )


class Correction(forms.Form):
    """Change or withdraw a published answer, saying why."""

    answer = forms.CharField(
        label=gettext_lazy("Corrected answer"), widget=forms.Textarea, max_length=10_000
    )
    why = forms.CharField(label=gettext_lazy("Why (everybody reads this)"), max_length=300)
    valid_until = forms.DateField(label=gettext_lazy("Valid until"), required=False)


@access("answers.manage")
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """List the published answers of the viewer's units."""
    on = clock.local_date(clock.now())
    reach = units.subtree_filter(paths=request.staff.scope("answers.manage"), on=on)  # type: ignore[attr-defined]
    found = PublishedAnswer.objects.filter(unit_id__in=reach).order_by("-published_at")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "answers/manage.html", {"page": page})


@access("answers.manage")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct or withdraw one answer of the viewer's units."""
    on = clock.local_date(clock.now())
    reach = units.subtree_filter(paths=request.staff.scope("answers.manage"), on=on)  # type: ignore[attr-defined]
    published = get_object_or_404(PublishedAnswer.objects.filter(unit_id__in=reach), number=number)
    form = Correction(
        request.POST or None,
        initial={"answer": published.answer, "valid_until": published.valid_until},
    )
    if request.method == "POST" and form.is_valid():
        by, at, fields = request.staff, clock.now(), form.cleaned_data  # type: ignore[attr-defined]
        if "withdraw" in request.POST:
            actions.withdraw_answer(published=published, why=fields["why"], by=by, at=at)
            messages.success(request, _("The answer is withdrawn; its page says why."))
        else:
            actions.correct_answer(published=published, by=by, at=at, **fields)
            messages.success(request, _("The answer is corrected; its page says why."))
        return redirect("answers:manage")
    return render(request, "answers/correct.html", {"form": form, "published": published})
