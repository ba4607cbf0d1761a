"""What is typed about a key."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.api.terms import Scope
from caunoi.staff.models import Account
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

SCOPE_NAMES = {
    Scope.CASES_READ: _("Read cases"),
    Scope.CASES_WRITE: _("Open cases and work on them"),
    Scope.CASES_APPROVE: _("Approve answers (only for yourself)"),
    Scope.CASES_SEALED: _("Read and work on sealed cases (only for yourself)"),
    Scope.ANSWERS_READ: _("Read published answers"),
    Scope.ANSWERS_WRITE: _("Correct and withdraw published answers"),
    Scope.WEBHOOKS_MANAGE: _("Manage webhooks"),
    Scope.OPEN311_WRITE: _("Send questions by Open311"),
    Scope.AGENCY_ANSWER: _("Answer for the agencies one is a member of"),
}
USUAL_DAYS = 90


class KeyForm(forms.Form):
    """For whom, where, what for, and until when."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which program uses it, for colleagues")
    )
    account = forms.ChoiceField(
        label=_("Account"), help_text=_("The key never may more than this person.")
    )
    unit = forms.CharField(
        label=_("Unit"),
        max_length=140,
        help_text=_("Its name or the word in its address. The key reaches it and what lies below."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(s.value, name) for s, name in SCOPE_NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A year from today at most"),
    )

    def __init__(self, *args: Any, people: Iterable[Account], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(a.pk): a for a in people}
        self.on = on
        choices = [(pk, a.full_name) for pk, a in self.people.items()]
        self.fields["account"].choices = choices  # type: ignore[attr-defined]
        self.fields["ends_on"].initial = on + timedelta(days=USUAL_DAYS)

    def clean_account(self) -> Account:
        return self.people[self.cleaned_data["account"]]

    def clean_unit(self) -> UnitNow:
        text = self.cleaned_data["unit"].strip()
        unit = units.by_slug(slug=text, on=self.on)
        if unit is not None and (unit.valid_to is None or unit.valid_to > self.on):
            return unit
        hits = units.search(text=text, on=self.on, limit=2, old=False)
        if len(hits) != 1:
            raise forms.ValidationError(
                _("Several units or none fit. Write the word in its address, like xa-bich-hao.")
            )
        return hits[0].unit
