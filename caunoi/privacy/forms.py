"""What an asker and who decides fill in."""

from typing import Any

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


class RuleForm(forms.Form):
    """How long one sort is kept."""

    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=36_500,
        help_text=_("After the question was closed; for raw messages after they were read."),
    )
    source = forms.CharField(label=_("Legal source"), max_length=300)
    does = forms.ChoiceField(
        label=_("What happens then"),
        choices=[("erase", _("The asker is erased")), ("keep", _("Nothing: it is kept"))],
        widget=forms.RadioSelect,
    )


class HoldForm(forms.Form):
    """A case that must be kept, and why."""

    number = forms.CharField(label=_("Number of the question"), max_length=20)
    reason = forms.CharField(
        label=_("Why it must be kept"),
        max_length=300,
        help_text=_("For example a complaint that is still running."),
    )

    def clean_number(self) -> str:
        return clean(self.cleaned_data["number"]).strip().upper()


CHANNELS = [
    ("", _("All channels")),
    ("web_form", _("The form on the web")),
    ("walk_in", _("At the office")),
    ("facebook_page", "Facebook"),
    ("zalo_oa", "Zalo"),
]


class TextForm(forms.Form):
    """What people are told."""

    channel = forms.ChoiceField(label=_("Where"), choices=CHANNELS, required=False)
    text = forms.CharField(
        label=_("What people are told"),
        max_length=1000,
        help_text=_(
            "Which data, what for, who is responsible, how to have it erased. Short and plain."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class UpdateForm(forms.Form):
    """What is known of an incident."""

    what = forms.CharField(
        label=_("What has happened"),
        max_length=4000,
        help_text=_("Without names or numbers of the people concerned."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    data_kinds = forms.CharField(
        label=_("Which data"),
        max_length=1000,
        help_text=_("For example: names, phone numbers, texts of questions."),
    )
    people = forms.IntegerField(
        label=_("How many people are concerned"), min_value=0, max_value=100_000_000, required=False
    )
    measures = forms.CharField(
        label=_("What was done about it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class IncidentForm(UpdateForm):
    """An incident, with the moment it was found: from there the 72 hours run."""

    found_at = forms.DateTimeField(
        label=_("When it was found"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("The 72 hours run from here."),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    field_order = ["unit", "what", "found_at", "data_kinds", "people", "measures"]

    def __init__(self, *args: Any, units: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["unit"]
        field.choices = units  # type: ignore[attr-defined]
        if len(units) < 2:
            field.widget = forms.HiddenInput()
