"""What somebody types who promises a gift: two short steps, nothing is asked that is not needed."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caunoi.campaigns import queries, rules
from caunoi.campaigns.forms_desk import AmountField, things
from caunoi.campaigns.models import Campaign, Need
from caunoi.units.fields import UnitField

PLACE_HINT = _(
    "For goods, land and work: the commune or village, like Xã Bích Hào. Who needs it nearby is found sooner; the unit there may fetch it."
)


class WhatForm(forms.Form):
    """Step 1: what, and how much."""

    thing = forms.ChoiceField(label=_("What do you give?"))
    amount = AmountField(label=_("How much?"), help_text=_("Like 500.000, 2 triệu, or 60"))
    purpose = forms.ChoiceField(label=_("What for?"), required=False)

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        need: Need | None = None,
        public: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.public = public
        choices = things()
        if need is not None:
            choices = [c for c in choices if c[0] == need.commodity_id]
        self.fields["thing"].choices = choices  # type: ignore[attr-defined]
        self.fields["thing"].initial = choices[0][0] if need and choices else "VND"
        names = [(p.code, p.name) for p in campaign.purposes.order_by("pk")]
        if names and need is None:
            self.fields["purpose"].choices = [("", _("Where it is needed most")), *names]  # type: ignore[attr-defined]
        else:
            del self.fields["purpose"]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        thing, amount = fields.get("thing"), fields.get("amount")
        if self.public and thing and amount and amount > rules.most_in_public(thing):
            self.add_error(
                "amount",
                gettext(
                    "So large a gift is best agreed by telephone: please call the number of the office."
                ),
            )
        return fields


class WhoForm(forms.Form):
    """Step 2: who, as far as the giver wants."""

    giver = forms.CharField(
        label=_("Name of the giver"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Left empty: given without a name"),
    )
    contact = forms.CharField(
        label=_("Telephone or e-mail"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        help_text=_("Only those who fetch and thank for the gift see it"),
    )
    initials = forms.BooleanField(label=_("Show my initials only"), required=False)
    place = UnitField(label=_("Where it lies"), required=False, help_text=PLACE_HINT)
    note = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For goods, land and work: where it is and when it can be fetched"),
    )
    thing = forms.CharField(widget=forms.HiddenInput)
    amount = forms.CharField(widget=forms.HiddenInput)
    purpose = forms.CharField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, thing: str, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["place"].on = on  # type: ignore[attr-defined]
        if thing == "VND":
            # money lies nowhere
            del self.fields["place"]

    def gift_fields(self) -> dict[str, Any]:
        """Return what the giver's row keeps."""
        fields = self.cleaned_data
        return _kept(fields) | {"purpose": fields["purpose"]}


class TakeInForm(WhatForm):
    """A promise said over the telephone or at the desk, all on one page."""

    giver = forms.CharField(label=_("Name of the giver"), max_length=120, required=False)
    contact = forms.CharField(label=_("Telephone or e-mail"), max_length=120, required=False)
    initials = forms.BooleanField(label=_("Show initials only"), required=False)
    place = UnitField(label=_("Where it lies"), required=False, help_text=PLACE_HINT)
    note = forms.CharField(
        label=_("Remark"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["place"].on = on  # type: ignore[attr-defined]

    def gift_fields(self) -> dict[str, Any]:
        """Return what the giver's row keeps; of money nobody keeps where it lies."""
        fields = self.cleaned_data
        kept = _kept(fields | ({"place": None} if fields["thing"] == "VND" else {}))
        return kept | {"purpose": fields.get("purpose") or ""}


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    place = fields.get("place")
    kept = {n: fields[n] for n in ("giver", "contact", "initials", "note")}
    return kept | {"from_unit_id": place.id if place else None}


def need_of(campaign: Campaign, text: str, *, on: date) -> Need | None:
    """Return the need that an address names if somebody may still give for it: open, confirmed, and something of it missing."""
    try:
        pk = UUID(text)
    except ValueError:
        return None
    asked = campaign.needs.filter(pk=pk, state="open", confirmed_until__gte=on)
    found = asked.select_related("commodity").first()
    met = queries.met_of(need_ids=[pk]).get(pk, 0) if found else 0
    return found if found and met < found.amount else None
