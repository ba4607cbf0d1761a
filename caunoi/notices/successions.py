"""A unit ends while notices of its wait: each goes out in the successor's name, or not at all. What was published stays as it was."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext_noop

from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer, system
from caunoi.notices import queries, rules
from caunoi.notices.models import AudienceGroup, Decision, LanguageReader, Notice
from caunoi.notices.terms import NoticeState, NotYourNotice, Verdict
from caunoi.units import heirs as places
from caunoi.units import queries as units

WAITING = [
    s.value
    for s in (NoticeState.DRAFT, NoticeState.REVIEW, NoticeState.APPROVED, NoticeState.SCHEDULED)
]
APPROVED = (NoticeState.APPROVED.value, NoticeState.SCHEDULED.value)
ENDED = "Đơn vị ra thông báo đã kết thúc."
"""Content, so Vietnamese."""
NOBODY_LEFT = gettext_noop(
    "The units it was for have ended. Choose again who gets it, then hand it in."
)
NO_HEIR = gettext_noop(
    "The unit that wrote it has ended and nobody is known to have taken over. Decide whether your unit says it."
)


@system("a reform is prepared by whoever manages the units")
def held_by(*, unit_ids: Collection[UUID]) -> list[Notice]:
    """Return the notices of these units that are not published yet, by the time they go out."""
    found = Notice.objects.filter(unit_id__in=unit_ids, state__in=WAITING)
    return list(found.order_by("publish_at", "pk"))


@transaction.atomic
def pass_notices(heirs: Mapping[UUID, UUID | None], *, at: datetime) -> int:
    """Let successors give these notices out at the same time, or (None) cancel them. -> how many changed. Idempotent.

    heirs  by notice, the unit that takes over; one that went out stays. What too few have approved for the unit that says it now
           waits for the next approval. The statements stay as many whatever their number
    """
    locked = Notice.objects.select_for_update(of=("self",), no_key=True)
    waiting = locked.filter(pk__in=list(heirs), state__in=WAITING).order_by("pk")
    lacking = _lacking(heirs, at)
    changed, told = [], []
    for notice in waiting.only("unit_id", "state", "ended_at", "end_reason"):
        to = heirs[notice.pk]
        if notice.unit_id == to:
            continue
        before = {"unit": notice.unit_id, "state": notice.state}
        if to is not None:
            notice.unit_id = to
            notice.state = _state_at(notice, lacking)
        else:
            notice.state, notice.ended_at = NoticeState.CANCELLED.value, at
            notice.end_reason = ENDED
        changed.append(notice)
        told.append(
            audit.entry(
                "notices.notice.passed",
                on=notice,
                at=at,
                unit_id=notice.unit_id,
                before=before,
                after={"unit": notice.unit_id, "state": notice.state},
            )
        )
    Notice.objects.bulk_update(changed, ["unit", "state", "ended_at", "end_reason"])
    audit.record_all(told)
    return len(changed)


def _lacking(heirs: Mapping[UUID, UUID | None], at: datetime) -> set[UUID]:
    """Return the notices that fewer persons approved than the unit needs which takes them over."""
    known = units.many_as_of(unit_ids={to for to in heirs.values() if to}, on=clock.local_date(at))
    needed = {pk: rules.approvals_needed(unit.level) for pk, unit in known.items()}
    agreed = Decision.objects.filter(
        notice_id__in=list(heirs),
        verdict=Verdict.APPROVE,
        version=F("notice__version"),
        at__gte=F("notice__handed_in_at"),
    )
    have = dict(agreed.order_by().values_list("notice_id").annotate(n=Count("pk")))
    return {pk for pk, to in heirs.items() if to and have.get(pk, 0) < needed.get(to, 0)}


def _state_at(notice: Notice, lacking: Collection[UUID]) -> str:
    waits = notice.state in APPROVED and notice.pk in lacking
    return NoticeState.REVIEW.value if waits else notice.state


@transaction.atomic
def ready_to_speak(*, notice: Notice, at: datetime) -> bool:
    """See to it, before it goes out, that somebody speaks and somebody listens. -> False when it waits at a person instead.

    A unit that ended since is spoken for by its successor; without one the nearest unit above gets the notice as a draft.
    One whose audience has ended altogether comes back as a draft. Both say why (``end_reason``). Nothing is lost.
    """
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if found.state not in WAITING:
        return True
    on = clock.local_date(at)
    speaker = queries.speaker_of(unit_id=found.unit_id, on=on)
    if speaker is None:
        _give_back(found, NO_HEIR, unit_id=_above(found.unit_id, at), at=at)
        return False
    if speaker != found.unit_id:
        pass_notices({found.pk: speaker}, at=at)
        found.refresh_from_db(fields=["unit", "state"])
        if found.state == NoticeState.REVIEW:
            return False
    if not queries.audience_units(notice=found, on=on).exists():
        _give_back(found, NOBODY_LEFT, unit_id=speaker, at=at)
        return False
    return True


def _above(unit_id: UUID, at: datetime) -> UUID:
    """Return the nearest living unit above where the unit stood last; itself when there is none."""
    on = clock.local_date(at)
    last = units.latest(unit_id=unit_id, on=on)
    above = [UUID(label) for label in last.path.split(".")[:-1]] if last else []
    alive = units.paths_of(unit_ids=above, on=on)
    return next((i for i in reversed(above) if i in alive), unit_id)


@transaction.atomic
def take_over(*, notice: Notice, by: Viewer, at: datetime) -> Notice:
    """Let the unit that stands for an ended one say what it left waiting, as ``pass_notices`` does. Raises NotYourNotice."""
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    on = clock.local_date(at)
    path = places.desk_of(unit_id=found.unit_id, on=on)
    if path is None or not queries.may_take_over(by, notice=found, on=on):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    before = {"unit": found.unit_id, "state": found.state}
    found.unit_id = UUID(path.split(".")[-1])
    found.state = _state_at(found, _lacking({found.pk: found.unit_id}, at))
    found.save(update_fields=["unit", "state"])
    audit.record(
        "notices.notice.passed",
        on=found,
        by=by,
        at=at,
        unit_id=found.unit_id,
        before=before,
        after={"unit": found.unit_id, "state": found.state},
    )
    return found


def _give_back(notice: Notice, reason: str, *, unit_id: UUID, at: datetime) -> None:
    before = {"unit": notice.unit_id, "state": notice.state}
    notice.unit_id, notice.state, notice.end_reason = unit_id, NoticeState.DRAFT.value, reason
    notice.save(update_fields=["unit", "state", "end_reason"])
    audit.record(
        "notices.notice.waits",
        on=notice,
        at=at,
        unit_id=unit_id,
        before=before,
        after={"unit": unit_id, "state": notice.state, "reason": reason},
    )


@system("a reform is prepared by whoever manages the units: only how many")
def group_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many audiences each of these units keeps under a name; units without are left out."""
    found = AudienceGroup.objects.filter(unit_id__in=unit_ids).order_by().values_list("unit_id")
    return dict(found.annotate(n=Count("pk")))


