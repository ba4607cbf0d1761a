"""What keepers of the library fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.answers.importing import MAX_BYTES

WHY = _("Why (everybody reads this)")


class CorrectionForm(forms.Form):
    """A better text, and why."""

    answer = forms.CharField(
        label=_("Corrected answer"), widget=forms.Textarea(attrs={"rows": 10}), max_length=10_000
    )
    why = forms.CharField(label=WHY, max_length=300)


class ValidityForm(forms.Form):
    """From which day to which day an answer holds, both included."""

    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=forms.DateInput())
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(),
        help_text=_("Day/month/year. Empty: without an end."),
    )


class LawForm(forms.Form):
    """Which law changed, and what that means."""

    note = forms.CharField(
        label=_("What changed (everybody reads this)"),
        max_length=300,
        help_text=_("Name the new law or decision."),
    )


class WithdrawForm(forms.Form):
    """Why the answer goes."""

    why = forms.CharField(label=WHY, max_length=300)


class LibraryForm(forms.Form):
    """The library's filters; whatever stands in the address and makes no sense is dropped."""

    q = forms.CharField(required=False, max_length=150)
    unit = forms.CharField(required=False, max_length=140)
    topic = forms.SlugField(required=False, max_length=40)
    old = forms.BooleanField(required=False)


class ImportForm(forms.Form):
    """A sheet of old questions and answers."""

    unit = forms.ChoiceField(label=_("Answers of"), required=False)
    file = forms.FileField(
        label=_("XLSX file"),
        help_text=_("At most 10,000 lines and 8 MB. Nothing is published yet."),
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["unit"]
        field.choices = units  # type: ignore[attr-defined]
        if len(units) < 2:
            field.widget = forms.HiddenInput()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large; split it."))
        return file
