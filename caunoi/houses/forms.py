"""What is typed about houses."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caunoi.houses import labels, rules
from caunoi.houses.models import Household
from caunoi.houses.terms import Source
from caunoi.kit.fields import AmountField, DayField

BIGGEST_BYTES = 4 * 1024 * 1024
Choices = Iterable[tuple[str, Any]]
EMPTY = ("", "–")


def _of(known: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(k.value, words) for k, words in known.items()]


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProgrammeForm(forms.Form):
    """A programme and what it gives."""

    name = forms.CharField(label=_("Name of the programme"), max_length=160)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=_("Rule or decision it stands on"),
        max_length=1000,
        widget=_area(),
        help_text=_("With number and day. The amounts below come from there."),
    )
    new_support = AmountField(label=_("Support for a new house, đồng"))
    repair_support = AmountField(label=_("Support for a repair, đồng"))
    posting_days = forms.IntegerField(label=_("Days a list is posted"), min_value=1, max_value=90)
    silent_days = forms.IntegerField(
        label=_("Late after so many days without news"), min_value=1, max_value=365
    )
    fund_id = forms.ChoiceField(label=_("Books its money comes from"), required=False)

    def __init__(self, *args: Any, funds: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        own = ("", _("books of its own"))
        self.fields["fund_id"].choices = [own, *funds]  # type: ignore[attr-defined]

    def clean_fund_id(self) -> UUID | None:
        return UUID(self.cleaned_data["fund_id"]) if self.cleaned_data["fund_id"] else None


class HouseholdForm(forms.Form):
    """A household whose house is bad."""

    village = forms.ChoiceField(label=_("Village"))
    code = forms.CharField(
        label=_("Household code"),
        max_length=24,
        help_text=_("As in the commune's register; each code once in the programme."),
    )
    head = forms.CharField(label=_("Head of the household"), max_length=120)
    people = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=rules.MOST_PEOPLE, initial=1
    )
    hardship = forms.CharField(
        label=_("Hardship"),
        max_length=200,
        required=False,
        help_text=_("The category only, like: poor household. No illness, no identity number."),
    )
    address = forms.CharField(
        label=_("How to find the house"),
        max_length=300,
        required=False,
        help_text=_("Only those who handle the house read it."),
    )
    grade = forms.ChoiceField(
        label=_("Grade"), choices=_of(labels.GRADES), widget=forms.RadioSelect
    )
    work = forms.ChoiceField(
        label=_("New or repair"), choices=_of(labels.WORKS), widget=forms.RadioSelect
    )
    estimate = AmountField(label=_("Estimated cost, đồng"), required=False, least=0)

    def __init__(self, *args: Any, villages: Choices | None, **more: Any) -> None:
        super().__init__(*args, **more)
        if villages is None:
            del self.fields["village"]
        else:
            self.fields["village"].choices = [EMPTY, *villages]  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """Households in a file."""

    file = forms.FileField(label=_("XLSX file"), help_text=_("At most 4 MB and 3,000 households."))

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > BIGGEST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 4 MB. Split it."))
        return self.cleaned_data["file"]


class MeetingForm(forms.Form):
    """The meeting of a village, and the votes for each household."""

    met_on = DayField(label=_("Day of the meeting"))
    minutes_number = forms.CharField(label=_("Number of the minutes"), max_length=80)
    households = forms.IntegerField(
        label=_("Households of the village"),
        min_value=1,
        max_value=20_000,
        help_text=_(
            "All of them, also those who did not come: votes are counted against this number."
        ),
    )
    present = forms.IntegerField(label=_("Households present"), min_value=0, max_value=20_000)

    def __init__(self, *args: Any, named: Sequence[Household], **more: Any) -> None:
        super().__init__(*args, **more)
        for household in named:
            self.fields[f"v_{household.pk}"] = forms.IntegerField(
                label=f"{household.head} ({household.code})",
                min_value=0,
                max_value=20_000,
                required=False,
            )

    def votes(self) -> dict[UUID, int]:
        """Return the votes of each household that was voted on."""
        return {
            UUID(name[2:]): n
            for name, n in self.cleaned_data.items()
            if name.startswith("v_") and n is not None
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not self.votes():
            raise forms.ValidationError(gettext("Write the votes of one household at least."))
        return found


class PostForm(forms.Form):
    """From when to when a list is posted."""

    since = DayField(label=_("Posted from"))
    until = DayField(label=_("Posted until"))
    where = forms.CharField(label=_("Where"), max_length=200)


class ObjectionForm(forms.Form):
    """What somebody says against the list."""

    said_on = DayField(label=_("Day it was said"))
    household = forms.ChoiceField(label=_("About which household"), required=False)
    said_by = forms.CharField(label=_("Who said it"), max_length=120, required=False)
    words = forms.CharField(label=_("What was said"), max_length=2000, widget=_area())

    def __init__(self, *args: Any, named: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        whole = ("", _("the whole list"))
        self.fields["household"].choices = [whole, *named]  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """How an objection is decided."""

    upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("right: the household leaves the list")), ("no", _("not right"))],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(label=_("Why"), max_length=1000, widget=_area(2))


class BecauseForm(forms.Form):
    """A reason."""

    because = forms.CharField(label=_("Why"), max_length=300)


class ConsentForm(forms.Form):
    """To what a household agreed."""

    topic = forms.ChoiceField(
        label=_("Agrees to"), choices=_of(labels.TOPICS), widget=forms.RadioSelect
    )
    way = forms.ChoiceField(label=_("How it was agreed"), choices=[EMPTY, *_of(labels.WAYS)])
    given_on = DayField(label=_("Day"))
    given_by = forms.CharField(label=_("Who agreed"), max_length=120)


class DeclareForm(forms.Form):
    """What a source outside the books gives."""

    source = forms.ChoiceField(
        label=_("Source"),
        choices=[EMPTY, *[c for c in _of(labels.SOURCES) if c[0] != Source.FUND]],
    )
    commodity = forms.ChoiceField(label=_("Thing"))
    amount = AmountField(label=_("How much"))
    giver = forms.CharField(label=_("Name of the giver"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    on = DayField(label=_("Day"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, things: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["commodity"].choices = list(things)  # type: ignore[attr-defined]


class AsideForm(forms.Form):
    """Money of the books for this house."""

    amount = AmountField(label=_("Amount, đồng"))
    on = DayField(label=_("Day"))
    key = forms.UUIDField(widget=forms.HiddenInput)


class TellForm(forms.Form):
    """What was seen at a house."""

    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    stage = forms.ChoiceField(label=_("Stage"), choices=_of(labels.STAGES))
    finished = forms.BooleanField(label=_("This stage is finished"), required=False)
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not (found.get("photo") or found.get("finished") or found.get("note")):
            raise forms.ValidationError(
                gettext("Add a photo, a note, or tick that the stage is finished.")
            )
        return found


class PlanForm(forms.Form):
    """On which day each stage shall be finished."""

    def __init__(self, *args: Any, days: dict[str, date | None], **more: Any) -> None:
        super().__init__(*args, **more)
        for kind, words in labels.STAGES.items():
            self.fields[kind.value] = DayField(
                label=words, required=False, initial=days.get(kind.value)
            )


class MinutesForm(forms.Form):
    """What the house cost in the end."""

    actual = AmountField(label=_("Actual cost, đồng"))
