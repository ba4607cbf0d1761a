"""What officers write and choose on the case page of the desk."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.cases.forms import DraftForm
from caunoi.handling.terms import Doing, Field
from caunoi.kit.text import clean


class AnswerForm(DraftForm):
    """The answer being written, with the mark of what the writer saw before she began."""

    base = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    canned = forms.CharField(required=False, max_length=20)


class ScratchForm(forms.Form):
    """What is being typed, as it is sent every few seconds."""

    field = forms.ChoiceField(choices=[(f.value, f.value) for f in Field])
    text = forms.CharField(required=False, max_length=10_000, strip=False)
    agency = forms.CharField(required=False, max_length=160)
    seen = forms.IntegerField(min_value=0)


class HereForm(forms.Form):
    """The heartbeat."""

    doing = forms.ChoiceField(choices=[(d.value, d.value) for d in Doing])


class NoteForm(forms.Form):
    """A word for colleagues, and whom it names."""

    note = forms.CharField(
        label=_("Note for colleagues"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    mention = forms.TypedMultipleChoiceField(
        label=_("Let these colleagues know"), required=False, coerce=int
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mention"]
        if isinstance(field, forms.ChoiceField):
            field.choices = people


class MergeForm(forms.Form):
    """With which case it goes on."""

    into = forms.CharField(label=_("Number of the other case"), max_length=20)

    def clean_into(self) -> str:
        return self.cleaned_data["into"].strip().upper().replace(" ", "")


class SplitForm(forms.Form):
    """Which words are the first question, which the second."""

    first = forms.CharField(
        label=_("First question, stays here"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Take away what belongs to the second. The message itself stays as it came."),
    )
    second = forms.CharField(
        label=_("Second question, a case of its own"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if clean(fields.get("first", "")).strip() == clean(fields.get("second", "")).strip():
            self.add_error("second", _("Both are the same; take away what belongs to the other."))
        return fields


def number_of(text: str) -> int | None:
    """Return the number a form sent, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def uuid_of(text: str) -> UUID | None:
    """Return the id a form sent, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
