"""Reads for other servers: units as actors, notices as notes. Who follows is never listed, only counted."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from caunoi.fediverse import addresses, rules, sealing
from caunoi.fediverse.models import Delivery, Follower
from caunoi.kit.viewing import system
from caunoi.notices import queries as notices
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeState
from caunoi.units import leads
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

PUBLIC = "what a unit tells everybody, for other servers"


@system(PUBLIC)
def unit_of(*, slug: str, on: date) -> UnitNow | None:
    """Return the unit with that address, also one that has ended; None when there never was one."""
    return units.by_slug(slug=slug[:140], on=on)


@system(PUBLIC)
def is_living(*, unit: UnitNow, on: date) -> bool:
    """True while the unit can be followed."""
    return unit.valid_to is None or unit.valid_to > on


@system(PUBLIC)
def actor_of(*, unit: UnitNow, at: datetime, on: date) -> dict[str, Any]:
    """Return the unit as an actor: one that ended names its only successor, who names those it took over from."""
    before = units.slugs_of(unit_ids=[p.old_unit_id for p in units.predecessors(unit_id=unit.id)])
    heir = leads.only_heir(slug=unit.slug, on=on)
    return rules.actor_document(
        actor=addresses.actor(unit.slug),
        name=unit.full_name,
        slug=unit.slug,
        url=addresses.page_of_unit(unit.slug),
        pem=sealing.key_of(unit_id=unit.id, at=at).public_pem,
        also=sorted(addresses.actor(slug) for slug in before.values()),
        moved_to=addresses.actor(heir.slug) if heir else "",
    )


@system(PUBLIC)
def told(*, unit_id: UUID, at: datetime) -> QuerySet[Notice]:
    """Return the notices a unit's outbox holds: its own that hold now, newest first."""
    return notices.public_notices(unit=unit_id, at=at).select_related("unit")


@system(PUBLIC)
def note_of(*, notice: Notice) -> dict[str, Any]:
    """Return a public notice as a Note; one that was recalled as a Tombstone."""
    note_id = addresses.note(notice.number)
    if notice.state == NoticeState.RECALLED or notice.published_at is None:
        return rules.tombstone(note_id)
    correction = notices.correction_of(notice=notice)
    pictures = notice.pictures.order_by("order").values_list("pk", "media_type", "alt")
    return rules.note(
        note_id=note_id,
        actor=addresses.actor(notice.unit.slug),
        title=notice.title,
        text=notices.whole_of(notice=notice),
        url=addresses.page_of_notice(notice.number),
        published=notice.published_at,
        pictures=[
            {"url": addresses.picture(notice.number, pk), "media_type": kind, "alt": alt}
            for pk, kind, alt in pictures
        ],
        put_right_by=addresses.page_of_notice(correction.number) if correction else "",
    )


@system("a page that tells how many follow, never who")
def follower_count(*, unit_id: UUID) -> int:
    """Return how many follow the unit from other servers."""
    return Follower.objects.filter(unit_id=unit_id).count()


@system("what came is about somebody who follows, or is dropped")
def follows(*, actor: str, unit_id: UUID) -> bool:
    """True when the actor follows the unit."""
    known = sealing.hash_of(actor)
    return Follower.objects.filter(unit_id=unit_id, actor_hash=known).exists()


@system("a reform is prepared by whoever manages the units: only how many")
def counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many follow each of these units from other servers; units that nobody follows are left out."""
    found = Follower.objects.filter(unit_id__in=unit_ids).order_by().values_list("unit_id")
    return dict(found.annotate(n=Count("pk")))


@system("the worker tells other servers")
def due(*, at: datetime) -> QuerySet[Delivery]:
    """Return what is to be sent now."""
    return Delivery.objects.filter(not_before__lte=at, sent_at=None, given_up_at=None)
