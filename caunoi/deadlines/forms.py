"""What an administrator writes about deadlines, and the question anybody may put to the table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.deadlines.terms import DayKind, Span

SPANS = [
    (Span.WORKING.value, _("working days")),
    (Span.CALENDAR.value, _("calendar days")),
    (Span.HOURS.value, _("hours, day and night")),
]
KINDS = [(DayKind.OFF.value, _("Day off")), (DayKind.WORK.value, _("Working day (made up)"))]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SOURCE = _("The law, decree or decision with number and article")


class ChangeForm(forms.Form):
    """The values of one deadline from one day on."""

    valid_from = forms.DateField(
        label=_("Holds from"),
        widget=DAY,
        help_text=_("What began before this day keeps the old values."),
    )
    amount = forms.IntegerField(
        label=_("How many"),
        min_value=-365,
        max_value=3650,
        help_text=_("A number below zero counts backwards from an event."),
    )
    span = forms.ChoiceField(label=_("Counted in"), choices=SPANS)
    source = forms.CharField(label=_("Legal source"), help_text=SOURCE, max_length=200)
    extensions = forms.IntegerField(label=_("How often extended at most"), min_value=0, max_value=9)
    extension_amount = forms.IntegerField(
        label=_("Longer by, each time"), min_value=0, max_value=365
    )
    soon_days = forms.IntegerField(
        label=_("“Due soon” from how many working days before"), min_value=0, max_value=60
    )
    why = forms.CharField(label=_("Why is it changed?"), max_length=300)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if fields.get("amount") == 0:
            self.add_error("amount", _("Zero is no deadline."))
        if fields.get("extensions") and not fields.get("extension_amount"):
            self.add_error("extension_amount", _("Say by how much it may be extended."))
        return fields


class DayForm(forms.Form):
    """One day that differs from the ordinary calendar."""

    day = forms.DateField(label=_("Day"), widget=DAY)
    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    name = forms.CharField(label=_("Name"), max_length=120)
    source = forms.CharField(label=_("By which decision"), help_text=SOURCE, max_length=200)


class TryForm(forms.Form):
    """Received on …, due …?"""

    code = forms.CharField(max_length=40)
    received = forms.DateField(widget=DAY)
