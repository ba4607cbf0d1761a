"""What a keeper of the roster writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
FORMATS = ["%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"]


class PersonForm(forms.Form):
    """One more person on the call list."""

    person = forms.TypedChoiceField(label=_("Who"), coerce=int)

    def __init__(self, *args: Any, people: list, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"].choices = [(p.pk, p.full_name) for p in people]  # type: ignore[attr-defined]


class ShiftForm(PersonForm):
    """A time in which one person is called first."""

    begins_at = forms.DateTimeField(label=_("From"), widget=MOMENT, input_formats=FORMATS)
    ends_at = forms.DateTimeField(label=_("Until"), widget=MOMENT, input_formats=FORMATS)
    weeks = forms.IntegerField(
        label=_("For how many weeks"),
        min_value=1,
        max_value=26,
        initial=1,
        help_text=_("1: only this once. 4: the same day and hours in four weeks."),
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        begin, end = fields.get("begins_at"), fields.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", _("The shift ends before it begins."))
        return fields
