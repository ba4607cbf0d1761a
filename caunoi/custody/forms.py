"""What is typed about a channel's custody."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.custody import rules
from caunoi.custody.terms import (
    LONGEST_LINKS,
    LONGEST_MISTAKE,
    LONGEST_REPORT,
    AssetKind,
    AssetState,
)
from caunoi.staff.models import Account
from caunoi.units.fields import UnitField

KINDS = {
    AssetKind.PAGE: _("Facebook page"),
    AssetKind.ACCOUNT: _("Zalo official account"),
    AssetKind.GROUP: _("Group"),
    AssetKind.VIDEO: _("YouTube channel"),
    AssetKind.SIM: _("SIM card"),
    AssetKind.DOMAIN: _("Domain or website"),
}


PROBLEMS = {
    rules.NAME: _("The name does not follow the pattern."),
    rules.ADDRESS: _("It has no secure public address."),
    rules.MUST_LINK: _("The address that must stand on it is missing."),
    rules.MAY_LINK: _("It leads to a website that is not allowed."),
    rules.LOOK: _("Nobody has looked at logo and cover and found them right."),
}
"""What does not follow the rules of the province."""
STATES = {
    AssetState.ASKED: _("asked for"),
    AssetState.CHECKED: _("checked"),
    AssetState.APPROVED: _("approved"),
    AssetState.REGISTERED: _("in the register"),
    AssetState.REFUSED: _("refused"),
    AssetState.ENDED: _("ended"),
}


class AskForm(forms.Form):
    """A new thing of a unit."""

    unit = UnitField(label=_("Unit"))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    name = forms.CharField(label=_("Name"), max_length=160)
    reason = forms.CharField(
        label=_("What for"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, on_day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].on = on_day  # type: ignore[attr-defined]


class AssetForm(forms.Form):
    """What the register says of one thing."""

    name = forms.CharField(label=_("Name"), max_length=160)
    url = forms.URLField(
        label=_("Public address"), max_length=300, required=False, assume_scheme="https"
    )
    number = forms.CharField(
        label=_("Subscriber number of the institution"), max_length=20, required=False
    )
    envelope = forms.CharField(
        label=_("Where the sealed envelope is"),
        max_length=200,
        required=False,
        help_text=_("A place, like: safe of the office, envelope 3. Never a password or code."),
    )
    links = forms.CharField(
        label=_("Where it leads"),
        max_length=LONGEST_LINKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Addresses that stand on the page, one a line"),
    )
    look_ok = forms.BooleanField(
        label=_("I looked: logo and cover follow the rules of the province"), required=False
    )


class KeeperForm(forms.Form):
    """Somebody who holds it."""

    account = forms.ModelChoiceField(label=_("Person"), queryset=Account.objects.none())

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["account"].queryset = people  # type: ignore[attr-defined]


class MistakeForm(forms.Form):
    """Why somebody named never held it."""

    why = forms.CharField(label=_("What the mistake was"), max_length=LONGEST_MISTAKE)


class ConfirmForm(forms.Form):
    """Channels connected without a request, to be confirmed by a second person."""

    asset = forms.ModelMultipleChoiceField(queryset=Account.objects.none())

    def __init__(self, *args: Any, waiting: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["asset"].queryset = waiting  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """One leaves, another holds it."""

    leaving = forms.ModelChoiceField(label=_("Who leaves"), queryset=Account.objects.none())
    to = forms.ModelChoiceField(label=_("Person who takes over"), queryset=Account.objects.none())
    handed = forms.CharField(
        label=_("What is handed over"),
        max_length=300,
        help_text=_("Devices, SIM, number of the envelope. Never a password or code."),
    )

    def __init__(self, *args: Any, holding: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["leaving"].queryset = holding  # type: ignore[attr-defined]
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class PatternForm(forms.Form):
    """How channels are called."""

    pattern = forms.CharField(
        label=_("How channels are called"),
        max_length=120,
        required=False,
        help_text=_("{unit} stands for the unit's full name, like: MTTQ {unit}"),
    )
    must_link = forms.CharField(
        label=_("Address that stands on each of them"),
        max_length=300,
        required=False,
        help_text=_("{slug} stands for the unit's own address, like: example.vn/don-vi/{slug}/"),
    )
    may_link = forms.CharField(
        label=_("Where else they may lead"),
        max_length=LONGEST_LINKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Websites, one a line, like: nghean.gov.vn. Empty: anywhere."),
    )


class ReportForm(forms.Form):
    """A page that may be an impostor."""

    unit = UnitField(label=_("Which province"))
    address = forms.CharField(label=_("Name or address of the page"), max_length=300)
    words = forms.CharField(
        label=_("What you saw"),
        max_length=LONGEST_REPORT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, on_day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].on = on_day  # type: ignore[attr-defined]
