"""Forms about people."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from caunoi.staff.terms import Role

ROLE_NAMES = {
    Role.VIEWER: _("Viewer: reads"),
    Role.CONTRIBUTOR: _("Contributor: takes in questions, proposes"),
    Role.EDITOR: _("Editor: writes"),
    Role.CASE_OFFICER: _("Case officer: answers and refers"),
    Role.SEALED_OFFICER: _("Sealed officer: complaints, denunciations, tip-offs"),
    Role.APPROVER: _("Approver: approves and publishes"),
    Role.TREASURER: _("Treasurer: keeps the funds"),
    Role.AUDITOR: _("Auditor: reads the record of actions"),
    Role.ADMINISTRATOR: _("Administrator: people, channels, units"),
}
CHOICES = [(r.value, name) for r, name in ROLE_NAMES.items()]


class InviteForm(forms.Form):
    """Whom to invite, into which unit, as what."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    phone = forms.CharField(label=_("Phone"), max_length=15, required=False)
    unit = forms.CharField(label=_("Unit (address word, like xa-bich-hao)"), max_length=140)
    role = forms.ChoiceField(label=_("Role"), choices=CHOICES)


class AcceptForm(forms.Form):
    """Name and password of somebody who was invited."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A short sentence of your own is good."),
        max_length=200,
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


class GrantForm(forms.Form):
    """One more role."""

    unit = forms.CharField(label=_("Unit (address word, like xa-bich-hao)"), max_length=140)
    role = forms.ChoiceField(label=_("Role"), choices=CHOICES)
    start = forms.DateField(label=_("From which day"))
    end = forms.DateField(label=_("Until (not included)"), required=False)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if fields.get("end") and fields.get("start") and fields["end"] <= fields["start"]:
            self.add_error("end", _("The last day must come after the first."))
        return fields


class ImportForm(forms.Form):
    """A list of people."""

    file = forms.FileField(label=_("XLSX file"), help_text=_("At most 2 MB and 5,000 people."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 2 * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than 2 MB. Split it."))
        return file
