"""How the inbox is narrowed: the form with everything that can be chosen, and a chip for everything chosen.

The form offers hundreds of units, topics and colleagues, so it is made when somebody opens it; a chip looks up its own word.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from caunoi.cases.filtering import ME, NOBODY
from caunoi.handling import forms, labels
from caunoi.kit.viewing import Viewer
from caunoi.routing import queries as routing
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

OFFERED_UNITS = 300


def offered(viewer: Viewer, form: forms.FilterForm, on: date) -> forms.FilterForm:
    """Return the filter form with what can be chosen."""
    own = list(viewer.unit_ids(Permission.CASES_VIEW))
    people = [(str(a.pk), a.full_name) for a in _colleagues(viewer, on)]
    form.offer("assignee", [(ME, _("me")), (NOBODY, _("nobody")), *people])
    form.offer("topic", [(t.code, t.name) for t in routing.topics(all_of_them=True)])
    near = units.with_children(unit_ids=own, on=on)[:OFFERED_UNITS]
    form.offer("unit", [(u.slug, u.full_name) for u in near])
    return form


def chips(
    viewer: Viewer, chosen: Mapping[str, str], topics: Mapping[str, str], on: date
) -> list[dict[str, str]]:
    """Return what was chosen, in words, each with the address without it."""
    base = reverse("handling:inbox")
    found = []
    for name in chosen.keys() & labels.FILTERS.keys():
        rest = forms.address_of({k: v for k, v in chosen.items() if k != name})
        found.append(
            {
                "name": name,
                "label": str(labels.FILTERS[name]),
                "value": _said(viewer, name, chosen[name], topics, on),
                "href": f"{base}?{rest}" if rest else base,
            }
        )
    order = list(chosen)
    return sorted(found, key=lambda chip: order.index(chip["name"]))


def shared_units(viewer: Viewer, on: date) -> list[tuple[UUID, str]]:
    """Return the units in which the viewer may share a view."""
    names = units.names_of(unit_ids=viewer.unit_ids(Permission.CASES_REFER), on=on)
    return sorted(names.items(), key=lambda pair: pair[1])


def _said(viewer: Viewer, name: str, word: str, topics: Mapping[str, str], on: date) -> str:
    """Return the chosen word as people say it; what nobody knows is shown as it stands in the address."""
    fixed: dict[str, Mapping[str, Any]] = {
        "due": labels.DUE,
        "kind": labels.KINDS,
        "state": labels.STATES,
        "origin": labels.ORIGINS,
        "channel": labels.CHANNELS,
        "topic": topics,
    }
    if name in fixed:
        return str(fixed[name].get(word, word))
    if name == "unit":
        unit = units.by_slug(slug=word, on=on)
        return unit.full_name if unit else word
    return _whom(viewer, word, on) if name == "assignee" else word


def _whom(viewer: Viewer, word: str, on: date) -> str:
    """Return the colleague's name; of somebody who is none, only the number that was typed."""
    if word in {ME, NOBODY}:
        return _("me") if word == ME else _("nobody")
    return next((a.full_name for a in _colleagues(viewer, on) if str(a.pk) == word), word)


def _colleagues(viewer: Viewer, on: date) -> list[Account]:
    own = list(viewer.unit_ids(Permission.CASES_VIEW))
    return staff.colleagues(viewer, unit_path_ids=own, on=on, permission=Permission.CASES_DRAFT)