@transaction.atomic
def pass_groups(heirs: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Let the successors keep these units' audiences; a name that is taken there gets a number. -> how many. Idempotent.

    heirs  by unit that ends, the one that takes over. Who is meant is looked up anew whenever an audience is used
    """
    held = AudienceGroup.objects.select_for_update(of=("self",), no_key=True)
    rows = list(held.filter(unit_id__in=list(heirs)).order_by("pk"))
    there = AudienceGroup.objects.filter(unit_id__in=set(heirs.values()))
    taken = set(there.values_list("unit_id", "name"))
    told = []
    for row in rows:
        before, row.unit_id = row.unit_id, heirs[row.unit_id]
        row.name = _free(row.name, row.unit_id, taken)
        taken.add((row.unit_id, row.name))
        told.append(
            audit.entry(
                "notices.group.passed",
                on=row,
                at=at,
                unit_id=row.unit_id,
                before={"unit": before},
                after={"unit": row.unit_id},
            )
        )
    AudienceGroup.objects.bulk_update(rows, ["unit", "name"])
    audit.record_all(told)
    return len(rows)


@system("a reform is prepared by whoever manages the units: only how many")
def reader_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many people are named in each of these units as speaking a language; units without are left out."""
    found = LanguageReader.objects.filter(unit_id__in=unit_ids).order_by().values_list("unit_id")
    return dict(found.annotate(n=Count("pk")))


@transaction.atomic
def pass_readers(heirs: Mapping[UUID, UUID], *, at: datetime) -> int:
    """Let those who speak a language speak it for the successors; who is named there already is named once. Idempotent.

    heirs  by unit that ends, the one that takes over. -> how many went on
    """
    locked = LanguageReader.objects.select_for_update(of=("self",), no_key=True)
    rows = list(locked.filter(unit_id__in=list(heirs)).order_by("named_at", "pk"))
    there = LanguageReader.objects.filter(unit_id__in=set(heirs.values()))
    named = set(there.values_list("account_id", "unit_id", "language"))
    going: list[LanguageReader] = []
    twice: list[LanguageReader] = []
    told = []
    for row in rows:
        before, row.unit_id = row.unit_id, heirs[row.unit_id]
        same = (row.account_id, row.unit_id, row.language)
        (twice if same in named else going).append(row)
        named.add(same)
        told.append(
            audit.entry(
                "notices.reader.passed",
                on=row,
                at=at,
                unit_id=row.unit_id,
                before={"unit": before},
                after={"unit": row.unit_id},
            )
        )
    LanguageReader.objects.filter(pk__in=[row.pk for row in twice]).delete()
    LanguageReader.objects.bulk_update(going, ["unit"])
    audit.record_all(told)
    return len(going)


def _free(name: str, unit_id: UUID, taken: Collection[tuple[UUID, str]]) -> str:
    found, n = name, 1
    while (unit_id, found) in taken:
        n += 1
        found = f"{name[:110]} ({n})"
    return found
