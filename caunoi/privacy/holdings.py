"""The one register of what is held of people: gathered from every room's ``personal.py``."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from caunoi.kit.holding import Free, Holding, Piece, Subject, Whose

TEXTUAL = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
    ArrayField,
)
LAST = ("caunoi.cases", "caunoi.inbox")
"""Others ask the case and the conversation what belongs to them, so these forget last."""


@cache
def declarations() -> tuple[ModuleType, ...]:
    """Return the ``personal`` module of every room, in the order in which they forget."""
    names = [config.name for config in apps.get_app_configs() if config.name.startswith("caunoi.")]
    names.sort(key=lambda name: LAST.index(name) if name in LAST else -1)
    found = [f"{name}.personal" for name in names]
    return tuple(import_module(name) for name in found if find_spec(name))


def holdings(whose: Whose | None = None) -> list[Holding]:
    """Return everything declared, or what concerns those people."""
    everything = [h for room in declarations() for h in room.HOLDINGS]
    return [h for h in everything if whose is None or h.whose == whose]


def free() -> list[Free]:
    """Return the fields declared to hold nothing of a person."""
    return [f for room in declarations() for f in room.FREE]


def declared_fields() -> set[str]:
    """Return every declared field as "table.field"."""
    everything: list[Holding | Free] = [*holdings(), *free()]
    return {f"{d.table}.{name}" for d in everything for name in d.fields}


def textual_fields() -> Iterator[str]:
    """Return every stored field of every table that could hold text, as "table.field"."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, TEXTUAL) and not isinstance(field, models.GeneratedField):
                yield f"{model._meta.label_lower}.{field.name}"


def pieces(about: Subject) -> list[Piece]:
    """Return everything held on one case, room by room."""
    rooms = [room for room in declarations() if hasattr(room, "pieces")]
    return [piece for room in reversed(rooms) for piece in room.pieces(about)]


def kept_by_law(about: Subject) -> list[str]:
    """Return what stays when the case is erased, by its number."""
    rooms = [room for room in declarations() if hasattr(room, "kept_by_law")]
    return [named for room in rooms for named in room.kept_by_law(about)]


def forget(about: Subject, *, at: datetime) -> int:
    """Let every room erase the case, in one transaction of the caller. -> how many rows were changed."""
    rooms = [room for room in declarations() if hasattr(room, "forget")]
    return sum(room.forget(about, at=at) for room in rooms)
