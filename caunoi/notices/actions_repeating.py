"""Sending a notice again and again: choosing the rhythm, stopping it, and what the worker does when a moment has come.

Each time is a notice of its own, with its own sends and its own proof; the page of the one before leads to it.
"""

import logging
import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer
from caunoi.notices import actions, queries, repetitions, rhythm
from caunoi.notices.languages import VariantState
from caunoi.notices.models import AudienceLine, Notice, NoticeVersion, Repetition, Wording
from caunoi.notices.rhythm import Rhythm
from caunoi.notices.terms import NoticeState, NotYourNotice, WrongState
from caunoi.notices.variant_models import VariantContent
from caunoi.staff.terms import Permission

S = NoticeState
WENT_OUT = (S.SENDING, S.DONE, S.EXPIRED)
AT_ONCE = 50
UNIT_ENDED = gettext_noop("The unit ended, and nobody is known to have taken over from it.")
TOO_LATE = gettext_noop("Its last time had passed before it could go out.")
log = logging.getLogger("caunoi.notices")


@transaction.atomic
def set_rhythm(*, notice: Notice, rhythm: Rhythm | None, by: Viewer, at: datetime) -> Notice:
    """Say in which rhythm a draft goes out; None: once. The same again is not put on record.

    Raises NotYourNotice, WrongState
    """
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if not queries.may_edit(by, notice=found, on=clock.local_date(at)):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    actions.must_be(found, S.DRAFT)
    if repetitions.keep(found, rhythm):
        every = rhythm.every.value if rhythm else None
        _record("rhythm_set", found, by, at, every=every)
    return found


@transaction.atomic
def stop_repeating(*, notice: Notice, by: Viewer, at: datetime) -> Notice:
    """Let nothing of the series go out any more; what is out stays. Raises NotYourNotice, WrongState (it ran no more)."""
    on = clock.local_date(at)
    may = queries.may_edit(by, notice=notice, on=on)
    if not may and not queries.may(by, Permission.NOTICES_APPROVE, notice=notice, on=on):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    if not repetitions.stop(notice, by=by, at=at):
        raise WrongState("The notice stands where this cannot be done any more; look at it again.")
    _record("rhythm_stopped", notice.repeats or notice, by, at)
    return notice


def repeat_due(*, at: datetime) -> int:
    """Make what is to go out again now, ready to be published. -> how many notices.

    A worker that slept, or a clock put forward, lets at most the newest moment leave, and that one only while it is not too
    late (``Rhythm.grace``); a clock put back sends nothing a second time.
    """
    made = 0
    for pk in _due(at):
        try:
            made += _repeat(pk, at)
        except IntegrityError:
            log.info("notice %s was repeated elsewhere", pk)
    return made


def _due(at: datetime) -> list[int]:
    running = Repetition.objects.filter(stopped_at=None, notice__state__in=WENT_OUT)
    back = Q(looked_at__gt=at)  # the clock was put back: what was reckoned then does not hold
    found = running.filter(Q(next_at__lte=at) | back).order_by("next_at")
    return list(found.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _repeat(pk: int, at: datetime) -> int:
    found = Repetition.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk)
    row = found.filter(stopped_at=None).select_related("notice").first()
    if row is None:
        return 0
    moment = rhythm.last_until(repetitions.rhythm_of(row), at)
    repetitions.move_on(row, at)
    before = row.notice
    known = moment is None or (before.occurs_at is not None and moment <= before.occurs_at)
    if known or before.repeated.filter(occurs_at=moment).exists():
        return 0
    speaker = queries.speaker_of(unit_id=before.unit_id, on=clock.local_date(at))
    if speaker is None:
        repetitions.stop(before, by=None, at=at, reason=UNIT_ENDED)
        _record("rhythm_stopped", before, None, at, reason=UNIT_ENDED)
        return 0
    until = row.next_at or at + repetitions.rhythm_of(row).gap
    _copy(before, unit_id=speaker, occurs_at=moment, valid_until=until, at=at)
    return 1


def _copy(
    before: Notice, *, unit_id: Any, occurs_at: datetime | None, valid_until: datetime, at: datetime
) -> Notice:
    made = Notice(
        number=actions.new_number(),
        unit_id=unit_id,
        state=S.SCHEDULED.value,
        created_at=at,
        created_by_id=before.created_by_id,
        edited_at=at,
        edited_by_id=before.edited_by_id,
        handed_in_at=at,
        handed_in_by_id=before.handed_in_by_id,
        publish_at=occurs_at,
        occurs_at=occurs_at,
        valid_until=valid_until,
        series_id=before.series_id,
        repeats=before,
        **{name: getattr(before, name) for name in SAME},
    )
    made.save(force_insert=True)
    wordings = queries.wordings_of(notice=before)
    NoticeVersion.objects.create(
        notice=made,
        number=1,
        by_id=before.edited_by_id,
        at=at,
        wordings=wordings,
        **{name: getattr(before, name) for name in WORDS},
    )
    _copy_rows(before, made, wordings, at)
    _record("repeated", made, None, at, of=before.number)
    return made


WORDS = ("title", "short_text", "long_text", "link", "details")
SAME = (*WORDS, "kind", "audience", "must_acknowledge")


def _copy_rows(before: Notice, made: Notice, wordings: dict[str, str], at: datetime) -> None:
    Wording.objects.bulk_create(
        Wording(notice=made, surface=s, text=t, by_id=before.edited_by_id, at=at)
        for s, t in wordings.items()
    )
    AudienceLine.objects.bulk_create(
        AudienceLine(
            notice=made,
            unit_id=x.unit_id,
            reach=x.reach,
            levels=x.levels,
            connector_keys=x.connector_keys,
        )
        for x in queries.lines_of(notice=before)
    )
    carried: list[Any] = [*before.pictures.all(), *before.attachments.all()]
    for thing in carried:
        thing.pk, thing.notice = uuid.uuid4(), made
        thing._state.adding = True
        thing.save(force_insert=True)
    for told in before.variants.filter(state=VariantState.READ):
        content = VariantContent.objects.filter(variant=told).first()
        told.pk, told.notice, told.of_version = uuid.uuid4(), made, made.version
        told._state.adding = True
        told.save(force_insert=True)
        if content is not None:
            VariantContent.objects.create(variant=told, body=content.body, preview=content.preview)


@transaction.atomic
def put_off_late(*, notice: Notice, at: datetime) -> bool:
    """Let the first one of a series that could not leave in time wait for its next moment. -> True when it was put off.

    A notice whose last moment has passed is cancelled, and says so.
    """
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    row = repetitions.of(found)
    planned = found.publish_at
    if row is None or planned is None or at <= planned + repetitions.rhythm_of(row).grace:
        return False
    found.publish_at = repetitions.first_moment(found, at)
    if found.publish_at is None:
        actions.end_unsent(found, reason=TOO_LATE, at=at)
    else:
        found.save(update_fields=["publish_at"])
        _record("put_off", found, None, at, publish_at=found.publish_at)
    return True


def _record(event: str, notice: Notice, by: Viewer | None, at: datetime, **after: Any) -> None:
    audit.record(
        f"notices.notice.{event}", on=notice, by=by, at=at, unit_id=notice.unit_id, after=after
    )
