"""What officers, agencies and askers write about the way of a case."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.cases.terms import CameBy, Face, Part
from caunoi.kit.text import clean

LINES = {"rows": 3}


class ReferForm(forms.Form):
    """To whom the case goes (chosen or typed), as lead or for an opinion, by when, why."""

    to = forms.ChoiceField(label=_("Where to"), widget=forms.RadioSelect, required=False)
    unit = forms.CharField(
        label=_("Another unit"),
        max_length=140,
        required=False,
        help_text=_("Type a part of the name, with or without accents."),
    )
    part = forms.ChoiceField(
        label=_("What for"),
        widget=forms.RadioSelect,
        initial=Part.LEAD.value,
        choices=[
            (Part.LEAD.value, _("To answer: it takes the lead")),
            (Part.CO.value, _("For its opinion: we keep the lead")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due = forms.DateField(
        label=_("By which day"),
        required=False,
        help_text=_("Empty: as the table of deadlines says."),
    )
    by_mail = forms.BooleanField(
        label=_("Send an agency without an account its one-time link by e-mail"),
        required=False,
        initial=True,
    )

    def __init__(
        self, *args: Any, choices: list[tuple[str, str]], today: date, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.today = today
        self.fields["to"].choices = [*choices, ("", _("another unit, typed below"))]  # type: ignore[attr-defined]
        self.fields["part"].required = False

    def clean_part(self) -> Part:
        return Part(self.cleaned_data["part"] or Part.LEAD)

    def clean_due(self) -> date | None:
        due = self.cleaned_data["due"]
        if due is not None and due < self.today:
            raise forms.ValidationError(_("This day is past."))
        return due

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if not fields.get("to") and not fields.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Choose where it goes, or type the unit's name."))
        return fields


class TopicForm(forms.Form):
    """What the case is about."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def __init__(self, *args: Any, topics: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["topic"].choices = [("", "–"), *topics]  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    """A co-unit's opinion."""

    opinion = forms.CharField(
        label=_("Your unit's opinion"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )


class AgencyForm(forms.Form):
    """What an agency answers: its text, who signs, which document; or why it is not its business."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "required": _("Write the answer."),
            "max_length": _("This is too long: at most 20,000 letters."),
        },
    )
    signer = forms.CharField(
        label=_("Name and position of who answers"), max_length=120, required=False
    )
    document = forms.CharField(
        label=_("Number and date of the document, if there is one"), max_length=120, required=False
    )
    reason = forms.CharField(
        label=_("Why it is not yours, and whose it is"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=LINES),
        error_messages={"required": _("Say why, so that the case finds its way.")},
    )

    # Two buttons, two meanings: the browser must not insist on the field of the other one.
    use_required_attribute = False

    def __init__(self, *args: Any, giving_back: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.giving_back = giving_back
        self.fields["text"].required = not giving_back
        self.fields["reason"].required = giving_back

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        name = "reason" if self.giving_back else "text"
        if name in fields and sum(c.isalpha() for c in fields[name]) < 6:
            self.add_error(name, self.fields[name].error_messages["required"])
        return fields


class CameForm(forms.Form):
    """An agency's answer that came by plain e-mail or on paper, typed in by the officer."""

    use_required_attribute = False
    text = forms.CharField(
        label=_("What the agency answered, word for word"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Type in what the agency answered.")},
    )
    came_by = forms.ChoiceField(
        label=_("How it came"),
        choices=[(CameBy.EMAIL.value, _("by e-mail")), (CameBy.PAPER.value, _("on paper"))],
    )
    came_on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say on which day it came.")},
    )
    signer = forms.CharField(label=_("Who signed it"), max_length=120, required=False)
    document = forms.CharField(
        label=_("Number and date of the document, if there is one"), max_length=120, required=False
    )
    file_name = forms.CharField(
        label=_("Where it is kept: file name or folder"), max_length=160, required=False
    )


class CodeForm(forms.Form):
    """The code of one's own question; not asked of a browser that has shown it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        help_text=_("On your slip, beside the number."),
        error_messages={"required": _("Type the code. It stands on your slip, beside the number.")},
    )

    def __init__(self, *args: Any, known: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].required = not known

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper().replace(" ", "")


class AgainForm(CodeForm):
    """The asker is not content: why, with number and code."""

    reason = forms.CharField(
        label=_("What does the answer leave open?"),
        max_length=2000,
        widget=forms.Textarea(attrs=LINES),
        error_messages={"required": _("Say in a few words what is still open.")},
    )

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"]).strip()


class FaceForm(CodeForm):
    """Three faces, and a word if one likes."""

    face = forms.ChoiceField(
        label=_("Does the answer settle your matter?"),
        widget=forms.RadioSelect,
        choices=[
            (Face.GOOD.value, _("Yes")),
            (Face.SOSO.value, _("In part")),
            (Face.BAD.value, _("No")),
        ],
        error_messages={"required": _("Choose one of the three faces.")},
    )
    text = forms.CharField(
        label=_("A word about it"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
