"""What is typed about public works."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caunoi.kit.fields import AmountField, DayField
from caunoi.works import labels, rules
from caunoi.works.terms import Thing

BIGGEST_BYTES = 4 * 1024 * 1024
Choices = Iterable[tuple[str, Any]]
EMPTY = ("", "–")


def _of(known: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(k.value, words) for k, words in known.items()]


class ProjectForm(forms.Form):
    """A public work."""

    unit = forms.ChoiceField(label=_("Unit"))
    name = forms.CharField(label=_("Name of the work"), max_length=160)
    code = forms.SlugField(
        label=_("Short code"),
        max_length=40,
        help_text=_(
            "Letters without marks, digits and hyphens, like duong-xom-4. It stands in the books and stays."
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[EMPTY, *_of(labels.KINDS)])
    purpose = forms.CharField(
        label=_("What for"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    plan = forms.CharField(
        label=_("Plan"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    starts_on = DayField(label=_("Takes contributions from"))
    ends_on = DayField(label=_("Takes contributions until"), required=False)
    estimate = AmountField(label=_("Estimated cost, đồng"), required=False, least=0)

    def __init__(self, *args: Any, units: Choices | None, **more: Any) -> None:
        super().__init__(*args, **more)
        if units is None:
            del self.fields["unit"], self.fields["code"]
        else:
            self.fields["unit"].choices = [EMPTY, *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day comes before the first."))
        return found


class GiveForm(forms.Form):
    """What one household or group gave."""

    giver = forms.CharField(
        label=_("Household or group"),
        max_length=120,
        help_text=_("A name. No telephone, no address."),
    )
    initials = forms.BooleanField(label=_("Show initials only to the public"), required=False)
    thing = forms.ChoiceField(label=_("What was given"), choices=_of(labels.THINGS))
    amount = AmountField(label=_("How much (đồng, m², days)"))
    land = forms.ChoiceField(
        label=_("Sort of land"), choices=[EMPTY, *_of(labels.LANDS)], required=False
    )
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        thing, amount = found.get("thing"), found.get("amount")
        if thing and amount and amount > rules.MOST[Thing(thing)]:
            self.add_error(
                "amount",
                gettext("This is more than one household gives. Look at the number again."),
            )
        if thing and not rules.fits(thing=Thing(thing), land=found.get("land", "")):
            self.add_error(
                "land",
                gettext("Choose the sort of land for land, and none for money or days of labour."),
            )
        return found


class ClearForm(forms.Form):
    """Land agreed to or handed over for the work."""

    land = forms.ChoiceField(label=_("Sort of land"), choices=[EMPTY, *_of(labels.LANDS)])
    agreed = AmountField(
        label=_("Agreed, m²"), required=False, least=0, most=rules.MOST[Thing.LAND]
    )
    cleared = AmountField(
        label=_("Handed over, m²"), required=False, least=0, most=rules.MOST[Thing.LAND]
    )
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not (found.get("agreed") or found.get("cleared")):
            raise forms.ValidationError(gettext("Write how much was agreed or handed over."))
        return found


class BecauseForm(forms.Form):
    """A reason."""

    because = forms.CharField(label=_("Why"), max_length=200)


class SheetForm(forms.Form):
    """Contributions in a file."""

    file = forms.FileField(label=_("XLSX file"), help_text=_("At most 4 MB and 3,000 rows."))

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > BIGGEST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 4 MB. Split it."))
        return self.cleaned_data["file"]
