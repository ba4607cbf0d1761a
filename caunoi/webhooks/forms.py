"""What is typed about an endpoint."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.webhooks import rules
from caunoi.webhooks.terms import SUBSCRIBABLE, EventType

EVENT_NAMES = {
    EventType.CASE_OPENED: _("A case was opened"),
    EventType.CASE_REFERRED: _("A case was handed on"),
    EventType.CASE_ANSWERED: _("A case was answered"),
    EventType.CASE_CLOSED: _("A case was closed"),
    EventType.CASE_REOPENED: _("A case was taken up again"),
    EventType.ANSWER_PUBLISHED: _("An answer was published"),
    EventType.ANSWER_CORRECTED: _("A published answer was corrected"),
    EventType.ANSWER_WITHDRAWN: _("A published answer was withdrawn"),
    EventType.TEST: _("Test"),
}


class EndpointForm(forms.Form):
    """Whose, which address, and what is told."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which system it is, for colleagues")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=rules.MAX_ADDRESS,
        help_text=_("It must begin with https:// and be reachable from outside."),
    )
    unit = forms.ChoiceField(
        label=_("Unit"), help_text=_("It is told what happens in this unit and below.")
    )
    events = forms.MultipleChoiceField(
        label=_("What it is told"),
        choices=[(e.value, EVENT_NAMES[e]) for e in SUBSCRIBABLE],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, units: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(pk), name) for pk, name in units]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["unit"].initial = choices[0][0]

    def clean_unit(self) -> UUID:
        return UUID(self.cleaned_data["unit"])
