"""How a colleague likes to work: her own settings of the desk."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from caunoi.handling import actions_recall, queries_recall
from caunoi.handling.terms import RECALL_SECONDS
from caunoi.kit import clock
from caunoi.kit.access import signed_in


class HabitsForm(forms.Form):
    """Keys of one letter on or off; how long an approval waits."""

    single_keys = forms.BooleanField(
        label=gettext_lazy("Keys of one letter (j, k, r, n …) work outside of fields"),
        required=False,
    )
    recall_seconds = forms.TypedChoiceField(
        label=gettext_lazy("How long an approval of mine waits before it is sent"),
        choices=[(n, gettext_lazy("%(n)d seconds") % {"n": n}) for n in RECALL_SECONDS],
        coerce=int,
        widget=forms.RadioSelect,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def habits(request: HttpRequest) -> HttpResponse:
    """Show and keep one's own habits."""
    by = request.staff  # type: ignore[attr-defined]
    kept = queries_recall.habits_of(by)
    now = {"single_keys": kept.single_keys, "recall_seconds": kept.recall_seconds}
    form = HabitsForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        actions_recall.set_habits(by=by, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("handling:habits")
    status = 422 if form.errors else 200
    return render(request, "handling/habits.html", {"form": form}, status=status)
