"""Lists of telephone numbers of people who asked a unit for text messages: sealed, counted, shown by their ending only."""

import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from caunoi.channels import registry
from caunoi.channels.contract import Capability
from caunoi.channels.models import Channel, ListedNumber
from caunoi.kit import audit, keyring
from caunoi.kit.viewing import Viewer, system

SALT = b"caunoi.channels.numbers"
MOBILE = re.compile(r"(?:\+?84|0)([35789]\d{8})")
BETWEEN = re.compile(r"[\s().-]+")
AT_ONCE = 2_000
"""Numbers put on a list in one step."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the lines: new on the list, there already, and which lines are no mobile number (counted from 1)."""

    new: int
    known: int
    bad_lines: tuple[int, ...]


@transaction.atomic
def add_numbers(*, channel: Channel, text: str, by: Viewer | None, at: datetime) -> Added:
    """Put the numbers, one a line, on the channel's list. A number is there once, however it is written.

    Not done here  knowing that each person asked for it: whoever adds them says so
    """
    wanted: dict[bytes, str] = {}
    bad: list[int] = []
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        number = normal(line)
        if number is None:
            bad.append(place)
        else:
            wanted[hash_of(channel, number)] = number
    known_rows = channel.numbers.filter(number_hash__in=wanted)
    known_rows.filter(confirmed_at=None).update(confirmed_at=at, code_hash=None)
    there = {bytes(h) for h in known_rows.values_list("number_hash", flat=True)}
    ring = keyring.load()
    fresh = [
        ListedNumber(
            channel=channel,
            sealed_number=ring.seal(number, context=context_of(channel)),
            number_hash=known,
            ending=number[-3:],
            asked_at=at,
            confirmed_at=at,
        )
        for known, number in wanted.items()
        if known not in there
    ]
    ListedNumber.objects.bulk_create(fresh, ignore_conflicts=True)
    _note("channels.numbers.added", channel, len(fresh), by, at)
    return Added(len(fresh), len(there), tuple(bad))


@transaction.atomic
def erase_number(*, channel: Channel, text: str, by: Viewer | None, at: datetime) -> bool:
    """Take a number off the list for good, whole as the person says it. -> whether it was there."""
    number = normal(text)
    if number is None:
        return False
    gone, _each = channel.numbers.filter(number_hash=hash_of(channel, number)).delete()
    if gone:
        _note("channels.numbers.erased", channel, gone, by, at)
    return bool(gone)


@transaction.atomic
def take_off(*, channel: Channel, number: str, at: datetime) -> int:
    """Take a number whose owner wrote STOP off every list of the same sender: she sees the sender's name only. -> off how many"""
    lists = same_sender(channel=channel)
    return sum(erase_number(channel=one, text=number, by=None, at=at) for one in lists)


@transaction.atomic
def pass_lists(into: Mapping[UUID, Channel], *, at: datetime) -> int:
    """Put the numbers of lists that end on the lists that take them in; who stands there already stands there once. Idempotent.

    into  by channel that ends, the one that takes over. Who has not said yes yet is left behind. -> how many went on
    Raises KeyringError
    """
    wanted = ListedNumber.objects.filter(channel_id__in=list(into)).exclude(confirmed_at=None)
    rows = wanted.select_for_update(of=("self",)).select_related("channel").order_by("pk")
    ring, fresh, left = keyring.load(), [], []
    counted: dict[UUID, int] = {}
    for row in rows.iterator(chunk_size=AT_ONCE):
        to = into[row.channel_id]
        number = ring.open(row.sealed_number, context=context_of(row.channel))
        fresh.append(
            ListedNumber(
                channel=to,
                sealed_number=ring.seal(number, context=context_of(to)),
                number_hash=hash_of(to, number),
                ending=row.ending,
                asked_at=row.asked_at,
                confirmed_at=row.confirmed_at,
            )
        )
        left.append(row.pk)
        counted[to.pk] = counted.get(to.pk, 0) + 1
    ListedNumber.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=AT_ONCE)
    ListedNumber.objects.filter(pk__in=left).delete()
    for to in {c.pk: c for c in into.values()}.values():
        if counted.get(to.pk):
            _note("channels.numbers.passed", to, counted[to.pk], None, at)
    return len(left)


@transaction.atomic
def reseal(*, at: datetime) -> int:
    """Seal every number with the newest key; -> how many changed. Safe to repeat."""
    ring, count = keyring.load(), 0
    for row in ListedNumber.objects.select_for_update().select_related("channel").iterator():
        if ring.is_newest(row.sealed_number):
            continue
        context = context_of(row.channel)
        row.sealed_number = ring.seal(
            ring.open(row.sealed_number, context=context), context=context
        )
        row.save(update_fields=["sealed_number"])
        count += 1
    return count


def normal(text: str) -> str | None:
    """Return a mobile number of Việt Nam as carriers write it (84912345678), None for anything else."""
    found = MOBILE.fullmatch(BETWEEN.sub("", text.strip()))
    return f"84{found[1]}" if found else None


@system("a carrier names the sender, not which of its lists")
def same_sender(*, channel: Channel) -> list[Channel]:
    """Return the channels that bear the sender's name of this one, itself included."""
    sender = channel.external_id.partition("/")[0]
    same = Q(external_id=sender) | Q(external_id__startswith=f"{sender}/")
    return list(Channel.objects.filter(same, connector_key=channel.connector_key).order_by("pk"))


def numbers_of(viewer: Viewer, *, channel: Channel) -> QuerySet[ListedNumber]:
    """Return the list of a channel the viewer looks after, newest first; nothing of it is opened."""
    del viewer
    found = channel.numbers.defer("sealed_number", "number_hash", "code_hash")
    return found.exclude(confirmed_at=None).order_by("-asked_at", "-pk")


@system("a publication goes to each number of a list")
def listed(*, channels: Collection[Channel]) -> Mapping[UUID, list[int]]:
    """Return, for the channels among these that have a list, what stands for each number on it."""
    kinds = registry.kinds_that(Capability.LISTED_NUMBERS)
    found: dict[UUID, list[int]] = {c.pk: [] for c in channels if c.connector_key in kinds}
    if found:
        rows = ListedNumber.objects.filter(channel_id__in=found).exclude(confirmed_at=None)
        rows = rows.order_by("pk")
        for channel_id, ref in rows.values_list("channel_id", "pk"):
            found[channel_id].append(ref)
    return found


@system("the one send that goes there needs the number")
def open_number(*, channel: Channel, ref: str) -> str | None:
    """Return the number behind a reference; None when it was taken off the list. Raises KeyringError."""
    row = channel.numbers.filter(pk=int(ref)).first() if ref.isdigit() else None
    if row is None:
        return None
    return keyring.load().open(row.sealed_number, context=context_of(channel))


def hash_of(channel: Channel, number: str) -> bytes:
    secret = sha256(SALT + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, f"{channel.pk}:{number}".encode(), "sha256")


def context_of(channel: Channel) -> str:
    return f"number:{channel.pk}"


def _note(what: str, channel: Channel, count: int, by: Viewer | None, at: datetime) -> None:
    audit.record(what, on=channel, by=by, at=at, unit_id=channel.unit_id, after={"numbers": count})
