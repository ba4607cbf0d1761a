"""What people fill in about papers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.documents.terms import Head


class CancelForm(forms.Form):
    """Why a number is cancelled."""

    because = forms.CharField(
        label=_("Why is it cancelled?"),
        max_length=300,
        help_text=_("The register keeps the number and this reason."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LetterheadForm(forms.Form):
    """How a unit heads and signs its papers."""

    upper_lines = forms.CharField(
        label=_("Upper lines, left"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    body_line = forms.CharField(label=_("Issuing body (bold line)"), max_length=120)
    symbol = forms.CharField(
        label=_("Letters of the number"),
        max_length=30,
        help_text=_("MTTQ-BTT gives 05/PC-MTTQ-BTT."),
    )
    place = forms.CharField(label=_("Place before the date"), max_length=80)
    authority = forms.CharField(
        label=_("Signs on behalf of"),
        max_length=80,
        required=False,
        help_text=_("Like TM. BAN THƯỜNG TRỰC"),
    )
    signer_title = forms.CharField(label=_("Capacity of the signer"), max_length=80)
    signer_name = forms.CharField(label=_("Name of the signer"), max_length=80, required=False)
    recipients = forms.CharField(
        label=_("Recipients"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line; dashes and marks come by themselves."),
    )

    def head(self) -> Head:
        """Return what was typed as a heading."""
        typed = {k: v for k, v in self.cleaned_data.items() if k != "recipients"}
        lines = tuple(line.strip() for line in typed.pop("upper_lines").splitlines())
        return Head(upper_lines=tuple(line for line in lines if line), **typed)
