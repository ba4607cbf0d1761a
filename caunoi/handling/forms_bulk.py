"""With what many cases are changed at once, and canned answers."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caunoi.handling import queries, rules
from caunoi.handling.models import BulkRun, CannedAnswer
from caunoi.handling.terms import Do
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.staff import queries as staff
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level

MORNING = time(7, 0)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let the field be chosen from these."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class ParamsForm(forms.Form):
    """What a run needs to know; ``params`` is how it is stored."""

    def __init__(self, *args: Any, viewer: Viewer, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.at, self.on = viewer, at, clock.local_date(at)
        self.prepare()

    def prepare(self) -> None:
        """Offer what can be chosen."""

    def params(self) -> dict[str, Any]:
        """Return what was chosen, fit for JSON."""
        raise NotImplementedError

    def said(self, params: Mapping[str, Any]) -> str:
        """Return the choice in words."""
        raise NotImplementedError


class AssignForm(ParamsForm):
    """To whom."""

    account = forms.ChoiceField(label=_("Give to"), required=False)

    def prepare(self) -> None:
        own = list(self.viewer.unit_ids(Permission.CASES_VIEW))
        people = staff.colleagues(
            self.viewer, unit_path_ids=own, on=self.on, permission=Permission.CASES_DRAFT
        )
        self.names = {a.pk: a.full_name for a in people}
        me = (str(self.viewer.account_id), _("me"))
        others = [(str(k), n) for k, n in self.names.items() if k != self.viewer.account_id]
        offer(self, "account", [me, *others, ("", _("nobody"))])

    def params(self) -> dict[str, Any]:
        chosen = self.cleaned_data["account"]
        return {"account": int(chosen) if chosen else None}

    def said(self, params: Mapping[str, Any]) -> str:
        return self.names.get(params["account"], str(_("nobody")))


class ReferForm(ParamsForm):
    """To which unit, and why."""

    unit = forms.CharField(
        label=_("To which unit"), max_length=140, help_text=_("The name, with or without accents.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The askers read it."),
    )

    def prepare(self) -> None:
        if chosen := self.initial.get("unit"):
            unit = units.as_of(unit_id=UUID(chosen), on=self.on)
            self.initial["unit"] = unit.slug if unit else ""

    def clean_unit(self) -> str:
        given = self.cleaned_data["unit"].strip()
        unit = units.by_slug(slug=given, on=self.on)
        if unit is not None and unit.valid_to is None:
            return str(unit.id)
        hits = units.search(text=given, on=self.on, limit=6, old=False)
        offices = [h.unit for h in hits if h.unit.level != Level.VILLAGE]
        exact = [u for u in offices if u.full_name.lower() == given.lower()] or offices
        if len(exact) == 1:
            return str(exact[0].id)
        if not exact:
            raise forms.ValidationError(_("No unit of that name exists today."))
        several = ", ".join(f"{u.full_name} ({u.slug})" for u in exact)
        raise forms.ValidationError(
            _("Several fit; write the word in brackets: %(units)s"), params={"units": several}
        )

    def params(self) -> dict[str, Any]:
        return {"unit": self.cleaned_data["unit"], "reason": self.cleaned_data["reason"]}

    def said(self, params: Mapping[str, Any]) -> str:
        return units.name_of(unit_id=UUID(params["unit"]), on=self.on)


class TopicForm(ParamsForm):
    """About what."""

    topic = forms.ChoiceField(label=_("Topic"))

    def prepare(self) -> None:
        self.names = {t.code: t.name for t in routing.topics()}
        offer(self, "topic", self.names.items())

    def params(self) -> dict[str, Any]:
        topic = self.cleaned_data["topic"]
        return {"topic": topic, "topic_name": self.names[topic]}

    def said(self, params: Mapping[str, Any]) -> str:
        return str(self.names.get(params["topic"], params["topic"]))


class SnoozeForm(ParamsForm):
    """Until which morning."""

    when = forms.ChoiceField(label=_("Until"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("Another day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def prepare(self) -> None:
        days = [(d.isoformat(), label) for d, label in mornings(self.on)]
        offer(self, "when", [*days, ("day", _("another day")), ("now", _("take it up again now"))])
        until = self.initial.get("until")
        day = timezone.localtime(datetime.fromisoformat(until)).date() if until else None
        word = day.isoformat() if day else days[0][0]
        named = word in dict(days)
        self.initial.update(when=word if named else "day", day=None if named else day)

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if fields.get("when") == "day":
            chosen: date | None = fields.get("day")
            if chosen is None:
                self.add_error("day", _("Choose a day."))
            elif chosen <= self.on:
                self.add_error("day", _("Choose a day that is still to come."))
        return fields

    def until(self) -> datetime | None:
        """Return the moment the case comes back; None = now."""
        when = self.cleaned_data["when"]
        if when == "now":
            return None
        chosen = self.cleaned_data["day"] if when == "day" else date.fromisoformat(when)
        return morning_of(chosen)

    def params(self) -> dict[str, Any]:
        until = self.until()
        return {"until": until.isoformat() if until else ""}

    def said(self, params: Mapping[str, Any]) -> str:
        if not params["until"]:
            return str(_("now"))
        return timezone.localtime(datetime.fromisoformat(params["until"])).strftime("%d/%m/%Y")


def mornings(today: date) -> list[tuple[date, Any]]:
    """Return the days people mean when they lay something aside."""
    monday = today + timedelta(days=7 - today.weekday())
    named = {
        monday + timedelta(days=7): _("the Monday after"),
        monday: _("next Monday"),
        today + timedelta(days=3): _("in three days"),
        today + timedelta(days=1): _("tomorrow morning"),
    }
    return sorted(named.items())


def morning_of(day: date) -> datetime:
    """Return 07:00 in Việt Nam on that day, in UTC."""
    return timezone.make_aware(datetime.combine(day, MORNING)).astimezone(clock.now().tzinfo)


class CloseForm(ParamsForm):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The askers read it."),
    )

    def params(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}

    def said(self, params: Mapping[str, Any]) -> str:
        return str(params["reason"])


class AnswerForm(ParamsForm):
    """With which canned answer; it goes to a second person for approval as every answer does."""

    canned = forms.ChoiceField(
        label=_("Which template"),
        help_text=_("Number, name, unit and deadline are put in for each case."),
    )

    def prepare(self) -> None:
        own = list(self.viewer.unit_ids(Permission.CASES_DRAFT))
        self.found = {
            str(c.pk): c for c in queries.canned_for(self.viewer, unit_ids=own, on=self.on)
        }
        offer(self, "canned", ((k, c.title) for k, c in self.found.items()))

    def params(self) -> dict[str, Any]:
        return {"canned": int(self.cleaned_data["canned"])}

    def said(self, params: Mapping[str, Any]) -> str:
        canned = self.found.get(str(params["canned"]))
        return canned.title if canned else ""


PARAMS: dict[Do, type[ParamsForm]] = {
    Do.ASSIGN: AssignForm,
    Do.REFER: ReferForm,
    Do.TOPIC: TopicForm,
    Do.SNOOZE: SnoozeForm,
    Do.CLOSE: CloseForm,
    Do.ANSWER: AnswerForm,
}


def params_form(run: BulkRun, viewer: Viewer, at: datetime, given: Any = None) -> ParamsForm:
    """Return the form of what the run needs to know."""
    return PARAMS[Do(run.do)](given, viewer=viewer, at=at, initial=dict(run.params))


class CannedForm(forms.Form):
    """One canned answer of a unit."""

    title = forms.CharField(label=_("Title"), max_length=80)
    shortcut = forms.SlugField(
        label=_("Shortcut"),
        max_length=30,
        help_text=_("Letters, digits and hyphens, without accents. Typed after / while answering."),
    )
    text = forms.CharField(
        label=_("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8})
    )
    unit = forms.ChoiceField(label=_("Whose"), help_text=_("The units below may use it too."))
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, own: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", ((str(k), name) for k, name in own))
        offer(self, "topic", [("", "–"), *((t.code, t.name) for t in routing.topics())])

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if unknown := rules.unknown_placeholders(text):
            raise forms.ValidationError(
                _("%(words)s means nothing. In braces only: {số} {tên} {đơn vị} {hạn}."),
                params={"words": ", ".join("{" + w + "}" for w in unknown)},
            )
        return text

    def clean_unit(self) -> UUID:
        return UUID(self.cleaned_data["unit"])


def initial_of(canned: CannedAnswer) -> dict[str, Any]:
    """Return a canned answer as its form shows it."""
    names = ("title", "shortcut", "text", "topic", "is_active")
    return {n: getattr(canned, n) for n in names} | {"unit": str(canned.unit_id)}
