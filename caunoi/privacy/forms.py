"""What an asker and who decides fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.kit.text import clean


class CodeForm(forms.Form):
    """The code on the slip."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        help_text=_("Eight letters and digits; it stands on your slip."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        return clean(self.cleaned_data["code"]).strip().upper().replace(" ", "")


class CorrectForm(forms.Form):
    """What should be written instead; an empty field stays as it is."""

    name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone or address"), max_length=60, required=False)
    place = forms.CharField(label=_("Village, hamlet"), max_length=160, required=False)
    words = forms.CharField(
        label=_("What is wrong, in your own words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, str]:
        typed = super().clean() or {}
        if not any(str(value).strip() for value in typed.values()):
            raise forms.ValidationError(_("Write what should be changed."))
        return typed


class EraseForm(forms.Form):
    """Asking to be erased, with a tick, so that nobody does it by mistake."""

    words = forms.CharField(
        label=_("Anything you want to say about it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(
        label=_("I understand that it cannot be brought back."),
        error_messages={"required": _("Tick that you understand it cannot be brought back.")},
    )


class DecideForm(forms.Form):
    """The decision and its reason."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("grant", _("Do what the asker wants")),
            ("refuse", _("Leave everything as it is")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("The asker reads it. When something must stay, name the law that says so."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
