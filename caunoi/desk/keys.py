"""The keys of the desk: one list, from which the help is written and which the script reads. A key clicks what stands on the page anyway."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caunoi.handling import queries_recall


@dataclass(frozen=True, slots=True)
class Key:
    """One key or two one after the other.

    keys   as they are pressed: "r", "g i", "Shift+x"
    press  what is clicked or focused: the word in ``data-do``; empty when ``go`` or the browser does it
    go     the page it opens, when the person has its door
    """

    keys: str
    label: str
    press: str = ""
    go: str = ""


GROUPS: tuple[tuple[str, tuple[Key, ...]], ...] = (
    (
        gettext_noop("On every page"),
        (
            Key("?", gettext_noop("these keys"), "keys"),
            Key("/", gettext_noop("search"), "find"),
            Key("Ctrl+k", gettext_noop("search, also while typing"), "find"),
            Key("Ctrl+Enter", gettext_noop("send the form; an answer goes for approval")),
            Key("Escape", gettext_noop("keep what is typed; once more: back to the list"), "back"),
            Key("u", gettext_noop("take back what was just done"), "undo"),
        ),
    ),
    (
        gettext_noop("In a list"),
        (
            Key("j", gettext_noop("next"), "next"),
            Key("k", gettext_noop("previous"), "previous"),
            Key("Enter", gettext_noop("open")),
            Key("x", gettext_noop("choose"), "pick"),
            Key("Shift+x", gettext_noop("choose all up to here"), "pick-range"),
        ),
    ),
    (
        gettext_noop("On a case"),
        (
            Key("r", gettext_noop("answer"), "reply"),
            Key("n", gettext_noop("note"), "note"),
            Key("f", gettext_noop("hand on"), "forward"),
            Key("a", gettext_noop("give to a colleague"), "assign"),
            Key("m", gettext_noop("join with another"), "merge"),
            Key("e", gettext_noop("close"), "close"),
            Key("z", gettext_noop("lay aside"), "snooze"),
            Key("*", gettext_noop("star"), "star"),
        ),
    ),
    (
        gettext_noop("Go to"),
        (
            Key("g t", gettext_noop("today"), go="desk:today"),
            Key("g i", gettext_noop("inbox"), go="handling:inbox"),
            Key("g m", gettext_noop("where I am named"), go="handling:mentions"),
            Key("g w", gettext_noop("workload and deadlines"), go="desk:board"),
            Key("g c", gettext_noop("canned answers"), go="handling:canned"),
            Key("g a", gettext_noop("answers given"), go="answers:manage"),
        ),
    ),
)
DOOR_OF = {"handling:mentions": "cases.view"}
"""Pages that are no door of the navigation, and what opens them."""


def keys(request: HttpRequest) -> dict[str, Any]:
    """Return ``desk_keys`` for staff pages: the groups, and whether keys of one letter are on; asked only when shown."""
    staff = getattr(request, "staff", None)
    if staff is None:
        return {}
    return {"desk_keys": SimpleLazyObject(lambda: shown(staff))}


def shown(staff: Any) -> dict[str, Any]:
    """Return the keys that lead somewhere for this person."""
    from caunoi.desk.doors import DOORS

    opens = {name: permission for name, _label, _icon, permission, _group in DOORS} | DOOR_OF
    groups = [
        (_(title), [_row(k) for k in rows if not k.go or staff.may(opens.get(k.go, "none"))])
        for title, rows in GROUPS
    ]
    return {"single": queries_recall.habits_of(staff).single_keys, "groups": groups}


def _row(key: Key) -> dict[str, Any]:
    return {
        "keys": key.keys,
        "caps": key.keys.replace("+", " ").split(),
        "label": _(key.label),
        "press": key.press,
        "href": reverse(key.go) if key.go else "",
    }
