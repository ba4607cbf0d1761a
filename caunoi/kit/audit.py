"""Write and check the audit trail. One public action writes one row, in its own transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models

from caunoi.kit.models import AuditEntry, AuditHead

GENESIS = b"\x00" * 32


class Actor(Protocol):
    """Whoever acts: a signed-in person (``Viewer``)."""

    @property
    def account_id(self) -> int: ...

    @property
    def name(self) -> str: ...


def record(
    event: str,
    *,
    on: models.Model,
    at: datetime,
    by: Actor | None = None,
    unit_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry: ``event`` is dotted and past tense (``cases.case.referred``).

    by             None when the system acted by itself
    before, after  only the fields that changed; never the text of a message or a secret
    Not done here  the chain: the database links the row at commit
    """
    written = entry(event, on=on, at=at, by=by, unit_id=unit_id, before=before, after=after)
    written.save(force_insert=True)
    return written


def record_all(entries: Sequence[AuditEntry]) -> None:
    """Append many entries, as ``entry`` makes them, in one statement; the chain links them in this order."""
    AuditEntry.objects.bulk_create(entries)


def entry(
    event: str,
    *,
    on: models.Model,
    at: datetime,
    by: Actor | None = None,
    unit_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Return what ``record`` would append, not stored."""
    return AuditEntry(
        event=event,
        at=at,
        actor_id=by.account_id if by else None,
        actor_name=by.name if by else "",
        unit_id=unit_id,
        object_type=on._meta.label_lower,
        object_id=str(on.pk),
        before=_plain(before or {}),
        after=_plain(after or {}),
    )


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    def one(value: Any) -> Any:
        if isinstance(value, datetime | date):
            return value.isoformat()
        if isinstance(value, UUID):
            return str(value)
        if isinstance(value, models.Model):
            return str(value.pk)
        return value

    return {k: one(v) for k, v in fields.items()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found; ``broken_at`` is the first wrong number, or None."""

    entries: int
    head: str
    broken_at: int | None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def verify() -> Verdict:
    """Walk the whole chain and recompute each link; finds an edit, a deletion, an insertion, a swap or a cut-off end."""
    head = AuditHead.objects.get(pk=1)
    previous, expected, count = GENESIS, 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, hash, kit_audit_canonical(a) FROM kit_auditentry a"
            " WHERE seq IS NOT NULL ORDER BY seq"
        )
        while rows := cursor.fetchmany(5000):
            for seq, stored, canonical in rows:
                expected += 1
                previous = hashlib.sha256(previous + canonical.encode()).digest()
                if seq != expected:
                    return Verdict(count, "", expected, "missing or inserted entry")
                if bytes(stored) != previous:
                    return Verdict(count, "", seq, "changed entry")
                count += 1
    if head.seq != count or bytes(head.hash) != previous:
        return Verdict(count, previous.hex(), count + 1, "the end was cut off")
    return Verdict(count, previous.hex(), None)
