"""What is typed about goods and people who give their days. Each form has a key, so that pressing twice does it once."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.funds.models import Commodity
from caunoi.funds.terms import Sort
from caunoi.goods.terms import KEEPS_VOLUNTEERS, MOST
from caunoi.kit.fields import DayField

Choices = list[tuple[str, str]]


def _number(**more: Any) -> forms.IntegerField:
    more = {"min_value": 0, "max_value": MOST} | more
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(widget=widget, **more)


def _photo() -> forms.FileField:
    return forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Place and time are taken out of it. Only staff see it until you show it."),
    )


class KeyedForm(forms.Form):
    """A form that does its deed once, whatever the network does."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, **more: Any) -> None:
        more["initial"] = {"key": uuid.uuid4()} | more.get("initial", {})
        super().__init__(data, files, **more)


class ReserveForm(KeyedForm):
    """So much of a gift for a need."""

    gift = forms.UUIDField(widget=forms.HiddenInput)
    need = forms.UUIDField(widget=forms.HiddenInput)
    amount = _number(label=_("How many"), min_value=1)
    may_exceed = forms.BooleanField(
        label=_("The unit wishes more than its need says"), required=False
    )


class ReleaseForm(forms.Form):
    """Why it is given free again."""

    because = forms.CharField(label=_("Why it is given free"), max_length=200)


class ReceiveForm(KeyedForm):
    """Things that came."""

    gift = forms.ChoiceField(
        label=_("Which promise"),
        required=False,
        help_text=_("Choose the promise it belongs to, so that its giver can follow it."),
    )
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    commodity = forms.ChoiceField(label=_("What came"), required=False)
    unit = forms.ChoiceField(label=_("Where it lies"))
    good = _number(label=_("How many came whole"))
    spoiled = _number(label=_("How many came spoiled or dead"), required=False)
    on = DayField(label=_("Day"))
    expires_on = DayField(label=_("Good until"), required=False)
    giver = forms.CharField(
        label=_("Who gave it"),
        max_length=120,
        required=False,
        help_text=_("Only for what nobody promised. It is sealed, and shown to nobody."),
    )
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    photo = _photo()

    def __init__(
        self, *args: Any, gifts: Choices, campaigns: Choices, units: Choices, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        none = ("", str(_("Nobody promised it")))
        for name, choices in (
            ("gift", [none, *gifts]),
            ("campaign", campaigns),
            ("unit", units),
            ("commodity", [("", "–"), *things(Sort.GOODS, Sort.LAND)]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("gift"):
            for name in ("campaign", "commodity"):
                if not found.get(name):
                    self.add_error(name, _("Choose it, or choose a promise above."))
        return found


def things(*sorts: Sort) -> Choices:
    """Return the things of these sorts, each with its word."""
    found = Commodity.objects.filter(sort__in=[s.value for s in sorts]).order_by("name")
    return [(c.code, f"{c.name} ({c.unit_word})") for c in found]


class SendForm(KeyedForm):
    """Things that go on to another unit."""

    to = forms.ChoiceField(label=_("To which unit"))
    reservation = forms.ChoiceField(
        label=_("For which agreement"), required=False, help_text=_("Empty: free stock there.")
    )
    amount = _number(label=_("How many"), min_value=1)
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Lorry and driver"), max_length=300, required=False)
    photo = _photo()

    def __init__(self, *args: Any, units: Choices, reservations: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].choices = units  # type: ignore[attr-defined]
        self.fields["reservation"].choices = [("", "–"), *reservations]  # type: ignore[attr-defined]
        if not reservations:
            del self.fields["reservation"]


class ArriveForm(forms.Form):
    """What came of what was sent."""

    good = _number(label=_("How many came whole"))
    spoiled = _number(label=_("How many came spoiled or dead"), required=False)
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    photo = _photo()


class HandOverForm(KeyedForm):
    """Things given into people's hands."""

    amount = _number(label=_("How many"), min_value=1)
    households = _number(label=_("To how many households"), required=False)
    recipient = forms.CharField(
        label=_("Who got it"),
        max_length=200,
        help_text=_("Names or “12 households of Xóm 4, list kept at the commune”. It is sealed."),
    )
    witness = forms.CharField(label=_("Who saw it"), max_length=120)
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    photo = _photo()


class LossForm(KeyedForm):
    """Things that spoiled, died or go back."""

    amount = _number(label=_("How many"), min_value=1)
    note = forms.CharField(label=_("What happened"), max_length=300)
    on = DayField(label=_("Day"))
    photo = _photo()


class FollowUpForm(forms.Form):
    """How it fares, in counts."""

    on = DayField(label=_("Day"))
    alive = _number(label=_("Alive or in use"))
    sold = _number(label=_("Sold"), required=False)
    died = _number(label=_("Died or broken"), required=False)
    born = _number(label=_("Young ones born"), required=False)


class TeamForm(forms.Form):
    """A team of a unit."""

    unit = forms.ChoiceField(label=_("Unit"))
    name = forms.CharField(label=_("Name of the team"), max_length=120)
    commodity = forms.ChoiceField(label=_("What they give"))

    def __init__(self, *args: Any, units: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["commodity"].choices = things(Sort.LABOUR, Sort.TRANSPORT)  # type: ignore[attr-defined]


class VolunteerForm(forms.Form):
    """Somebody who offers her days."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    skills = forms.CharField(label=_("Skills"), max_length=120, required=False)
    days = forms.TypedChoiceField(
        label=_("Keep for"),
        coerce=int,
        choices=[
            (30, _("one month")),
            (90, _("three months")),
            (KEEPS_VOLUNTEERS.days, _("six months")),
        ],
        initial=90,
    )
    agreed = forms.BooleanField(
        label=_("She said yes to being on this list and being called"), required=False
    )


class WorkForm(KeyedForm):
    """Days or trips a team gave."""

    gift = forms.ChoiceField(
        label=_("Which promise"),
        required=False,
        help_text=_("Choose the promise it belongs to, so that its giver can follow it."),
    )
    campaign = forms.ChoiceField(label=_("Campaign"))
    amount = _number(label=_("How many"), min_value=1)
    recipient = forms.CharField(
        label=_("For whom or on what"), max_length=200, help_text=_("It is sealed.")
    )
    witness = forms.CharField(label=_("Who saw it"), max_length=120)
    households = _number(label=_("To how many households"), required=False)
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    photo = _photo()

    def __init__(self, *args: Any, campaigns: Choices, gifts: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["campaign"].choices = campaigns  # type: ignore[attr-defined]
        none = ("", str(_("Nobody promised it")))
        self.fields["gift"].choices = [none, *gifts]  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    """The code of a gift, as it was typed."""

    ma = forms.CharField(
        label=_("Transfer code"),
        max_length=40,
        help_text=_("UH and seven letters and digits, like UH3K7M2QX. O counts as the digit 0."),
    )


def today(on: date) -> dict[str, str]:
    """Return the first value of a day's field."""
    return {"on": on.isoformat()}
