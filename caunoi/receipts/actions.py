"""Writes about what became of a notice: declared posts, readings, acknowledgements, links that count, reminders."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from caunoi.channels.models import Channel
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.notices.models import Notice
from caunoi.outbox import actions as sending
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import NotNow
from caunoi.receipts import board, queries, words
from caunoi.receipts.models import Acknowledgement, Reading, Reminder, ShortLink
from caunoi.receipts.terms import (
    AIRED_ON,
    InTheFuture,
    NoOtherChannel,
    NotAsked,
    NotHanded,
    NotSentYet,
    NotUncertain,
    NotYourUnit,
    ReadingKind,
    WhyNot,
)
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.terms import UnitNow

CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 7
SLACK = timedelta(minutes=5)
"""How far a phone's clock may be ahead of ours."""


@transaction.atomic
def declare_posted(
    *,
    send: OutboundMessage,
    by: Viewer,
    at: datetime,
    permalink: str = "",
    aired_at: datetime | None = None,
) -> OutboundMessage:
    """A person of the unit says that she posted it, or aired it; the board shows who said so and when, never more.

    permalink  where it can be seen, if the group has addresses
    aired_at   for a loudspeaker: when it was read; it becomes a reading of the notice too
    Raises NotYourUnit, NotHanded, InTheFuture
    """
    _check_tells(send.channel.unit_id, by, at)
    try:
        done = outbox.declare_posted(message=send, by=by, at=at, permalink=permalink)
    except NotNow as error:
        raise NotHanded(
            "This was already answered, or it does not wait at a person any more."
        ) from error
    notice = Notice.objects.filter(pk=send.reference.removeprefix("notice:")).first()
    if send.channel.connector_key == AIRED_ON and notice is not None:
        _keep_reading(
            notice, send.channel.unit_id, ReadingKind.AIRED, aired_at or at, by, at, None, ""
        )
    return done


@transaction.atomic
def declare_not_posted(
    *, send: OutboundMessage, why: WhyNot, by: Viewer, at: datetime, note: str = ""
) -> OutboundMessage:
    """A person of the unit says that it cannot be posted, and why. Raises NotYourUnit, NotHanded."""
    _check_tells(send.channel.unit_id, by, at)
    note = " ".join(clean(note).replace("[", "(").replace("]", ")").split())[:60]
    reason = words.WHY_NOT[why] + (f" [{note}]" if note else "")
    try:
        return outbox.declare_not_posted(message=send, reason=reason, by=by, at=at)
    except NotNow as error:
        raise NotHanded(
            "This was already answered, or it does not wait at a person any more."
        ) from error


@transaction.atomic
def tell_reading(
    *,
    notice: Notice,
    unit_id: UUID,
    kind: ReadingKind,
    read_at: datetime,
    by: Viewer,
    at: datetime,
    households: int | None = None,
    note: str = "",
) -> Reading:
    """Keep that the notice was aired, read out or put on a board in the unit; the same told twice is kept once.

    households  how many heard it, 1 to 10,000, if somebody counted
    Raises NotYourUnit, NotSentYet, InTheFuture
    """
    _check_tells(unit_id, by, at)
    _check_out(notice)
    return _keep_reading(notice, unit_id, kind, read_at, by, at, households, note)


def _keep_reading(
    notice: Notice,
    unit_id: UUID,
    kind: ReadingKind,
    read_at: datetime,
    by: Viewer,
    at: datetime,
    households: int | None,
    note: str,
) -> Reading:
    if read_at > at + SLACK:
        raise InTheFuture("This lies in the future; write it down when it has happened.")
    reading, new = Reading.objects.get_or_create(
        notice=notice,
        unit_id=unit_id,
        kind=kind.value,
        at=read_at,
        defaults={
            "by_id": by.account_id,
            "said_at": at,
            "households": households,
            "note": clean(note).strip()[:200],
        },
    )
    if new:
        audit.record(
            "receipts.reading.told",
            on=reading,
            by=by,
            at=at,
            unit_id=unit_id,
            after={"kind": kind.value, "at": read_at},
        )
    return reading


def note_seen(*, notice: Notice, by: Viewer, at: datetime) -> list[Acknowledgement]:
    """Keep that a colleague opened a notice that is for her units, once each. -> one row a unit; none where she is not asked."""
    asked = queries.units_asked(by, notice=notice, on=clock.local_date(at))
    Acknowledgement.objects.bulk_create(
        [
            Acknowledgement(notice=notice, account_id=by.account_id, unit_id=u, seen_at=at)
            for u in asked
        ],
        ignore_conflicts=True,
    )
    found = Acknowledgement.objects.filter(
        notice=notice, account_id=by.account_id, unit_id__in=asked
    )
    return list(found.order_by("pk"))


@transaction.atomic
def acknowledge(*, notice: Notice, by: Viewer, at: datetime) -> list[Acknowledgement]:
    """A colleague says that she read it, for each of her units that are asked; the first time counts.

    Raises NotAsked, NotSentYet
    """
    _check_out(notice)
    rows = note_seen(notice=notice, by=by, at=at)
    if not rows:
        raise NotAsked("This notice does not ask your unit for an acknowledgement.")
    fresh = [row for row in rows if row.acknowledged_at is None]
    for row in fresh:
        row.acknowledged_at = at
        row.save(update_fields=["acknowledged_at"])
    if fresh:
        audit.record(
            "receipts.notice.acknowledged", on=notice, by=by, at=at, unit_id=fresh[0].unit_id
        )
    return rows


