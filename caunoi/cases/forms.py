"""What people write about a case."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT = {"rows": 6}


class DraftForm(forms.Form):
    """The answer as it is being written."""

    text = forms.CharField(
        label=_("Answer"), max_length=10_000, required=False, widget=forms.Textarea(attrs=TEXT)
    )
    agency = forms.CharField(
        label=_("Who answers"),
        max_length=160,
        required=False,
        help_text=_("Empty: your unit. Or the agency that gave the answer."),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(forms.Form):
    """A word for colleagues."""

    note = forms.CharField(
        label=_("Note for colleagues"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReferForm(forms.Form):
    """To whom the case goes, and why."""

    unit = forms.CharField(
        label=_("To which unit"),
        max_length=140,
        help_text=_("Type a part of the name, then choose."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class FilterForm(forms.Form):
    """The inbox's filters; whatever stands in the address and makes no sense is dropped."""

    view = forms.CharField(required=False, max_length=20)
    q = forms.CharField(required=False, max_length=150)
    origin = forms.CharField(required=False, max_length=20)

    @staticmethod
    def unit_id(text: str) -> UUID | None:
        try:
            return UUID(text)
        except ValueError:
            return None
