"""Writes about followers elsewhere. Nothing is audited: who follows what is nobody's business, and nothing is decided."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from procrastinate.contrib.django import app

from caunoi.fediverse import addresses, queries, rules, sealing
from caunoi.fediverse.models import Activity, Delivery, Follower, Inbox
from caunoi.fediverse.terms import CONTEXT, KEPT_DAYS, Kind, Remote
from caunoi.notices.models import Notice
from caunoi.notices.terms import Audience
from caunoi.units import queries as units

SEND_TASK, SEND_LOCK = "fediverse.send", "fediverse.send_due"
TO_ALL = """
INSERT INTO fediverse_delivery (activity_id, inbox_id, not_before, attempts)
SELECT DISTINCT %(activity)s::uuid, f.inbox_id, %(at)s::timestamptz, 0 FROM fediverse_follower f WHERE f.unit_id = %(unit)s
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def follow(
    *, unit_id: UUID, slug: str, remote: Remote, asked: dict[str, Any], at: datetime
) -> Follower:
    """Keep that the actor follows the unit, and queue the answer that says so. Idempotent; asked again it is answered again.

    remote  as its own server described it, its signature checked
    asked   the Follow as it came
    """
    inbox = _inbox(remote.told_at)
    found, _new = Follower.objects.update_or_create(
        unit_id=unit_id,
        actor_hash=sealing.hash_of(remote.id),
        defaults={"inbox": inbox},
        create_defaults={"inbox": inbox, "since": at},
    )
    thing = {
        "id": rules.id_of(asked),
        "type": "Follow",
        "actor": remote.id,
        "object": addresses.actor(slug),
    }
    accept = _keep(Kind.ACCEPT, f"accept:{uuid.uuid4().hex}", unit_id, slug, thing, at)
    Delivery.objects.create(activity=accept, inbox=_inbox(remote.inbox), not_before=at)
    _send_soon()
    return found


@transaction.atomic
def unfollow(*, actor: str, unit_id: UUID | None = None) -> int:
    """Erase that the actor follows the unit, or (None) anything at all. -> how many. Idempotent."""
    found = Follower.objects.filter(actor_hash=sealing.hash_of(actor))
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    ended = found.delete()[0]
    _erase_empty()
    return ended


@transaction.atomic
def announce(*, notice: Notice, at: datetime) -> None:
    """Let followers elsewhere be told of a notice that goes out now; what it puts right is changed there. By a job of the same transaction.

    Nothing is told while the setting is off, and internal notices never. Idempotent by notice
    """
    if not settings.FEDIVERSE or notice.audience != Audience.PUBLIC:
        return
    _tell(Kind.CREATE, notice, queries.note_of(notice=notice), at)
    if notice.corrects and notice.corrects.audience == Audience.PUBLIC:
        old = notice.corrects
        _tell(Kind.UPDATE, old, queries.note_of(notice=old), at)


@transaction.atomic
def announce_recall(*, notice: Notice, at: datetime) -> None:
    """Let other servers take away a notice that was recalled. Idempotent by notice."""
    if settings.FEDIVERSE and Activity.objects.filter(key=f"Create:{notice.number}").exists():
        _tell(Kind.DELETE, notice, rules.tombstone(addresses.note(notice.number)), at)


@transaction.atomic
def move_followers(*, unit_id: UUID, to_unit_id: UUID | None, at: datetime) -> int:
    """Tell followers elsewhere who took over: their servers follow the successor by themselves. Nobody (None): they are forgotten.

    -> how many are asked to move. Idempotent
    """
    count = queries.counts(unit_ids=[unit_id]).get(unit_id, 0)
    slugs = units.slugs_of(unit_ids=[u for u in (unit_id, to_unit_id) if u])
    if to_unit_id is None or not settings.FEDIVERSE:
        Follower.objects.filter(unit_id=unit_id).delete()
        _erase_empty()
        return 0
    if count:
        old, new = addresses.actor(slugs[unit_id]), addresses.actor(slugs[to_unit_id])
        key = f"move:{unit_id.hex[:20]}:{to_unit_id.hex[:20]}"
        move = _keep(Kind.MOVE, key, unit_id, slugs[unit_id], old, at, target=new)
        _to_all(move, at)
    return count


def _tell(kind: Kind, notice: Notice, thing: dict[str, Any], at: datetime) -> None:
    # the same notice is put right or taken away as often as that happens
    version = f":{at:%Y%m%d%H%M%S}" if kind == Kind.UPDATE else ""
    slug = units.slugs_of(unit_ids=[notice.unit_id])[notice.unit_id]
    told = _keep(kind, f"{kind}:{notice.number}{version}", notice.unit_id, slug, thing, at)
    _to_all(told, at)


def _keep(
    kind: Kind, key: str, unit_id: UUID, slug: str, thing: object, at: datetime, **more: object
) -> Activity:
    found = Activity.objects.filter(key=key).first()
    if found is not None:
        return found
    new_id, actor = uuid.uuid4(), addresses.actor(slug)
    said = rules.activity(
        kind, activity_id=f"{actor}#{new_id.hex}", actor=actor, thing=thing, **more
    )
    body = json.dumps({"@context": CONTEXT} | said, ensure_ascii=False)
    return Activity.objects.create(
        pk=new_id,
        unit_id=unit_id,
        kind=kind.value,
        key=key,
        sealed_body=sealing.seal(body, context=f"activity:{new_id}"),
        made_at=at,
    )


def _to_all(activity: Activity, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TO_ALL, {"activity": activity.pk, "at": at, "unit": activity.unit_id})
        told = cursor.rowcount
    if told:
        _send_soon()


def _send_soon() -> None:
    app.configure_task(SEND_TASK, lock=SEND_LOCK).defer()


def _inbox(address: str) -> Inbox:
    new_id = uuid.uuid4()
    made = {"pk": new_id, "sealed_address": sealing.seal(address, context=f"inbox:{new_id}")}
    return Inbox.objects.get_or_create(address_hash=sealing.hash_of(address), defaults=made)[0]


@transaction.atomic
def forget_inbox(*, inbox_id: UUID) -> None:
    """Erase an inbox that its server says is gone, and everybody who was told there. Idempotent."""
    Inbox.objects.filter(pk=inbox_id).delete()
    _erase_empty()


def forget_old(*, at: datetime) -> int:
    """Erase what was told three months ago, and inboxes nobody needs. -> how many activities."""
    old = Activity.objects.filter(made_at__lt=at - timedelta(days=KEPT_DAYS))
    ended = old.delete()[1].get("fediverse.Activity", 0)
    _erase_empty()
    return ended


def _erase_empty() -> None:
    followed = Follower.objects.filter(inbox=OuterRef("pk"))
    waits = Delivery.objects.filter(inbox=OuterRef("pk"), sent_at=None, given_up_at=None)
    Inbox.objects.exclude(Exists(followed)).exclude(Exists(waits)).delete()
