"""What a treasurer, approver or auditor types."""

import re
import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caunoi.funds.rules import LARGEST
from caunoi.kit.fields import DayField
from caunoi.treasury import rules
from caunoi.treasury.terms import Kind, Means
from caunoi.units.fields import UnitField

KINDS = {
    Kind.TAKE_IN: gettext_lazy("Take money in"),
    Kind.ALLOCATE: gettext_lazy("Allocate to a unit"),
    Kind.HAND_OVER: gettext_lazy("Hand money over"),
    Kind.IN_KIND: gettext_lazy("Paid directly by the giver"),
    Kind.RELEASE: gettext_lazy("Take an allocation back"),
    Kind.GIVE_BACK: gettext_lazy("Give back to the giver"),
    Kind.FEE: gettext_lazy("Bank fee"),
}
MEANS = {
    Means.CASH: gettext_lazy("in cash"),
    Means.BANK: gettext_lazy("by bank transfer"),
    Means.NONE: gettext_lazy("no money moves"),
}
PARTNER = {
    Kind.TAKE_IN: gettext_lazy("Who gives"),
    Kind.IN_KIND: gettext_lazy("Who gives"),
    Kind.GIVE_BACK: gettext_lazy("Who gets it back"),
}
BIGGEST_PHOTO = 15 * 1024 * 1024


class Money(forms.CharField):
    """An amount as people type it: 1.250.000 or 1250000 đ."""

    def __init__(self, **kwargs: Any) -> None:
        self.least = kwargs.pop("least", 1)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        bare = re.sub(r"[.\s,]|đồng|đ|VND$", "", text.strip())
        if not (bare.isascii() and bare.isdecimal()):
            raise forms.ValidationError(_("Write the amount in đồng, like 1.250.000."))
        if not self.least <= int(bare) <= LARGEST:
            raise forms.ValidationError(_("This amount is not possible."))
        return int(bare)


class VoucherForm(forms.Form):
    """One voucher; what it asks for follows from its kind."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = Money(label=gettext_lazy("Amount in đồng"))
    on = DayField(label=gettext_lazy("Day"))
    means = forms.ChoiceField(
        label=gettext_lazy("In what way"), choices=[(m.value, w) for m, w in MEANS.items()][:2]
    )
    place = UnitField(label=gettext_lazy("For which commune or village"))
    purpose = forms.ChoiceField(label=gettext_lazy("Bound to"), required=False)
    partner = forms.CharField(label=gettext_lazy("Paid to"), max_length=160)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    recipient = forms.CharField(label=gettext_lazy("Who received it"), max_length=160)
    witness = forms.CharField(label=gettext_lazy("Who saw it"), max_length=160)
    reason = forms.CharField(label=gettext_lazy("Purpose in words"), max_length=300)
    reference = forms.CharField(
        label=gettext_lazy("Number at the bank or of the paper"), max_length=80, required=False
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo of the hand-over"),
        required=False,
        help_text=gettext_lazy("Place and device are taken out of the photo."),
    )

    def __init__(
        self, *args: Any, kind: Kind, purposes: list[tuple[str, str]], on_day: date, **more: Any
    ) -> None:
        more["initial"] = {"key": uuid.uuid4(), "on": on_day} | (more.get("initial") or {})
        super().__init__(*args, **more)
        self.fields["place"].on = on_day  # type: ignore[attr-defined]
        self.fields["purpose"].choices = [("", _("free")), *purposes]  # type: ignore[attr-defined]
        self.fields["partner"].label = PARTNER.get(kind, self.fields["partner"].label)
        for name in _left_out(kind, purposes):
            del self.fields[name]

    def clean_photo(self) -> bytes:
        file = self.cleaned_data.get("photo")
        if file is None:
            return b""
        if file.size > BIGGEST_PHOTO:
            raise forms.ValidationError(_("The photo is larger than 15 MB."))
        return bytes(file.read())


def _left_out(kind: Kind, purposes: list[tuple[str, str]]) -> set[str]:
    gone = set() if purposes else {"purpose"}
    if kind not in rules.FOR_A_UNIT:
        gone.add("place")
    if kind not in rules.WITNESSED:
        gone |= {"recipient", "witness", "photo"}
    if kind in {Kind.ALLOCATE, Kind.RELEASE}:
        gone |= {"partner", "address"}
    if rules.by_default(kind) == Means.NONE:
        gone.add("means")
    return gone


class BecauseForm(forms.Form):
    """Why something is given up or taken back."""

    because = forms.CharField(label=gettext_lazy("Why"), max_length=300)


class PhotoForm(forms.Form):
    """The photo of a hand-over, brought later."""

    photo = forms.FileField(
        label=gettext_lazy("Photo of the hand-over"),
        help_text=gettext_lazy("Place and device are taken out of the photo."),
    )


class LimitForm(forms.Form):
    """Above which amount two persons decide, in a unit and below it."""

    unit = UnitField()

    amount = Money(label=gettext_lazy("Two persons above (đồng)"), least=0)
    valid_from = DayField(label=gettext_lazy("From which day"))
    source = forms.CharField(label=gettext_lazy("Which decision says so"), max_length=200)

    def __init__(self, *args: Any, on_day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].on = on_day  # type: ignore[attr-defined]


class DeclareForm(forms.Form):
    """What lies there at the end of a day."""

    on = DayField(label=gettext_lazy("At the end of"))
    cash = Money(label=gettext_lazy("Counted in the box (đồng)"), least=0)
    bank = Money(label=gettext_lazy("Closing balance of the bank (đồng)"), least=0)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


class CloseForm(forms.Form):
    """Through which day the books are closed."""

    through = DayField(label=gettext_lazy("Close through"))


class SpanForm(forms.Form):
    """From when to when."""

    since = DayField(required=False)
    until = DayField(required=False)
