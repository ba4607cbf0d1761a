"""Forms for events of the unit tree: what happened, on which day, by which document."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caunoi.desk.event_base import EventForm, checked_code, checked_name, code_field, name_field
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import actions, queries, rules
from caunoi.units.models import Unit
from caunoi.units.terms import CodeTaken, Level, NoSuccessor, UnitNow, UnitsOfItsOwn

UNKNOWN = "unknown"
MOST_PARTS = 6
LEVEL_WORDS = {
    Level.DISTRICT: gettext_lazy("District"),
    Level.COMMUNE: gettext_lazy("Commune or ward"),
    Level.VILLAGE: gettext_lazy("Village"),
}


class CreateForm(EventForm):
    """A new unit below this one."""

    title = gettext_lazy("A new unit below %(unit)s")
    full_name = name_field()
    code = code_field()
    level = forms.ChoiceField(label=gettext_lazy("Level"))
    fields_of_errors = EventForm.fields_of_errors | {CodeTaken: "code"}

    def prepare(self) -> None:
        levels = self.levels(self.unit)
        self.fields["level"].choices = [(lv.value, LEVEL_WORDS[lv]) for lv in levels]  # type: ignore[attr-defined]
        self.fields["level"].initial = levels[0].value
        if len(levels) == 1:
            self.fields["level"].widget = forms.HiddenInput()

    @staticmethod
    def levels(unit: UnitNow) -> list[Level]:
        return sorted(rules.BELOW[unit.level], key=lambda lv: lv != Level.COMMUNE)

    @classmethod
    def fits(cls, unit: UnitNow) -> bool:
        return bool(rules.BELOW[unit.level])

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if "full_name" in fields and "level" in fields:
            try:
                fields["full_name"] = checked_name(fields["full_name"], Level(fields["level"]))
            except forms.ValidationError as error:
                self.add_error("full_name", error)
        return fields

    def clean_code(self) -> str:
        return checked_code(self.cleaned_data["code"])

    def event(self, *, by: Viewer, at: datetime) -> Callable[[], list[UUID]]:
        fields = self.cleaned_data

        def act() -> list[UUID]:
            made = actions.create_unit(
                full_name=fields["full_name"],
                code=fields["code"],
                level=Level(fields["level"]),
                parent_id=self.unit.id,
                by=by,
                at=at,
                **self.law,
            )
            return [made.pk]

        return act


class RenameForm(EventForm):
    """Another name or code for the same unit."""

    title = gettext_lazy("A new name or code for %(unit)s")
    full_name = name_field()
    code = code_field()
    fields_of_errors = EventForm.fields_of_errors | {CodeTaken: "code"}

    def prepare(self) -> None:
        self.fields["full_name"].initial = self.unit.full_name
        self.fields["code"].initial = self.unit.code

    @classmethod
    def fits(cls, unit: UnitNow) -> bool:
        return True

    def clean_full_name(self) -> str:
        return checked_name(self.cleaned_data["full_name"], self.unit.level)

    def clean_code(self) -> str:
        return checked_code(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        new = (fields.get("full_name"), fields.get("code"))
        if new == (self.unit.full_name, self.unit.code):
            self.add_error("full_name", _("Name and code are the same as before."))
        return fields

    def event(self, *, by: Viewer, at: datetime) -> Callable[[], list[UUID]]:
        fields = self.cleaned_data

        def act() -> list[UUID]:
            actions.rename_unit(
                unit_id=self.unit.id,
                full_name=fields["full_name"],
                code=fields["code"],
                by=by,
                at=at,
                **self.law,
            )
            return [self.unit.id]

        return act


class MoveForm(EventForm):
    """The unit under another parent."""

    title = gettext_lazy("%(unit)s goes under another unit")
    parent = forms.TypedChoiceField(label=gettext_lazy("From then on it belongs to"), coerce=UUID)

    def prepare(self) -> None:
        levels = [lv for lv in Level if self.unit.level in rules.BELOW[lv]]
        found = queries.below_paths(
            paths=self.viewer.scope(Permission.UNITS_MANAGE), levels=levels, on=self.today
        )
        choices = [(str(u.id), u.full_name) for u in found if u.id != self.unit.parent_id]
        self.fields["parent"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]

    def event(self, *, by: Viewer, at: datetime) -> Callable[[], list[UUID]]:
        def act() -> list[UUID]:
            parent = self.cleaned_data["parent"]
            actions.move_unit(unit_id=self.unit.id, parent_id=parent, by=by, at=at, **self.law)
            return [self.unit.id]

        return act


class MergeForm(EventForm):
    """This unit and others become one."""

    title = gettext_lazy("%(unit)s and others become one")
    others = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Merges with"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
        error_messages={"required": gettext_lazy("Choose at least one other unit.")},
    )
    full_name = name_field()
    code = code_field()
    fields_of_errors = EventForm.fields_of_errors | {CodeTaken: "code"}

    def prepare(self) -> None:
        choices = [(str(u.id), u.full_name) for u in self.siblings()]
        self.fields["others"].choices = choices  # type: ignore[attr-defined]
        self.fields["full_name"].label = _("Full name of the new unit")

    def clean_full_name(self) -> str:
        return checked_name(self.cleaned_data["full_name"], self.unit.level)

    def clean_code(self) -> str:
        return checked_code(self.cleaned_data["code"])

    def event(self, *, by: Viewer, at: datetime) -> Callable[[], list[UUID]]:
        def act() -> list[UUID]:
            made = actions.merge_units(
                unit_ids=[self.unit.id, *self.cleaned_data["others"]],
                full_name=self.cleaned_data["full_name"],
                code=self.cleaned_data["code"],
                by=by,
                at=at,
                **self.law,
            )
            return [made.pk]

        return act


class DissolveForm(EventForm):
    """The unit ends; another goes on with its work, or nobody knows who."""

    title = gettext_lazy("%(unit)s ends")
    successor = forms.ChoiceField(
        label=gettext_lazy("Who goes on with its work"),
        help_text=gettext_lazy("The neighbour it joins, which keeps its own name and code"),
    )
    take_along = forms.BooleanField(
        label=gettext_lazy("The units below go to the successor"), required=False
    )
    fields_of_errors = EventForm.fields_of_errors | {
        UnitsOfItsOwn: "take_along",
        NoSuccessor: "successor",
    }

    def prepare(self) -> None:
        choices = [(str(u.id), u.full_name) for u in self.siblings()]
        unknown = (UNKNOWN, _("Not known yet"))
        self.fields["successor"].choices = [("", _("Choose")), *choices, unknown]  # type: ignore[attr-defined]
        if not queries.children(unit_id=self.unit.id, on=self.today):
            del self.fields["take_along"]

    def event(self, *, by: Viewer, at: datetime) -> Callable[[], list[UUID]]:
        chosen = self.cleaned_data["successor"]
        heir = None if chosen == UNKNOWN else UUID(chosen)

        def act() -> list[UUID]:
            actions.dissolve_unit(
                unit_id=self.unit.id,
                successor_id=heir,
                take_along=self.cleaned_data.get("take_along", False),
                by=by,
                at=at,
                **self.law,
            )
            return [heir or self.unit.id]

        return act


class SplitForm(EventForm):
    """The unit becomes several; each unit below is given to one of them."""

    title = gettext_lazy("%(unit)s splits")
    parts = forms.IntegerField(widget=forms.HiddenInput(), initial=2, required=False)

    def prepare(self) -> None:
        self.count = self._count()
        for number in range(1, self.count + 1):
            at = {"number": number}
            self.fields[f"name_{number}"] = name = name_field()
            self.fields[f"code_{number}"] = code = code_field()
            name.label, name.help_text = _("Full name of part %(number)d") % at, ""
            code.label, code.help_text = _("Code of part %(number)d") % at, ""
        self.below = queries.children(unit_id=self.unit.id, on=self.today)
        for child in self.below:
            self.fields[f"below_{child.id.hex}"] = forms.TypedChoiceField(
                label=f"{child.full_name} ({child.code})",
                choices=[("", _("Choose")), *self._parts()],
                coerce=int,
            )

    def part_fields(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Return number, name and code of each part."""
        numbers = range(1, self.count + 1)
        return [(n, self[f"name_{n}"], self[f"code_{n}"]) for n in numbers]

    def below_fields(self) -> list[forms.BoundField]:
        """Return the choice of a part for each unit below."""
        return [self[f"below_{child.id.hex}"] for child in self.below]

    def plain_fields(self) -> list[forms.BoundField]:
        return [self["on"], self["legal_reference"]]

    def _count(self) -> int:
        asked = self.typed("parts")
        return max(2, min(MOST_PARTS, int(asked) if asked.isdecimal() else 2))

    def _parts(self) -> list[tuple[int, str]]:
        typed = [self.typed(f"name_{n}")[:120] for n in range(1, self.count + 1)]
        return [
            (n, name or _("part %(number)d") % {"number": n})
            for n, name in enumerate(typed, start=1)
        ]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        for number in range(1, self.count + 1):
            for word, check in (("name", self._name), ("code", checked_code)):
                field = f"{word}_{number}"
                if field in fields:
                    try:
                        fields[field] = check(fields[field])
                    except forms.ValidationError as error:
                        self.add_error(field, error)
        return fields

    def _name(self, text: str) -> str:
        return checked_name(text, self.unit.level)

    def event(self, *, by: Viewer, at: datetime) -> Callable[[], list[UUID]]:
        fields = self.cleaned_data
        into = [(fields[f"name_{n}"], fields[f"code_{n}"]) for n in range(1, self.count + 1)]
        below = {child.id: fields[f"below_{child.id.hex}"] - 1 for child in self.below}

        def act() -> list[UUID]:
            made: list[Unit] = actions.split_unit(
                unit_id=self.unit.id, into=into, below=below, by=by, at=at, **self.law
            )
            return [part.pk for part in made]

        return act


FORMS: dict[str, type[EventForm]] = {
    "doi-ten": RenameForm,
    "lap-moi": CreateForm,
    "chuyen": MoveForm,
    "nhap": MergeForm,
    "tach": SplitForm,
    "giai-the": DissolveForm,
}
