"""Narrowing the list of sends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.channels.models import Channel
from caunoi.outbox.queries import PERSON, UNCONFIRMED, Wanted
from caunoi.outbox.terms import SendState


class SendFilter(forms.Form):
    """State, channel and days; words that mean nothing are left out rather than complained about."""

    state = forms.CharField(required=False, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, channels: list[Channel], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            ("", _("All channels")),
            *((str(c.pk), c.name) for c in channels),
        ]

    def wanted(self) -> Wanted:
        """Return what was asked for; what cannot be read is not asked for."""
        self.full_clean()
        fields = self.cleaned_data
        state = fields.get("state") or ""
        return Wanted(
            state=state if state in {*SendState, UNCONFIRMED, PERSON} else "",
            channel_id=fields.get("channel") or None,
            since=fields.get("since"),
            until=fields.get("until"),
        )
