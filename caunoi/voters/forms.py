"""What is written about a voter meeting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.voters.terms import Delegates

LEVELS = [
    (Delegates.NATIONAL.value, _("National Assembly delegates")),
    (Delegates.PROVINCE.value, _("Delegates of the provincial People's Council")),
    (Delegates.COMMUNE.value, _("Delegates of the commune's People's Council")),
]
BIGGEST_BYTES = 2 * 1024 * 1024


class MeetingForm(forms.Form):
    """The meeting itself."""

    unit = forms.ChoiceField(label=_("Unit"))
    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label=_("Place"), max_length=160)
    level = forms.ChoiceField(label=_("Who met the voters"), choices=LEVELS)
    delegates = forms.CharField(label=_("Names of the delegates"), max_length=400)
    minutes_number = forms.CharField(
        label=_("Number of the minutes"), max_length=80, required=False
    )
    record = forms.CharField(
        label=_("The meeting's record"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Paste the text of the minutes, or say where the paper is kept."),
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class PetitionsForm(forms.Form):
    """Petitions, one a line."""

    lines = forms.CharField(
        label=_("Petitions, one a line"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Write one, or paste many. From a table: petition, voter's name, place in three columns."
        ),
    )


class SheetForm(forms.Form):
    """Petitions in a file."""

    file = forms.FileField(label=_("XLSX file"), help_text=_("At most 2 MB and 500 petitions."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BIGGEST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB. Split it."))
        return file
