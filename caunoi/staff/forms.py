"""Forms about people."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from caunoi.kit.fields import DayField
from caunoi.kit.text import clean
from caunoi.staff.models import Account, Invitation
from caunoi.staff.words import CHOICES
from caunoi.units.fields import UnitField


class InviteForm(forms.Form):
    """Whom to invite, into which unit, as what."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    phone = forms.CharField(label=_("Phone"), max_length=15, required=False)
    unit = UnitField()
    role = forms.ChoiceField(label=_("Role"), choices=CHOICES)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].on = on  # type: ignore[attr-defined]

    def clean_full_name(self) -> str:
        return _whole_name(self.cleaned_data["full_name"])


def _whole_name(text: str) -> str:
    name = " ".join(clean(text).split())
    if len(name.split()) < 2:
        raise forms.ValidationError(_("Write family name and given name."))
    return name


class AcceptForm(forms.Form):
    """Name and password of somebody who was invited."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )
    again = forms.CharField(
        label=_("The same once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean_full_name(self) -> str:
        return _whole_name(self.cleaned_data["full_name"])

    def clean_password(self) -> str:
        password, invitation = self.cleaned_data["password"], self.invitation
        name = self.cleaned_data.get("full_name", invitation.full_name)
        owner = Account(email=invitation.email, full_name=name, phone=invitation.phone)
        validate_password(password, user=owner)
        return password

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if "password" in fields and fields.pop("again", None) != fields["password"]:
            self.add_error("again", _("You must type the same password each time."))
        return fields


class GrantForm(forms.Form):
    """One more role."""

    unit = UnitField()
    role = forms.ChoiceField(label=_("Role"), choices=CHOICES)
    start = DayField(label=_("From which day"))
    end = DayField(label=_("Until (not included)"), required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].on = on  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if fields.get("end") and fields.get("start") and fields["end"] <= fields["start"]:
            self.add_error("end", _("The last day must come after the first."))
        return fields


class CorrectForm(forms.Form):
    """How a person is called and reached."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    phone = forms.CharField(label=_("Phone"), max_length=15, required=False)

    def clean_full_name(self) -> str:
        return _whole_name(self.cleaned_data["full_name"])


class ImportForm(forms.Form):
    """A list of people."""

    file = forms.FileField(label=_("XLSX file"), help_text=_("At most 2 MB and 5,000 people."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 2 * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than 2 MB. Split it."))
        return file
