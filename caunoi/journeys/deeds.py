"""What an officer may do about a case's kind and clock: a form, one call, a word. Shared by the open and the sealed case page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from caunoi.cases import actions_clock, clockwork, routes, rules
from caunoi.cases.models import Case
from caunoi.cases.terms import Kind
from caunoi.deadlines import calendar
from caunoi.deadlines import queries as deadlines
from caunoi.deadlines import rules as deadline_rules
from caunoi.journeys import kinds
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer

KIND_NAMES = {
    Kind.QUESTION: gettext_noop("Question"),
    Kind.REPORT: gettext_noop("Report"),
    Kind.PETITION: gettext_noop("Petition"),
    Kind.VOTER_PETITION: gettext_noop("Voters' petition"),
    Kind.COMPLAINT: gettext_noop("Complaint"),
    Kind.DENUNCIATION: gettext_noop("Denunciation"),
    Kind.TIP_OFF: gettext_noop("Tip-off"),
    Kind.EMERGENCY: gettext_noop("Emergency"),
}
REASON = forms.Textarea(attrs={"rows": 2})


class CaseForm(forms.Form):
    """A form that knows its case."""

    def __init__(self, *args: Any, case: Case, **more: Any) -> None:
        super().__init__(*args, **more)
        self.know(case)

    def know(self, case: Case) -> None:
        """Offer what fits the case."""


class KindForm(CaseForm):
    """What the case is, and why it is that."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=REASON)
    public = forms.BooleanField(
        label=gettext_lazy("May be public (when its kind ever is)"), required=False
    )

    def know(self, case: Case) -> None:
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (k.value, _(name)) for k, name in KIND_NAMES.items() if k != case.kind
        ]


class AcceptForm(CaseForm):
    """The notice of acceptance."""

    document = forms.CharField(
        label=gettext_lazy("Number and date of the notice"), max_length=200, required=False
    )


class AskForm(CaseForm):
    """What the asker is asked, and how long the clock may stand still."""

    text = forms.CharField(
        label=gettext_lazy("What do you need to know?"), max_length=1000, widget=REASON
    )
    days = forms.IntegerField(label=gettext_lazy("Wait at most how many days"), min_value=1)

    def know(self, case: Case) -> None:
        longest = deadlines.term(code=routes.FIRST_PAUSE, on=clock.local_date(case.opened_at))
        self.fields["days"].initial = longest.amount
        self.fields["days"].max_value = actions_clock.LONGEST_WAIT_DAYS  # type: ignore[attr-defined]


class ExtendForm(CaseForm):
    """More time, and why; the asker reads it."""

    amount = forms.IntegerField(label=gettext_lazy("Longer by"), min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("Reason (the asker reads it)"), max_length=1000, widget=REASON
    )

    def know(self, case: Case) -> None:
        self.fields["amount"].initial = clockwork.term_of(case).extension_amount or None