def make_links(*, notice: Notice, channels: Iterable[Channel]) -> dict[UUID, str]:
    """Give each of these channels a short address of the notice. -> code by channel; one that has one keeps it."""
    wanted = {c.pk: c for c in channels}
    found = ShortLink.objects.filter(notice=notice, channel_id__in=wanted)
    known = dict(found.values_list("channel_id", "code"))
    ShortLink.objects.bulk_create(
        [
            ShortLink(code=_code(), notice=notice, channel=c, connector_key=c.connector_key)
            for pk, c in wanted.items()
            if pk not in known
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return dict(found.all().values_list("channel_id", "code"))


def give_links(*, sends: Iterable[OutboundMessage]) -> None:
    """Give each send that is taken to a group by a person a short address of its notice, unless it has one."""
    wanted = {(UUID(s.reference.removeprefix("notice:")), s.channel_id): s.channel for s in sends}
    found = ShortLink.objects.filter(
        notice_id__in={n for n, _c in wanted}, channel_id__in={c for _n, c in wanted}
    )
    known = set(found.values_list("notice_id", "channel_id"))
    ShortLink.objects.bulk_create(
        [
            ShortLink(
                code=_code(), notice_id=n, channel=channel, connector_key=channel.connector_key
            )
            for (n, c), channel in wanted.items()
            if (n, c) not in known and channel.connector_key != AIRED_ON
        ],
        ignore_conflicts=True,
    )


def make_link(*, notice: Notice, connector_key: str) -> str:
    """Give a kind of channel one short address of the notice, for words that many channels share. -> its code."""
    link, _new = ShortLink.objects.get_or_create(
        notice=notice, connector_key=connector_key, channel=None, defaults={"code": _code()}
    )
    return link.code


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def count_opened(*, code: str) -> None:
    """Count that a link was opened: one more, and nothing of who it was or when."""
    ShortLink.objects.filter(code=code).update(opened_total=F("opened_total") + 1)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What came of reminding: units reminded now, and those that had been today."""

    now: int
    before: int


@transaction.atomic
def remind(*, notice: Notice, unit_ids: Collection[UUID], by: Viewer, at: datetime) -> Reminded:
    """Remind units of a notice, each at most once a calendar day; letters to who tells there follow. Raises NotYourUnit, NotSentYet."""
    _check_out(notice)
    on = clock.local_date(at)
    paths = heirs.places_of(unit_ids=unit_ids, on=on)
    if not paths or not all(by.may(Permission.NOTICES_WRITE, p) for p, _name in paths.values()):
        raise NotYourUnit("The unit lies outside what you may tell of.")
    before = Reminder.objects.filter(notice=notice, unit_id__in=paths, on_date=on)
    done = set(before.values_list("unit_id", flat=True))
    fresh = [u for u in paths if u not in done]
    Reminder.objects.bulk_create(
        [Reminder(notice=notice, unit_id=u, by_id=by.account_id, at=at, on_date=on) for u in fresh],
        ignore_conflicts=True,
        batch_size=1000,
    )
    if fresh:
        audit.record(
            "receipts.units.reminded",
            on=notice,
            by=by,
            at=at,
            unit_id=notice.unit_id,
            after={"units": len(fresh)},
        )
    return Reminded(len(fresh), len(done))


@transaction.atomic
def resend(*, notice: Notice, unit_id: UUID, channel_pk: UUID, by: Viewer, at: datetime) -> Channel:
    """Let the notice go out through another channel of a unit, in the words of its newest send. -> that channel.

    Raises NotYourUnit, NotSentYet, NoOtherChannel
    """
    _check_out(notice)
    place = _place(unit_id, by, at)
    free = queries.other_channels(by, notice=notice, unit=place)
    channel = next((c for c in free if c.pk == channel_pk), None)
    said = queries.words_for(by, notice=notice, unit=place)
    if channel is None or said is None:
        raise NoOtherChannel("The unit has no other channel that did not get this notice yet.")
    outbox.queue_publications(
        content=said,
        channels=[channel],
        key_prefix=f"{board.reference_of(notice)}:{notice.version}",
        reference=board.reference_of(notice),
        at=at,
    )
    audit.record(
        "receipts.notice.resent",
        on=notice,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"channel": channel.pk},
    )
    return channel


@transaction.atomic
def decide(
    *, notice: Notice, unit_id: UUID, send_pk: UUID, arrived: bool, by: Viewer, at: datetime
) -> OutboundMessage:
    """A person looked at the channel: an uncertain send of the notice is there, or it is not and is sent again under its own key.

    Raises NotYourUnit, NotUncertain
    """
    place = _place(unit_id, by, at)
    sends = queries.sends_of(by, notice=notice, unit=place)
    send = next((s for s in sends if s.pk == send_pk), None)
    if send is None:
        raise NotUncertain("This send is no longer uncertain.")
    try:
        sending.decide_uncertain(message=send, arrived=arrived, by=by, at=at)
    except NotNow as error:
        raise NotUncertain("This send is no longer uncertain.") from error
    return send


def _place(unit_id: UUID, by: Viewer, at: datetime) -> UnitNow:
    """Return the unit, as it last was when it has ended. Raises NotYourUnit unless she writes there, or where it was taken over."""
    on = clock.local_date(at)
    found = units.latest(unit_id=unit_id, on=on)
    there = heirs.places_of(unit_ids=[unit_id], on=on).get(unit_id)
    if found is None or there is None or not by.may(Permission.NOTICES_WRITE, there[0]):
        raise NotYourUnit("The unit lies outside what you may tell of.")
    return found


def _check_tells(unit_id: UUID, by: Viewer, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.NOTICES_DECLARE, path):
        raise NotYourUnit("The unit lies outside what you may tell of.")


def _check_out(notice: Notice) -> None:
    if notice.state not in queries.OUT:
        raise NotSentYet("The notice has not been sent out yet.")
