"""What the doors of this room have in common: who looks, which units and campaigns may be chosen, a photo as it came."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from caunoi.campaigns import queries as campaigns
from caunoi.campaigns.models import Campaign
from caunoi.campaigns.terms import State
from caunoi.goods.terms import Detail
from caunoi.kit import clock
from caunoi.kit.terms import Foreseen
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

PAGE = 30


def who(request: HttpRequest) -> Viewer:
    """Return who looks; the access middleware put her there."""
    return request.staff  # type: ignore[attr-defined]


def today() -> date:
    return clock.local_date(clock.now())


def unit_choices(viewer: Viewer, on: date) -> list[tuple[str, str]]:
    """Return the units in which the viewer keeps goods and those directly below them."""
    held = viewer.unit_ids(Permission.GOODS_KEEP)
    return [(str(u.id), u.full_name) for u in units.with_children(unit_ids=held, on=on)]


def near_choices(unit_id: UUID, on: date, also: list[UUID]) -> list[tuple[str, str]]:
    """Return the units to which things are sent from here: asked for first, then below, beside and above."""
    above = units.ancestors(unit_id=unit_id, on=on)
    parent = above[-1].id if above else unit_id
    near = units.with_children(unit_ids=[unit_id], on=on)
    near += [u for u in units.with_children(unit_ids=[parent], on=on) if u.id != parent] + above
    names = units.names_of(unit_ids=also, on=on)
    found = {str(u): names.get(u, "") for u in also} | {str(u.id): u.full_name for u in near}
    found.pop(str(unit_id), None)
    return list(found.items())


def campaign_choices() -> list[tuple[str, str]]:
    """Return the campaigns that are open, newest first."""
    return [(c.slug, c.title) for c in campaigns.public().filter(state=State.OPEN)[:50]]


def campaign_of(slug: str) -> Campaign | None:
    """Return an open campaign by its address."""
    return campaigns.public().filter(slug=slug, state=State.OPEN).first()


def detail_of(fields: dict[str, Any]) -> Detail:
    """Return what a form says beside a movement."""
    photo = fields.get("photo")
    return Detail(fields.get("place", ""), fields.get("note", ""), photo.read() if photo else b"")


def tell(form: forms.Form, error: Foreseen) -> None:
    """Put what went wrong on the form: at the photo when it is about the photo."""
    about = "photo" if error.__class__.__module__ == "caunoi.files.terms" else None
    form.add_error(about, _(str(error)))


def gift_words(gift: Any) -> str:
    """Return a promise as a list names it: how much is to come, its code and campaign."""
    thing = gift.commodity
    code = f" ({gift.code.text})" if hasattr(gift, "code") else ""
    return f"{gift.amount - gift.came} {thing.unit_word} {thing.name.lower()}{code}, {gift.campaign.title}"
