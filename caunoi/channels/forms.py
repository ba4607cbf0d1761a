"""What is asked when a page, an account or a group is put into the register."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext_lazy as _

KINDS = [
    ("facebook_page", _("Facebook Page")),
    ("zalo_oa", _("Zalo Official Account")),
    ("zalo_group", _("Zalo group of an Official Account")),
    ("youtube", _("YouTube channel")),
    ("sms", _("Text messages (SMS)")),
    ("hand_posted", _("Group in which somebody posts by hand")),
    ("loudspeaker", _("Loudspeaker of a village")),
    ("email", _("E-mail list of the unit")),
]
OF_PROVIDERS = frozenset({"facebook_page", "zalo_oa"})
"""Kinds whose numbers a provider gives, and which need a token."""
ACCOUNT_AND_GROUP = RegexValidator(
    r"^\d{5,25}/[0-9A-Za-z]{5,40}$",
    _("The account's number, a slash, the group's number: 431865706877456001/f414c8f76f."),
)
YOUTUBE = RegexValidator(
    r"^UC[0-9A-Za-z_-]{22}$", _("The channel's id, 24 letters and digits that begin with UC.")
)
SENDER = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,10}(/[a-z0-9-]{1,40})?$",
    _("The sender's registered name, up to 11 letters without accents: MTTQ BHAO."),
)
SMPP_MOST = {"login": 15, "access_token": 8}
"""SMPP 3.4, 4.1: system_id has 16 octets and password 9, each with a closing zero."""
NUMBERS_AT_ONCE = 2_000
DIGITS = RegexValidator(r"^\d{5,25}$", _("Digits only, as the provider shows it."))

NUMBER_OF: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(OF_PROVIDERS, DIGITS),
    "zalo_group": ACCOUNT_AND_GROUP,
    "sms": SENDER,
    "youtube": YOUTUBE,
    "email": validate_email,
}
TOKEN_MISSING = _("A Page or a Zalo account needs its token.")
NEEDED: Mapping[str, Mapping[str, Any]] = {
    **{kind: {"access_token": TOKEN_MISSING} for kind in OF_PROVIDERS},
    "sms": dict.fromkeys(
        ("login", "access_token"), _("A provider of text messages gives a name and a password.")
    ),
    "youtube": {"refresh_token": _("A YouTube channel needs the consent of its owner.")},
}


class ChannelForm(forms.Form):
    """A page, an account, a group or a list to register."""

    connector_key = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    unit = forms.CharField(label=_("Unit (address word, like xa-bich-hao)"), max_length=140)
    external_id = forms.CharField(
        label=_("Number of the page or account"),
        max_length=80,
        help_text=_(
            "For a list its e-mail address; for text messages the sender's name; for a group of an account "
            "both numbers with a slash; for a group or loudspeaker any word of its own."
        ),
    )
    name = forms.CharField(label=_("Name"), max_length=160)
    url = forms.URLField(
        label=_("Public address"), max_length=300, required=False, assume_scheme="https"
    )
    login = forms.CharField(
        label=_("Account name at the provider of text messages"), max_length=60, required=False
    )
    access_token = forms.CharField(
        label=_("Access token, or the password of that account"),
        widget=forms.PasswordInput,
        max_length=2000,
        required=False,
        help_text=_("Only for a Page, a Zalo account or text messages."),
    )
    refresh_token = forms.CharField(
        label=_("Refresh token (Zalo, YouTube)"),
        widget=forms.PasswordInput,
        max_length=2000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask of each kind what it needs."""
        fields = super().clean() or {}
        kind, number = str(fields.get("connector_key")), fields.get("external_id", "").strip()
        try:
            NUMBER_OF.get(kind, str)(number)
        except forms.ValidationError as error:
            self.add_error("external_id", error)
        for name, sentence in NEEDED.get(kind, {}).items():
            if not fields.get(name):
                self.add_error(name, sentence)
        if kind == "sms" and settings.CONNECTOR_SETTINGS["sms"]["driver"] == "smpp":
            self._fit_smpp(fields)
        return fields

    def _fit_smpp(self, fields: dict[str, Any]) -> None:
        for name, most in SMPP_MOST.items():
            if len(fields.get(name, "").encode()) > most:
                self.add_error(
                    name, _("The carrier's protocol takes %(n)d letters at most.") % {"n": most}
                )


class NumbersForm(forms.Form):
    """Telephone numbers for a channel's list, one a line."""

    numbers = forms.CharField(
        label=_("Phone numbers, one a line"),
        widget=forms.Textarea(attrs={"rows": 8, "inputmode": "tel"}),
        max_length=60_000,
    )
    asked = forms.BooleanField(
        label=_("Each of these people asked the unit for text messages."),
        error_messages={"required": _("Only numbers of people who asked for it may stand here.")},
    )

    def clean_numbers(self) -> str:
        """At most so many in one step."""
        text: str = self.cleaned_data["numbers"]
        if len(text.splitlines()) > NUMBERS_AT_ONCE:
            raise forms.ValidationError(
                _("At most %(n)d numbers in one step.") % {"n": NUMBERS_AT_ONCE}
            )
        return text


class EraseForm(forms.Form):
    """One number to take off a list."""

    number = forms.CharField(
        label=_("Number of who wants no more text messages"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
