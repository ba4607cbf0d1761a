"""What people write about a case."""

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
