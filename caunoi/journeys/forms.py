"""What a resident or an officer fills in to ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.kit.text import clean

TOO_SHORT = _("Write a few words: what happened, where, since when.")
CHOICES = [
    ("yes", _("Public: the answer helps others too, your name is hidden")),
    ("no", _("Private: only with number and code")),
]


ASKERS = [("self", _("For myself")), ("other", _("For somebody else: a neighbour, a relative"))]
ASK_HER_FIRST = _("Ask her or him first, then tick this box.")


class WordsForm(forms.Form):
    """Step 1: the question itself."""

    text = forms.CharField(
        label=_("What do you want to ask or report?"),
        help_text=_(
            "Say it as you would say it at the village meeting. No form of address needed."
        ),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": TOO_SHORT,
            "max_length": _("This is too long. Keep to what matters most, at most 5,000 letters."),
        },
    )

    def __init__(self, *args: Any, spoken: bool = False, **kwargs: Any) -> None:
        """``spoken``: a recording came with it, so the words may be missing."""
        super().__init__(*args, **kwargs)
        self.spoken = spoken
        self.fields["text"].required = not spoken

    def clean_text(self) -> str:
        text = clean(self.cleaned_data["text"]).strip()
        if self.spoken and not text:
            return ""
        if sum(c.isalpha() for c in text) < 6:
            raise forms.ValidationError(TOO_SHORT)
        return text


class PlaceForm(forms.Form):
    """Step 2: which unit, and where in it."""

    unit = forms.CharField(
        label=_("Which commune?"),
        max_length=140,
        help_text=_("Old or new name, with or without accents."),
        error_messages={"required": _("Name the commune, so that the right office answers.")},
    )
    place = forms.CharField(label=_("Village, hamlet"), max_length=160, required=False)


class ContactForm(forms.Form):
    """Step 3: who asks, and who may read it."""

    name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    contact = forms.CharField(
        label=_("Phone"),
        max_length=60,
        required=False,
        help_text=_("Only the officer who answers may see it."),
    )
    public = forms.ChoiceField(
        label=_("Who may read question and answer?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        initial="yes",
    )


class AskerForm(ContactForm):
    """Step 3 as residents see it: for herself, or for somebody who agreed."""

    asker = forms.ChoiceField(
        label=_("For whom do you ask?"),
        choices=ASKERS,
        widget=forms.RadioSelect,
        initial="self",
        required=False,
    )
    helped_name = forms.CharField(
        label=_("Name of the person you help"),
        max_length=120,
        required=False,
        help_text=_("Never shown to the public."),
    )
    helped_contact = forms.CharField(
        label=_("How is she or he reached?"),
        max_length=60,
        required=False,
        help_text=_("A phone number, or through whom. Only the officer who answers may see it."),
    )
    agreed = forms.BooleanField(label=_("She or he agreed that I ask"), required=False)
    field_order = ["asker", "helped_name", "helped_contact", "agreed", "name", "contact", "public"]

    def clean_asker(self) -> str:
        return self.cleaned_data["asker"] or "self"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("asker") == "other" and not given.get("agreed"):
            self.add_error("agreed", ASK_HER_FIRST)
        return given


class WholeForm(WordsForm, PlaceForm, AskerForm):
    """All four steps on one page, for the time without network."""

    field_order = ["text", "unit", "place", *AskerForm.field_order]


class MoreFilesForm(forms.Form):
    """Photos or a recording for a question that was sent; the code when this browser does not know it yet."""

    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("It stands on your slip."))

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["code"]

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper().replace(" ", "")


class FollowForm(forms.Form):
    """Number and code."""

    number = forms.CharField(
        label=_("Number of the question"),
        max_length=20,
        help_text=_("Like NA-2026-000123"),
        error_messages={"required": _("Type the number you were given.")},
    )
    code = forms.CharField(
        label=_("Code"), max_length=12, required=False, help_text=_("Needed for private questions")
    )

    def clean_number(self) -> str:
        return self.cleaned_data["number"].strip().upper().replace(" ", "")

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper().replace(" ", "")


class WalkInForm(WordsForm, PlaceForm, ContactForm):
    """All of it on one page, typed in for somebody else."""

    chosen = forms.CharField(max_length=140, required=False, widget=forms.HiddenInput)
    field_order = ["text", "unit", "place", "name", "contact", "public"]
