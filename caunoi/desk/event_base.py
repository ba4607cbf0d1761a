"""What every form for an event of the unit tree shares: the day, the document, names and codes."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caunoi.kit.fields import DayField
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries, rules
from caunoi.units.terms import (
    LaterChangeExists,
    Level,
    NotOnThatDay,
    UnitError,
    UnitNow,
)

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,11}")
FARTHEST = timedelta(days=5 * 366)


class EventForm(forms.Form):
    """What every event needs. ``unit`` is the unit on whose page the form stands, ``today`` its tree."""

    title: Any = ""
    on = DayField(
        label=gettext_lazy("From which day"),
        help_text=gettext_lazy("The first day on which it is so. A future day is fine."),
    )
    legal_reference = forms.CharField(
        label=gettext_lazy("Legal reference"),
        max_length=200,
        help_text=gettext_lazy("Number and date of the resolution or decision"),
    )
    fields_of_errors: dict[type[UnitError], str] = {NotOnThatDay: "on", LaterChangeExists: "on"}

    def __init__(self, *args: Any, unit: UnitNow, viewer: Viewer, today: date, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.unit, self.viewer, self.today = unit, viewer, today
        self.prepare()
        for field in self.fields.values():
            if str(field.error_messages["required"]) == str(
                forms.Field().error_messages["required"]
            ):
                field.error_messages["required"] = _("Fill this in.")
        self.order_fields([n for n in self.fields if n not in ("on", "legal_reference")])

    def prepare(self) -> None:
        """Fill in choices that depend on the unit."""

    def plain_fields(self) -> list[forms.BoundField]:
        """Return the fields that stand one below the other; those of ``SplitForm`` have a place of their own."""
        return list(self.visible_fields())

    @classmethod
    def fits(cls, unit: UnitNow) -> bool:
        """True when this can happen to the unit; reforms of provinces come with the national files."""
        return unit.level != Level.PROVINCE

    def event(self, *, by: Viewer, at: datetime) -> Callable[[], list[UUID]]:
        """Return the event, not yet carried out; it gives the units to show afterwards."""
        raise NotImplementedError

    def refuse(self, error: UnitError) -> None:
        """Say what the tree refused, at the field it is about."""
        field = self.fields_of_errors.get(type(error))
        self.add_error(field if field in self.fields else None, _(str(error)))

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on > self.today + FARTHEST:
            raise forms.ValidationError(_("This day is more than five years away. Check the year."))
        return on

    def clean_legal_reference(self) -> str:
        return clean(self.cleaned_data["legal_reference"]).strip()

    @property
    def law(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("on", "legal_reference")}

    def typed(self, name: str) -> str:
        """Return what was typed into a field, checked or not."""
        return str(self.data.get(name, self.initial.get(name, "")))

    def words(self) -> dict[str, Any]:
        """Return everything that was typed, to fill an unchecked form with."""
        return {
            name: field.widget.value_from_datadict(self.data, {}, name)
            for name, field in self.fields.items()
        }

    def siblings(self) -> list[UnitNow]:
        """Return the other units of the same level below the same unit, as far as the viewer manages them."""
        if self.unit.parent_id is None:
            return []
        beside = queries.children(unit_id=self.unit.parent_id, on=self.today)
        return [
            u
            for u in beside
            if u.id != self.unit.id
            and u.level == self.unit.level
            and self.viewer.may(Permission.UNITS_MANAGE, u.path)
        ]


def checked_name(text: str, level: Level) -> str:
    """Return the full name as stored. Raises ValidationError when it does not say its kind."""
    name = " ".join(clean(text).split())
    if rules.name_fits(name, level):
        return name
    if level == Level.VILLAGE:
        raise forms.ValidationError(
            _(
                "This is the name of a commune or province. Villages are called Thôn, Bản, Xóm, Khối…"
            )
        )
    words = ", ".join(rules.words_for(level))
    raise forms.ValidationError(
        _("The full name begins with one of: %(words)s.") % {"words": words}
    )


def checked_code(text: str) -> str:
    """Return the code. Raises ValidationError for anything but up to twelve digits, letters, dots and hyphens."""
    code = clean(text).strip()
    if not CODE.fullmatch(code):
        raise forms.ValidationError(
            _("A code has up to 12 digits or letters, like 17818 or 17818-04.")
        )
    return code


def name_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Full name of the unit"),
        max_length=120,
        help_text=gettext_lazy("With its kind, like Xã Bích Hào, Phường Trường Vinh, Xóm 4"),
    )


def code_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Official code"),
        max_length=12,
        help_text=gettext_lazy(
            "A village without one: the commune's code and a number, like 17818-04"
        ),
    )
