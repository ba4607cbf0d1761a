"""What is typed into a plan."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caunoi.kit.fields import DayField
from caunoi.reform.registry import HOLDERS
from caunoi.reform.terms import Outcome
from caunoi.units.fields import UnitField
from caunoi.units.terms import Level

OUTCOMES = {
    Outcome.KEPT: _("goes on with the successor"),
    Outcome.MERGED: _("merged into the successor's"),
    Outcome.ARCHIVED: _("archived, to be read only"),
    Outcome.CLOSED: _("closed, says where to go"),
}
LEVELS = {
    Level.DISTRICT: _("Districts"),
    Level.COMMUNE: _("Communes and wards"),
    Level.VILLAGE: _("Villages"),
}


def outcome_choices(outcomes: tuple[Outcome, ...]) -> list[tuple[str, Any]]:
    """Return what may become of a thing, in words."""
    return [(o.value, OUTCOMES[o]) for o in outcomes]


class PlanForm(forms.Form):
    """Which units, and which day."""

    root = UnitField(label=_("All units that close in"))
    on = DayField(label=_("Day of the reform"))
    legal_reference = forms.CharField(
        label=_("Legal reference"),
        max_length=200,
        help_text=_("Number and date of the resolution or decision"),
    )

    def __init__(self, *args: Any, on_day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["root"].on = on_day  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """What becomes of one thing."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    to = forms.ChoiceField(
        label=_("Who takes this one over"),
        required=False,
        help_text=_("Another part than the one that takes over the rest."),
    )
    into = forms.ChoiceField(
        label=_("Merged into"),
        required=False,
        help_text=_("Counts only when it is merged. Empty: the successor's own one."),
    )
    new_name = forms.CharField(
        label=_("New name"),
        max_length=160,
        required=False,
        help_text=_("Empty: the old unit's name is replaced by the new one's."),
    )

    def __init__(
        self,
        *args: Any,
        holder: str,
        kept_names: bool,
        parts: list[tuple[str, str]],
        takers: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["outcome"].choices = outcome_choices(HOLDERS[holder].outcomes)  # type: ignore[attr-defined]
        for name, choices in (("to", parts), ("into", takers)):
            if choices:
                self.fields[name].choices = [("", "–"), *choices]  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        if not kept_names:
            del self.fields["new_name"]


class RuleForm(forms.Form):
    """What becomes of many things at once."""

    holder = forms.ChoiceField(label=_("What they hold"))
    kind = forms.ChoiceField(label=_("Which kind"), required=False)
    level = forms.ChoiceField(label=_("Which units"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=list(OUTCOMES.items()))
    everything = forms.BooleanField(label=_("Also what is decided already"), required=False)

    def __init__(
        self, *args: Any, holders: list[tuple[str, str]], kinds: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["holder"].choices = holders  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("all kinds")), *kinds]  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", _("all units")), *LEVELS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        holder, outcome = fields.get("holder"), fields.get("outcome")
        if holder and outcome and outcome not in HOLDERS[holder].outcomes:
            self.add_error("outcome", _("This cannot become of such a thing."))
        return fields


class SuccessorForm(forms.Form):
    """Who takes over from a unit of which nobody knows."""

    unit = UnitField(label=_("Who takes over"))
    reason = forms.CharField(label=_("By which document"), max_length=200)

    def __init__(self, *args: Any, on_day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].on = on_day  # type: ignore[attr-defined]
