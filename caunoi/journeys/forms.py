"""What a resident or an officer fills in to ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.kit.text import clean

TOO_SHORT = _("Write a few words: what happened, where, since when.")
CHOICES = [
    ("yes", _("Public: the answer helps others too, your name is hidden")),
    ("no", _("Private: only with number and code")),
]


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

    def clean_text(self) -> str:
        text = clean(self.cleaned_data["text"]).strip()
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

    field_order = ["text", "unit", "place", "name", "contact", "public"]
