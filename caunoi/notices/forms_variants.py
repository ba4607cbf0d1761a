"""What is written, recorded or drawn in one language, and who reads it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.notices.languages import LANGUAGES, LONGEST_VARIANT
from caunoi.notices.terms import LONGEST_TITLE, Form

FORMS = [
    (Form.AUDIO.value, _("Recorded")),
    (Form.TEXT.value, _("Written")),
    (Form.PICTURE.value, _("As a picture")),
]
"""Heard first: these languages are spoken by all and read by few."""


def language_choices() -> list[tuple[str, str]]:
    """Return the languages as choices."""
    return [(tag, language.name) for tag, language in LANGUAGES.items()]


class WrittenForm(forms.Form):
    """The words in another language."""

    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, error_messages={"required": _("Write a title.")}
    )
    text = forms.CharField(
        label=_("Text in this language"),
        widget=forms.Textarea(attrs={"rows": 9}),
        max_length=LONGEST_VARIANT,
        error_messages={"required": _("Write a title and a text in this language.")},
    )


class RecordedForm(forms.Form):
    """A recording, and what is said in it if somebody wrote that down."""

    file = forms.FileField(
        label=_("Choose a recording"),
        error_messages={"required": _("Record it, or choose a file.")},
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": True}),
        help_text=_("At most 60 seconds: m4a, mp3, ogg, webm or wav."),
    )
    text = forms.CharField(
        label=_("What is said, written down"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_VARIANT,
        required=False,
        help_text=_("In the same language, for those who cannot hear."),
    )


class DrawnForm(forms.Form):
    """A picture with words in another language, or one that speaks for itself."""

    file = forms.FileField(
        label=_("Choose a picture"),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("It is made small, and place and camera are taken out of it."),
    )
    text = forms.CharField(
        label=_("What it shows, in words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        error_messages={
            "required": _("Say in words what the picture shows, for those who cannot see it.")
        },
    )


OF_FORM: dict[str, type[forms.Form]] = {
    Form.TEXT.value: WrittenForm,
    Form.AUDIO.value: RecordedForm,
    Form.PICTURE.value: DrawnForm,
}


def form_of(kind: str, *args: Any, there: bool, **more: Any) -> forms.Form:
    """Return the form of a variant; what is kept already (``there``) need not be sent again."""
    made = OF_FORM[kind](*args, **more)
    if "file" in made.fields:
        made.fields["file"].required = not there
    return made


class ReaderForm(forms.Form):
    """Somebody reads a language for a unit."""

    unit = forms.ChoiceField(label=_("For the notices of"))
    person = forms.ChoiceField(label=_("Who"))
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, initial="hmn")

    def __init__(
        self,
        *args: Any,
        units: list[tuple[str, str]],
        people: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["person"].choices = people  # type: ignore[attr-defined]
