"""What is written in the composer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caunoi.kit.fields import DayField
from caunoi.kit.text import clean
from caunoi.notices import rhythm as rhythms
from caunoi.notices import words
from caunoi.notices.models import Repetition
from caunoi.notices.rhythm import Every, Rhythm
from caunoi.notices.terms import Audience, Fields, Line, NoticeKind, Reach, Surface

CHOSEN = "chosen"
REACHES = [
    (Reach.SUBTREE.value, _("Our unit and everything below it")),
    (Reach.CHILDREN.value, _("Our unit and the units directly below")),
    (Reach.SELF.value, _("Our unit alone")),
    (CHOSEN, _("Units chosen one by one")),
]
AUDIENCES = [
    (Audience.PUBLIC.value, _("Everybody")),
    (Audience.INTERNAL.value, _("Officers only (internal)")),
]
URGENCY = [
    ("", "–"),
    ("Immediate", _("at once")),
    ("Expected", _("within an hour or so")),
    ("Future", _("in the days to come")),
    ("Unknown", _("not known")),
]
SEVERITY = [
    ("", "–"),
    ("Extreme", _("extreme")),
    ("Severe", _("severe")),
    ("Moderate", _("moderate")),
    ("Minor", _("minor")),
    ("Unknown", _("not known")),
]
CERTAINTY = [
    ("", "–"),
    ("Observed", _("seen already")),
    ("Likely", _("likely")),
    ("Possible", _("possible")),
    ("Unlikely", _("unlikely")),
    ("Unknown", _("not known")),
]
CATEGORY = [
    ("Safety", _("Scams and public safety")),
    ("Met", _("Weather")),
    ("Geo", _("Landslide, earthquake")),
    ("Fire", _("Fire")),
    ("Health", _("Public health")),
    ("Env", _("Environment")),
    ("Transport", _("Traffic")),
    ("Security", _("Security")),
    ("Other", _("Other")),
]
REPEAT = [
    ("", _("once")),
    ("DAILY", _("every day")),
    ("WEEKLY", _("every week")),
    ("MONTHLY", _("every month")),
    ("YEARLY", _("every year")),
]
EVERY = [
    ("", _("once")),
    (Every.DAY.value, _("every day")),
    (Every.WEEK.value, _("every week")),
    (Every.MONTH.value, _("every month")),
]
MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and an hour in Việt Nam."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"], **more)


def _text(label: object, *, rows: int = 2, limit: int = 2000, hint: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        required=False,
        max_length=limit,
        help_text=hint,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
    )


class ComposeForm(forms.Form):
    """One notice: its words, for whom, when. ``d_…`` are the kind's own fields, ``w_…`` texts for one surface."""

    unit = forms.ChoiceField(label=_("In whose name"))
    kind = forms.ChoiceField(label=_("Kind of notice"), choices=list(words.KINDS.items()))
    title = forms.CharField(label=_("Title"), max_length=160)
    short_text = _text(
        _("Short text"),
        rows=3,
        limit=1000,
        hint=_("For Zalo, SMS and the village group: one or two sentences."),
    )
    long_text = _text(
        _("Whole text"),
        rows=8,
        limit=20_000,
        hint=_("For the web page, Facebook, the sheet and the loudspeaker."),
    )
    link = _text(_("Link"), rows=0, limit=400)
    d_claim = _text(_("What is claimed"))
    d_facts = _text(_("What is true"), rows=3)
    d_sources = _text(_("Sources, one a line"), hint=_("An address or the name of a paper."))
    d_event = _text(
        _("What threatens"),
        rows=0,
        limit=120,
        hint=_("For example: flash flood, calls in the name of the police."),
    )
    d_category = forms.ChoiceField(label=_("Of what sort"), required=False, choices=CATEGORY)
    d_urgency = forms.ChoiceField(label=_("How soon"), required=False, choices=URGENCY)
    d_severity = forms.ChoiceField(label=_("How bad"), required=False, choices=SEVERITY)
    d_certainty = forms.ChoiceField(label=_("How certain"), required=False, choices=CERTAINTY)
    d_area = _text(_("In which area"), rows=0, limit=300)
    d_sender = _text(_("Agency that issued it"), rows=0, limit=160)
    d_instruction = _text(_("What people should do"))
    d_steps = _text(
        _("Steps of the season, one a line"),
        rows=4,
        limit=6000,
        hint=_("For example: 15/1/2027 – 25/1/2027: sow the spring rice."),
    )
    d_start = MomentField(label=_("Begins"), required=False)
    d_end = MomentField(label=_("Ends"), required=False)
    d_place = _text(_("Place of meeting"), rows=0, limit=200)
    d_repeat = forms.ChoiceField(label=_("Repeats"), required=False, choices=REPEAT)
    d_repeat_until = DayField(label=_("Repeats until"), required=False)
    audience = forms.ChoiceField(
        label=_("Who may read it"), choices=AUDIENCES, widget=forms.RadioSelect
    )
    reach = forms.ChoiceField(label=_("Who gets it"), choices=REACHES, widget=forms.RadioSelect)
    levels = forms.MultipleChoiceField(
        label=_("Only these levels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only these channels"), required=False, widget=forms.CheckboxSelectMultiple
    )
    must_acknowledge = forms.BooleanField(
        label=_("Every unit says that it has read it"), required=False
    )
    acknowledge_by = DayField(label=_("Until when"), required=False)
    publish_at = MomentField(
        label=_("Goes out at"), required=False, help_text=_("Empty: as soon as it is approved.")
    )
    valid_until = MomentField(
        label=_("Holds until"),
        required=False,
        help_text=_("After that its page says that it is over."),
    )
    r_every = forms.ChoiceField(
        label=_("How often it goes out"), required=False, choices=EVERY, widget=forms.RadioSelect
    )
    r_weekdays = forms.MultipleChoiceField(
        label=_("On which days of the week"),
        required=False,
        choices=words.WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    r_days = _text(
        _("On which days of the month"), rows=0, limit=100, hint=_("For example: 1, 15.")
    )
    r_times = _text(
        _("At what times"), rows=0, limit=100, hint=_("For example: 5:00, 19:00, 22:00.")
    )
    r_until = DayField(
        label=_("Until which day"), required=False, help_text=_("A year from now at the latest.")
    )
    new_alt = _text(_("What the new picture shows"), rows=0, limit=300)

    def __init__(
        self,
        *args: Any,
        units: list[tuple[str, str]],
        levels: list[tuple[str, str]],
        kinds: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        self.fields["levels"].choices = levels  # type: ignore[attr-defined]
        for surface in Surface:
            label = pgettext_lazy("text for one surface", "Own text: %(surface)s")
            field = _text(str(label) % {"surface": words.SURFACES[surface.value]}, limit=20_000)
            self.fields[f"w_{surface.value}"] = field

    @property
    def own_parts(self) -> list[tuple[str, forms.BoundField]]:
        """Return the fields that only some kinds have, each once, with the classes by which the style sheet shows it."""
        names = dict.fromkeys(name for parts in PARTS.values() for name in parts)
        return [(" ".join(f"of-{k}" for k in PARTS if n in PARTS[k]), self[n]) for n in names]

    @property
    def wordings(self) -> list[forms.BoundField]:
        """Return the texts for one surface each."""
        return [self[f"w_{s.value}"] for s in Surface]

    def written(self) -> Fields:
        """Return the words as they were typed, checked or not: for looking at them, and for keeping them."""
        kind = self._typed("kind")
        known = kind if kind in words.KINDS else NoticeKind.NOTICE.value
        return Fields(
            kind=NoticeKind(known),
            title=self._typed("title"),
            short_text=self._typed("short_text"),
            long_text=self._typed("long_text"),
            link=self._typed("link"),
            details={n[2:]: v for n in PARTS.get(known, ()) if (v := self._typed(n))},
            wordings={s.value: v for s in Surface if (v := self._typed(f"w_{s.value}"))},
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("r_every") and "r_until" not in self.errors:
            self._check_rhythm(found, timezone.localdate())
        return found

    def _check_rhythm(self, found: dict[str, Any], today: date) -> None:
        times = rhythms.read_times(found.get("r_times") or "")
        if not times or len(times) > rhythms.MOST_TIMES:
            self.add_error("r_times", _("Write one to six times, for example: 5:00, 19:00."))
        if found["r_every"] == Every.WEEK and not found.get("r_weekdays"):
            self.add_error("r_weekdays", _("Choose one day at least."))
        if found["r_every"] == Every.MONTH and not rhythms.read_days(found.get("r_days") or ""):
            self.add_error("r_days", _("Write days from 1 to 31, for example: 1, 15."))
        last = found.get("r_until")
        if last is None or not today <= last <= today + rhythms.LONGEST:
            self.add_error("r_until", _("Choose a day between today and a year from now."))

    def rhythm(self, on: date) -> Rhythm | None:
        """Return in which rhythm it goes out, or None for once and for what is not complete yet."""
        every = self._typed("r_every")
        times = rhythms.read_times(self._typed("r_times"))
        last = _day(self._typed("r_until"))
        if every not in set(Every) or not times or last is None or last < on:
            return None
        days: tuple[int, ...] = ()
        if every == Every.WEEK:
            days = tuple(sorted(int(n) for n in self._chosen("r_weekdays")))
        if every == Every.MONTH:
            days = rhythms.read_days(self._typed("r_days")) or ()
        if every != Every.DAY and not days:
            return None
        begins = self.moment("publish_at") if self.is_bound else self.initial.get("publish_at")
        first = timezone.localtime(begins).date() if isinstance(begins, datetime) else on
        last = min(last, on + rhythms.LONGEST)
        if first > last:
            return None
        return Rhythm(Every(every), times[: rhythms.MOST_TIMES], first, last, days)

    def moment(self, name: str) -> datetime | None:
        """Return a moment as it was typed, or None for nothing and for nonsense."""
        try:
            at = datetime.fromisoformat(self._typed(name)[:16])
            return timezone.make_aware(at, timezone.get_default_timezone())
        except (ValueError, OverflowError):
            return None

    def is_public(self) -> bool:
        """True when everybody may read it, as it is typed."""
        return self._typed("audience") != Audience.INTERNAL

    def lines(self, unit_id: UUID, picks: list[Line]) -> list[Line]:
        """Return for whom it is."""
        kinds = tuple(self._chosen("kinds"))
        reach = self._typed("reach")
        if reach == CHOSEN:
            return [Line(p.unit_id, p.reach, p.levels, kinds) for p in picks]
        known = {r.value for r in Reach}
        own = Reach(reach) if reach in known else Reach.SUBTREE
        levels = tuple(x for x in self._chosen("levels") if x in words.LEVELS)
        return [Line(unit_id, own, levels, kinds)]

    def _typed(self, name: str) -> str:
        if not self.is_bound:
            return str(self.initial.get(name) or "")
        return clean(str(self.data.get(name) or "")).strip()

    def _chosen(self, name: str) -> list[str]:
        if not self.is_bound:
            return list(self.initial.get(name) or [])
        known = {str(k) for k, _label in self.fields[name].choices}  # type: ignore[attr-defined]
        return [v for v in self.data.getlist(name) if v in known]  # type: ignore[attr-defined]


def typed_rhythm(found: Repetition | None) -> dict[str, Any]:
    """Return the fields of a stored rhythm as they are typed."""
    if found is None:
        return {}
    return {
        "r_every": found.every,
        "r_times": ", ".join(words.clock_time(t) for t in found.times),
        "r_weekdays": [str(n) for n in found.days] if found.every == Every.WEEK else [],
        "r_days": ", ".join(map(str, found.days)) if found.every == Every.MONTH else "",
        "r_until": found.last_date,
    }


def _day(word: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(word, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


PARTS: Mapping[str, tuple[str, ...]] = {
    NoticeKind.CORRECTION.value: ("d_claim", "d_facts", "d_sources"),
    NoticeKind.WARNING.value: (
        *("d_sender", "d_event", "d_category", "d_urgency", "d_severity", "d_certainty"),
        *("d_start", "d_end", "d_area", "d_instruction"),
    ),
    NoticeKind.CALENDAR.value: (
        "d_steps",
        "d_start",
        "d_end",
        "d_place",
        "d_repeat",
        "d_repeat_until",
    ),
    NoticeKind.CALL.value: ("d_start", "d_place", "d_instruction"),
}
"""The fields that only some kinds have; a call shares some with a calendar and a warning."""


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MomentForm(forms.Form):
    """When it goes out."""

    publish_at = MomentField(label=_("Goes out at"))
