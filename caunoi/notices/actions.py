"""Writes about notices: writing one, handing it in, deciding, and what becomes of it. Pictures and files: ``actions_files``."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.notices import queries, queries_handed, queries_look, repetitions, rules
from caunoi.notices.models import (
    AudienceLine,
    Decision,
    HandedIn,
    Notice,
    NoticeScratch,
    NoticeVersion,
    Wording,
)
from caunoi.notices.terms import (
    LONGEST_LONG,
    LONGEST_REASON,
    LONGEST_SHORT,
    LONGEST_TITLE,
    NUMBER_LETTERS,
    Audience,
    DecidedAlready,
    EditedMeanwhile,
    Fields,
    Line,
    MustBeCorrected,
    NoticeState,
    NotYourNotice,
    OutOfReach,
    OwnNotice,
    Reach,
    Surface,
    Verdict,
    WrongState,
)
from caunoi.staff.terms import Permission
from caunoi.units import queries as units
from caunoi.units.terms import Level

S = NoticeState


@transaction.atomic
def create_notice(
    *,
    unit_id: UUID,
    fields: Fields,
    by: Viewer,
    at: datetime,
    audience: Audience = Audience.PUBLIC,
    lines: Iterable[Line] | None = None,
    form_key: UUID | None = None,
) -> Notice:
    """Begin a notice of that unit as a draft, for the unit and everything below it unless ``lines`` say otherwise.

    A province's draft begins with the province alone: a click must not reach four thousand places.
    -> the draft, version 1. Raises NotYourNotice, OutOfReach
    Idempotent by form_key: the second press of one form gives the notice that the first began, as it stands now
    """
    path = may_in(unit_id, by, Permission.NOTICES_PROPOSE, at)
    begun = queries.begun_with(by, form_key=form_key)
    if begun is not None:
        return begun
    notice = Notice(
        number=new_number(),
        form_key=form_key,
        unit_id=unit_id,
        audience=audience.value,
        created_at=at,
        created_by_id=by.account_id,
        edited_at=at,
        edited_by_id=by.account_id,
    )
    _put_words(notice, fields)
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        # the other press was faster, and is through now
        begun = queries.begun_with(by, form_key=form_key)
        if begun is None:
            raise
        return begun
    _keep_wordings(notice, fields, by, at)
    _keep_version(notice, by, at)
    first = Reach.SELF if _level(unit_id, at) == Level.PROVINCE else Reach.SUBTREE
    _put_lines(notice, [Line(unit_id, first)] if lines is None else list(lines), path, at)
    forget_scratch(None, by)
    _record("created", notice, by, at, kind=notice.kind)
    return notice


@transaction.atomic
def save_draft(
    *, notice: Notice, fields: Fields, seen_version: int, by: Viewer, at: datetime
) -> Notice:
    """Keep other words as the next version; the same words again change nothing.

    seen_version  the version the writer had before her
    Raises NotYourNotice, WrongState, EditedMeanwhile (the stored words are left as they are; hers are kept as her scratch)
    """
    found = _lock(notice)
    check_may_edit(found, by, at)
    must_be(found, S.DRAFT)
    before = _words(found)
    _put_words(found, fields)
    now = _words(found) | {"wordings": _clean_wordings(fields)}
    if now == before:
        return found
    if found.version != seen_version:
        raise EditedMeanwhile("A colleague kept another version meanwhile; compare the two.")
    found.version += 1
    found.edited_at, found.edited_by_id = at, by.account_id
    found.save(
        update_fields=[
            *("kind", "title", "short_text", "long_text", "link", "details"),
            *("version", "edited_at", "edited_by"),
        ]
    )
    _keep_wordings(found, fields, by, at)
    _keep_version(found, by, at)
    forget_scratch(found, by)
    _record("changed", found, by, at, version=found.version)
    return found


@transaction.atomic
def set_audience(
    *,
    notice: Notice,
    lines: Iterable[Line],
    by: Viewer,
    at: datetime,
    audience: Audience = Audience.PUBLIC,
    must_acknowledge: bool = False,
    acknowledge_by: date | None = None,
) -> Notice:
    """Say for whom the notice is; the same again is not put on record. Raises NotYourNotice, WrongState, OutOfReach (a unit outside the one that speaks)."""
    found = _lock(notice)
    check_may_edit(found, by, at)
    must_be(found, S.DRAFT)
    before = _addressed(found)
    path = units.paths_of(unit_ids=[found.unit_id], on=clock.local_date(at))[found.unit_id]
    _put_lines(found, list(lines), path, at)
    found.audience = audience.value
    found.must_acknowledge, found.acknowledge_by = must_acknowledge, acknowledge_by
    if _addressed(found) == before:
        return found
    found.save(update_fields=["audience", "must_acknowledge", "acknowledge_by"])
    _record("addressed", found, by, at, lines=found.lines.count(), audience=audience.value)
    return found


@transaction.atomic
def set_times(
    *,
    notice: Notice,
    publish_at: datetime | None,
    valid_until: datetime | None,
    by: Viewer,
    at: datetime,
) -> Notice:
    """Say when a draft goes out (None: when it is approved) and until when it holds. Raises NotYourNotice, WrongState."""
    found = _lock(notice)
    check_may_edit(found, by, at)
    must_be(found, S.DRAFT)
    if (found.publish_at, found.valid_until) == (publish_at, valid_until):
        return found
    found.publish_at, found.valid_until = publish_at, valid_until
    found.save(update_fields=["publish_at", "valid_until"])
    _record("timed", found, by, at, publish_at=publish_at, valid_until=valid_until)
    return found


@transaction.atomic
def hand_in(*, notice: Notice, by: Viewer, at: datetime) -> Notice:
    """Hand the draft in for approval; its words, pictures and audience stand still from now on.

    Raises NotYourNotice, WrongState, MustBeCorrected (the look before sending found what stops it)
    """
    found = _lock(notice)
    check_may_edit(found, by, at)
    if rules.stops(queries_look.findings(notice=found, at=at)):
        raise MustBeCorrected("Something must be put right before the notice is handed in.")
    around = queries_handed.around_of(notice=found)
    HandedIn.objects.create(notice=found, version=found.version, at=at, around=around)
    found.handed_in_at, found.handed_in_by_id, found.end_reason = at, by.account_id, ""
    also = ("handed_in_at", "handed_in_by", "end_reason")
    return _go(found, S.REVIEW, "handed_in", by, at, also=also)


@transaction.atomic
def withdraw(*, notice: Notice, by: Viewer, at: datetime) -> Notice:
    """Take the notice back as a draft: handed in, approved or scheduled, as long as nothing was sent. Approvals count no more.

    Raises NotYourNotice, WrongState
    """
    found = _lock(notice)
    if not queries.may(by, Permission.NOTICES_APPROVE, notice=found, on=clock.local_date(at)):
        check_may_edit(found, by, at)
    return _go(found, S.DRAFT, "withdrawn", by, at)


@transaction.atomic
def approve_notice(
    *,
    notice: Notice,
    seen_version: int,
    by: Viewer,
    at: datetime,
    seen_handed_in: datetime | None = None,
) -> Notice:
    """Approve the version that was read; with enough approvals the notice is approved, or scheduled for its time.

    seen_handed_in  when what was read had been handed in: pictures, files and audience change without a new version
    -> still in review while a second person must approve. Raises NotYourNotice, WrongState, OwnNotice, DecidedAlready,
    EditedMeanwhile (another version was handed in since), MustBeCorrected
    """
    found = _lock(notice)
    _may(found, by, Permission.NOTICES_APPROVE, at)
    must_be(found, S.REVIEW)
    if seen_handed_in not in {None, found.handed_in_at}:
        raise EditedMeanwhile("Another version was handed in meanwhile; read it first.")
    _check_approval(found, seen_version, by, at)
    Decision.objects.create(
        notice=found, version=found.version, verdict=Verdict.APPROVE, by_id=by.account_id, at=at
    )
    have = len(queries.approvals_of(notice=found))
    if have < queries.approvals_needed(notice=found, on=clock.local_date(at)):
        _record("approved_once", found, by, at, version=found.version)
        return found
    _wait_for_rhythm(found, at)
    later = found.publish_at is not None and found.publish_at > at
    to = S.SCHEDULED if later else S.APPROVED
    return _go(found, to, "approved", by, at, also=("publish_at",))


def _wait_for_rhythm(found: Notice, at: datetime) -> None:
    """A repeated notice leaves at a moment of its rhythm, never in between."""
    if repetitions.of(found) is not None:
        asked = found.publish_at if found.publish_at and found.publish_at > at else at
        found.publish_at = repetitions.first_moment(found, asked - timedelta(seconds=1))
        if found.publish_at is None:
            raise MustBeCorrected("Its last day has passed. Choose another one.")


def _check_approval(found: Notice, seen_version: int, by: Viewer, at: datetime) -> None:
    if found.version != seen_version:
        raise EditedMeanwhile("Another version was handed in meanwhile; read it first.")
    if by.account_id in queries.writers_of(notice=found):
        raise OwnNotice("You wrote in this notice; somebody else approves it.")
    if by.account_id in {d.by_id for d in queries.approvals_of(notice=found)}:
        raise DecidedAlready("You have approved it; a second person must approve it too.")
    if rules.stops(queries_look.findings(notice=found, at=at)):
        raise MustBeCorrected("Something must be put right before the notice goes out.")


@transaction.atomic
def return_notice(*, notice: Notice, reason: str, by: Viewer, at: datetime) -> Notice:
    """Give the notice back to its writer with a reason. Raises NotYourNotice, WrongState."""
    found = _lock(notice)
    _may(found, by, Permission.NOTICES_APPROVE, at)
    must_be(found, S.REVIEW)
    Decision.objects.create(
        notice=found,
        version=found.version,
        verdict=Verdict.RETURN,
        by_id=by.account_id,
        at=at,
        reason=clean(reason).strip()[:LONGEST_REASON] or "–",
    )
    return _go(found, S.DRAFT, "returned", by, at)


@transaction.atomic
def schedule_notice(*, notice: Notice, publish_at: datetime, by: Viewer, at: datetime) -> Notice:
    """Let an approved notice go out at another time. Raises NotYourNotice, WrongState."""
    found = _lock(notice)
    _may(found, by, Permission.NOTICES_APPROVE, at)
    found.publish_at = publish_at
    _wait_for_rhythm(found, at)
    return _go(found, S.SCHEDULED, "scheduled", by, at, also=("publish_at",))


@transaction.atomic
def cancel_notice(*, notice: Notice, reason: str, by: Viewer, at: datetime) -> Notice:
    """Give up a notice that was not sent; it stays on record. Raises NotYourNotice, WrongState."""
    found = _lock(notice)
    if not queries.may(by, Permission.NOTICES_APPROVE, notice=found, on=clock.local_date(at)):
        check_may_edit(found, by, at)
    found.ended_at, found.end_reason = at, clean(reason).strip()[:LONGEST_REASON]
    return _go(found, S.CANCELLED, "cancelled", by, at, also=("ended_at", "end_reason"))


@transaction.atomic
def end_unsent(notice: Notice, *, reason: str, at: datetime) -> Notice:
    """Give up a notice whose time to leave is over; it stays on record with the reason. Raises WrongState."""
    found = _lock(notice)
    found.ended_at, found.end_reason = at, reason
    return _go(found, S.CANCELLED, "given_up", None, at, also=("ended_at", "end_reason"))


@transaction.atomic
def mark_sending(*, notice: Notice, at: datetime) -> Notice:
    """Its time has come: the public page stands, channels follow. Raises WrongState (an approval was withdrawn meanwhile)."""
    found = _lock(notice)
    found.published_at = found.published_at or at
    repetitions.begin(found, at)
    if found.corrects is not None:
        repetitions.stop(found.corrects, by=None, at=at)
    return _go(found, S.SENDING, "sending", None, at, also=("published_at",))


@transaction.atomic
def mark_done(*, notice: Notice, at: datetime) -> Notice:
    """Every send has been handed over. Raises WrongState."""
    return _go(_lock(notice), S.DONE, "sent", None, at)


@transaction.atomic
def mark_recalled(*, notice: Notice, reason: str, by: Viewer, at: datetime) -> Notice:
    """Take back what was sent: its page says so and why, and it goes out no more. Raises NotYourNotice, WrongState. Not done here: the channels."""
    found = _lock(notice)
    _may(found, by, Permission.NOTICES_APPROVE, at)
    repetitions.stop(found, by=by, at=at)
    found.ended_at, found.end_reason = at, clean(reason).strip()[:LONGEST_REASON]
    return _go(found, S.RECALLED, "recalled", by, at, also=("ended_at", "end_reason"))


@transaction.atomic
def mark_expired(*, notice: Notice, at: datetime) -> Notice:
    """Its time is over: the page stays and says so. Raises WrongState."""
    found = _lock(notice)
    found.ended_at = at
    return _go(found, S.EXPIRED, "expired", None, at, also=("ended_at",))


def _lock(notice: Notice) -> Notice:
    return Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)


def _go(
    notice: Notice,
    to: NoticeState,
    event: str,
    by: Viewer | None,
    at: datetime,
    *,
    also: tuple[str, ...] = (),
) -> Notice:
    before = notice.state
    if not rules.may_follow(before, to):
        raise WrongState("The notice stands where this cannot be done any more; look at it again.")
    notice.state = to.value
    notice.save(update_fields=["state", *also])
    _record(event, notice, by, at, state=to.value, was=before)
    return notice


def must_be(notice: Notice, *states: NoticeState) -> None:
    """Raise WrongState unless the notice stands in one of the states."""
    if notice.state not in {s.value for s in states}:
        raise WrongState("The notice stands where this cannot be done any more; look at it again.")


def _may(notice: Notice, by: Viewer, permission: Permission, at: datetime) -> None:
    if not queries.may(by, permission, notice=notice, on=clock.local_date(at)):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")


def check_may_edit(notice: Notice, by: Viewer, at: datetime) -> None:
    """Raise NotYourNotice unless the words are hers to change."""
    if not queries.may_edit(by, notice=notice, on=clock.local_date(at)):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")


def may_in(unit_id: UUID, by: Viewer, permission: Permission, at: datetime) -> str:
    """Return the path of the unit on that day. Raises NotYourNotice unless the permission is held there."""
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(permission, path):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    return path


def _level(unit_id: UUID, at: datetime) -> Level | None:
    found = units.as_of(unit_id=unit_id, on=clock.local_date(at))
    return found.level if found else None


def new_number() -> str:
    """Return a number nobody has: short enough to be read out, not counting what a unit writes."""
    while True:
        number = "".join(secrets.choice(NUMBER_LETTERS) for _ in range(6))
        if not number.isdigit() and not Notice.objects.filter(number=number).exists():
            return number


def _put_words(notice: Notice, fields: Fields) -> None:
    notice.kind = fields.kind.value
    notice.title = clean(fields.title).strip()[:LONGEST_TITLE]
    notice.short_text = clean(fields.short_text).strip()[:LONGEST_SHORT]
    notice.long_text = clean(fields.long_text).strip()[:LONGEST_LONG]
    notice.link = clean(fields.link).strip()[:400]
    cleaned = {k: clean(v).strip()[:LONGEST_LONG] for k, v in fields.details.items()}
    notice.details = {k: v for k, v in cleaned.items() if v}


def _clean_wordings(fields: Fields) -> dict[str, str]:
    cleaned = {k: clean(v).strip()[:LONGEST_LONG] for k, v in fields.wordings.items()}
    return {k: v for k, v in cleaned.items() if v and k in {s.value for s in Surface}}


def _words(notice: Notice) -> dict[str, object]:
    return {
        "kind": notice.kind,
        "title": notice.title,
        "short_text": notice.short_text,
        "long_text": notice.long_text,
        "link": notice.link,
        "details": notice.details,
        "wordings": queries.wordings_of(notice=notice),
    }


def _keep_wordings(notice: Notice, fields: Fields, by: Viewer, at: datetime) -> None:
    wanted = _clean_wordings(fields)
    kept = queries.wordings_of(notice=notice)
    notice.wordings.exclude(surface__in=wanted).delete()
    for surface, text in wanted.items():
        if kept.get(surface) != text:
            Wording.objects.update_or_create(
                notice=notice,
                surface=surface,
                defaults={"text": text, "by_id": by.account_id, "at": at},
            )


def _keep_version(notice: Notice, by: Viewer, at: datetime) -> None:
    words = _words(notice)
    del words["kind"]
    NoticeVersion.objects.create(
        notice=notice, number=notice.version, by_id=by.account_id, at=at, **words
    )


def _addressed(notice: Notice) -> tuple[object, ...]:
    fields = ("unit_id", "reach", "levels", "connector_keys")
    lines = list(notice.lines.order_by("unit_id").values_list(*fields))
    return notice.audience, notice.must_acknowledge, notice.acknowledge_by, lines


def _put_lines(notice: Notice, lines: list[Line], path: str, at: datetime) -> None:
    places = units.paths_of(unit_ids=[x.unit_id for x in lines], on=clock.local_date(at))
    inside = [places.get(x.unit_id, "") for x in lines]
    if any(p != path and not p.startswith(path + ".") for p in inside):
        raise OutOfReach("An audience lies within the unit that speaks.")
    notice.lines.all().delete()
    AudienceLine.objects.bulk_create(
        AudienceLine(
            notice=notice,
            unit_id=line.unit_id,
            reach=line.reach.value,
            levels=list(line.levels),
            connector_keys=list(line.connector_keys),
        )
        for line in {x.unit_id: x for x in lines}.values()
    )


def forget_scratch(notice: Notice | None, by: Viewer) -> None:
    """Forget what was typed in the notice: it is kept, or not wanted."""
    NoticeScratch.objects.filter(account_id=by.account_id, notice=notice).delete()


def _record(event: str, notice: Notice, by: Viewer | None, at: datetime, **after: object) -> None:
    audit.record(
        f"notices.notice.{event}", on=notice, by=by, at=at, unit_id=notice.unit_id, after=after
    )
