"""What a follower fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.channels import numbers


class EmailForm(forms.Form):
    """Where to write to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text=_("Kept sealed, used for this alone, erased when you stop."),
    )


class KindsForm(forms.Form):
    """Of which notices a follower is told."""

    kinds = forms.ChoiceField(
        label=_("Told of what"),
        choices=[("", _("Everything the unit tells")), ("canh-bao", _("Warnings only"))],
        required=False,
        widget=forms.RadioSelect,
    )

    @property
    def only_warnings(self) -> bool:
        """True when only warnings are wanted; of a valid form."""
        return self.cleaned_data["kinds"] == "canh-bao"


class NoticesEmailForm(KindsForm, EmailForm):
    """Where to write to, and of what."""

    field_order = ("kinds", "email")


class NumberForm(forms.Form):
    """Which telephone."""

    phone = forms.CharField(
        label=_("Your mobile phone number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("Kept sealed, used for this alone, erased when you answer STOP."),
    )

    def clean_phone(self) -> str:
        """Return the number as carriers write it."""
        found = numbers.normal(self.cleaned_data["phone"])
        if found is None:
            raise forms.ValidationError(_("This is no mobile phone number of Việt Nam."))
        return found


class CodeForm(NumberForm):
    """The same telephone, and the code that went there."""

    phone = forms.CharField(max_length=20, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Six digits from the message"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PushForm(forms.Form):
    """What a browser gives: where its push service is, and its keys."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.RegexField(r"^[A-Za-z0-9_=-]{80,100}$")
    auth = forms.RegexField(r"^[A-Za-z0-9_=-]{16,32}$")

    def subscription(self) -> dict[str, Any]:
        """Return the three as they are kept."""
        return {name: self.cleaned_data[name] for name in ("endpoint", "p256dh", "auth")}


class NoticesPushForm(KindsForm, PushForm):
    """The same, and of what."""
