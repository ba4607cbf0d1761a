"""What is said about a notice that was posted by hand, read out or put up."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.receipts import words
from caunoi.receipts.terms import ReadingKind, WhyNot

DAY_AND_TIME = "%Y-%m-%dT%H:%M"


class MomentInput(forms.DateTimeInput):
    """A day and a time as phones ask for it."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=DAY_AND_TIME)


class PostedForm(forms.Form):
    """Posted; where, if there is an address."""

    permalink = forms.URLField(
        label=_("Address of the post"),
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text=_("Only if the group shows one. You may leave it empty."),
    )


class AiredForm(forms.Form):
    """Read over the loudspeaker; when."""

    aired_at = forms.DateTimeField(
        label=_("Aired at"), widget=MomentInput(), input_formats=[DAY_AND_TIME]
    )


class NotPostedForm(forms.Form):
    """Not posted, and why."""

    why = forms.ChoiceField(
        label=_("Why can it not be posted?"),
        widget=forms.RadioSelect,
        choices=[(why.value, _(word)) for why, word in words.WHY_NOT.items()],
    )
    note = forms.CharField(label=_("In your words"), required=False, max_length=60)

    def clean_why(self) -> WhyNot:
        return WhyNot(self.cleaned_data["why"])


class ReadingForm(forms.Form):
    """Read out, aired or put up in a unit."""

    unit = forms.ChoiceField(label=_("Where"))
    kind = forms.ChoiceField(
        label=_("How"),
        widget=forms.RadioSelect,
        choices=[(kind.value, _(word)) for kind, word in words.READING.items()],
    )
    read_at = forms.DateTimeField(
        label=_("When"), widget=MomentInput(), input_formats=[DAY_AND_TIME]
    )
    households = forms.IntegerField(
        label=_("Households that heard it"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("An estimate is enough."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(
        self, *args: Any, units: list[tuple[str, str]], now: datetime, **more: Any
    ) -> None:
        more.setdefault("initial", {"read_at": now})
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit"].initial = units[0][0]

    def clean_kind(self) -> ReadingKind:
        return ReadingKind(self.cleaned_data["kind"])