class DeadlineForm(CaseForm):
    """Another row of the table."""

    code = forms.ChoiceField(label=gettext_lazy("Which deadline"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=REASON)

    def know(self, case: Case) -> None:
        choices = clockwork.choices_for(case, at=case.opened_at)
        self.fields["code"].choices = [c for c in choices if c[0] != case.deadline_code]  # type: ignore[attr-defined]


class HandOverForm(CaseForm):
    """Who took the case over, and by which receipt."""

    to = forms.CharField(
        label=gettext_lazy("Who took it over"),
        max_length=200,
        help_text=gettext_lazy("Police, border guard, rescue: which post, which person"),
    )
    document = forms.CharField(
        label=gettext_lazy("Receipt"),
        max_length=300,
        help_text=gettext_lazy("Number and date; or who confirmed it by phone, and when"),
    )


class PassForm(forms.Form):
    """To which unit a sealed case goes, and why."""

    unit = forms.CharField(
        label=gettext_lazy("To which unit"),
        max_length=140,
        help_text=gettext_lazy("Its name, or the word in its address"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=REASON)


class NothingForm(CaseForm):
    """No words needed."""


Act = Callable[[Case, dict[str, Any], Viewer, datetime], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do: its form, the one call into the house, what is said afterwards."""

    form: type[CaseForm]
    act: Act
    said: str


def _kind(case: Case, fields: dict[str, Any], by: Viewer, at: datetime) -> object:
    return kinds.change_kind(
        case=case,
        kind=Kind(fields["kind"]),
        reason=fields["reason"],
        is_public=fields["public"],
        by=by,
        at=at,
    )


DEEDS: dict[str, Deed] = {
    "loai": Deed(KindForm, _kind, gettext_noop("The kind is changed; the deadline follows it.")),
    "thu-ly": Deed(
        AcceptForm,
        lambda case, fields, by, at: actions_clock.accept_case(case=case, by=by, at=at, **fields),
        gettext_noop("Accepted. The time to decide runs from today."),
    ),
    "hoi-lai": Deed(
        AskForm,
        lambda case, fields, by, at: kinds.ask_asker(case=case, by=by, at=at, **fields),
        gettext_noop("The clock stands still until the asker answers."),
    ),
    "chay-tiep": Deed(
        NothingForm,
        lambda case, fields, by, at: actions_clock.resume_case(case=case, by=by, at=at),
        gettext_noop("The clock runs again."),
    ),
    "gia-han": Deed(
        ExtendForm,
        lambda case, fields, by, at: actions_clock.extend_case(case=case, by=by, at=at, **fields),
        gettext_noop("More time is given; the asker sees why."),
    ),
    "thoi-han": Deed(
        DeadlineForm,
        lambda case, fields, by, at: actions_clock.choose_deadline(
            case=case, by=by, at=at, **fields
        ),
        gettext_noop("The other deadline runs."),
    ),
    "ban-giao": Deed(
        HandOverForm,
        lambda case, fields, by, at: kinds.hand_over(case=case, by=by, at=at, **fields),
        gettext_noop("Handed over; the case is closed."),
    ),
}
MAY_HAND_OVER = frozenset({Kind.TIP_OFF, Kind.EMERGENCY, Kind.DENUNCIATION, Kind.COMPLAINT})


def offered(case: Case) -> set[str]:
    """Return the names of what can be done to this case now; the actions check again."""
    if case.answered_at is not None or case.closed_at is not None:
        return {"loai"}
    deeds = {"loai", "hoi-lai"}
    term = clockwork.term_of(case)
    if case.waits_until is not None and case.pauses.filter(ended_at=None).exists():
        deeds = (deeds - {"hoi-lai"}) | {"chay-tiep"}
    if routes.needs_acceptance(case.kind) and case.accepted_at is None:
        deeds.add("thu-ly")
    if case.extensions.filter(code=case.deadline_code).count() < term.extensions:
        deeds.add("gia-han")
    if len(clockwork.choices_for(case, at=case.opened_at)) > 1:
        deeds.add("thoi-han")
    return deeds | ({"ban-giao"} if case.kind in MAY_HAND_OVER else set())


def page_of(
    case: Case, *, at: datetime, bound: dict[str, CaseForm] | None = None
) -> dict[str, Any]:
    """Return what the part about kind and clock shows; ``bound`` replaces forms that came back with errors."""
    term = clockwork.term_of(case)
    finished = case.answered_at is not None or case.closed_at is not None
    state = deadline_rules.due_state(
        due_at=case.due_at,
        at=at,
        is_working=calendar.current(),
        soon_days=term.soon_days,
        waits_until=case.waits_until,
        is_done=finished,
    )
    can = offered(case)
    shown = {name: deed.form(case=case) for name, deed in DEEDS.items() if name in can}
    return {
        "case": case,
        "kind_name": _(KIND_NAMES[Kind(case.kind)]),
        "sealed": rules.is_sealed(case.kind),
        "term": term,
        "counted_from_at": clockwork.began_at(case, term),
        "due_state": state.value,
        "pauses": list(case.pauses.order_by("began_at")),
        "extensions": list(case.extensions.select_related("by").order_by("at")),
        "forms": shown | (bound or {}),
        "now": at,
    }
