"""Writes about a village's review: the meeting, the posted list, objections, and the commune's approval by two persons."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from caunoi.houses import rules
from caunoi.houses.actions import check
from caunoi.houses.models import Household, Objection, Programme, Review, ReviewLine
from caunoi.houses.terms import (
    HouseState,
    NotYourHouse,
    OnePerson,
    ReviewState,
    StageKind,
    StillPosted,
    TooLate,
    TooShort,
    WrongStep,
    WrongVotes,
)
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission


@transaction.atomic
def hold(
    *,
    programme: Programme,
    village_id: UUID,
    met_on: date,
    minutes_number: str,
    households: int,
    present: int,
    votes: Mapping[UUID, int],
    by: Viewer,
    at: datetime,
) -> Review:
    """Write down the meeting of a village: its number of households, frozen, and the votes for each household named.

    Raises NotYourHouse, WrongVotes, WrongStep
    """
    check(Permission.HOUSES_KEEP, village_id, by, at)
    if present > households or any(n > present for n in votes.values()):
        raise WrongVotes(
            _(
                "No more vote than are present, and no more are present than the village has households."
            )
        )
    named = Household.objects.select_for_update(of=("self",)).filter(
        programme=programme, village_id=village_id, pk__in=votes, state=HouseState.PROPOSED.value
    )
    found = list(named.order_by("pk"))
    running = ReviewLine.objects.filter(household__in=found).exclude(
        review__state=ReviewState.APPROVED.value
    )
    if not found or len(found) < len(votes) or running.exists():
        raise WrongStep(
            _("A household of the list is being reviewed already, or is not of this village.")
        )
    review = Review.objects.create(
        programme=programme,
        village_id=village_id,
        met_on=met_on,
        minutes_number=clean(minutes_number).strip()[:80],
        households=households,
        present=present,
        written_at=at,
        written_by_id=by.account_id,
    )
    ReviewLine.objects.bulk_create(
        [
            ReviewLine(
                review=review,
                household=h,
                votes=votes[h.pk],
                accepted=rules.accepted(votes=votes[h.pk], households=households),
            )
            for h in found
        ]
    )
    _record("houses.review.held", review, by, at, households=len(found))
    return review


def _record(event: str, review: Review, by: Viewer, at: datetime, **told: object) -> None:
    audit.record(event, on=review, by=by, at=at, unit_id=review.village_id, after=told)


def _held(
    review: Review,
    state: ReviewState,
    by: Viewer,
    at: datetime,
    permission: Permission = Permission.HOUSES_KEEP,
) -> Review:
    held = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    check(permission, held.village_id, by, at)
    if held.state != state:
        raise WrongStep(_("The review has come further than that already. Open its page again."))
    return held


@transaction.atomic
def post_list(
    *, review: Review, since: date, until: date, where: str, by: Viewer, at: datetime
) -> Review:
    """Note from when to when and where the list is posted. Raises NotYourHouse, WrongStep, TooShort."""
    held = _held(review, ReviewState.MET, by, at)
    days = held.programme.posting_days
    first = rules.last_posting_day(since=since, days=days)
    if since < held.met_on or until < first:
        raise TooShort(
            _(
                "The list is posted after the meeting and for at least %(n)d days: until %(day)s or later."
            )
            % {"n": days, "day": f"{first:%d/%m/%Y}"}
        )
    held.state, held.posted_from, held.posted_to = ReviewState.POSTED.value, since, until
    held.posted_where = clean(where).strip()[:200]
    held.save(update_fields=["state", "posted_from", "posted_to", "posted_where"])
    _record("houses.list.posted", held, by, at, since=since, until=until)
    return held


@transaction.atomic
def object_to(
    *,
    review: Review,
    said_on: date,
    words: str,
    by: Viewer,
    at: datetime,
    said_by: str = "",
    household_id: UUID | None = None,
) -> Objection:
    """Write down what somebody says against the posted list. Raises NotYourHouse, WrongStep, TooLate."""
    held = _held(review, ReviewState.POSTED, by, at)
    first, last = held.posted_from, held.posted_to
    if (
        first is None
        or last is None
        or not rules.in_time(said_on=said_on, posted_from=first, posted_to=last)
    ):
        raise TooLate(
            _(
                "The list was posted until %(day)s. What is said later is a petition: take it in as a question."
            )
            % {"day": f"{last:%d/%m/%Y}" if last else ""}
        )
    if household_id and not held.lines.filter(household_id=household_id).exists():
        raise NotYourHouse(_("The household belongs to a unit you do not work for."))
    objection = Objection.objects.create(
        review=held,
        household_id=household_id,
        said_on=said_on,
        said_by=clean(said_by).strip()[:120],
        words=clean(words).strip(),
        written_at=at,
        written_by_id=by.account_id,
    )
    _record("houses.objection.written", held, by, at)
    return objection


@transaction.atomic
def decide(
    *, objection: Objection, upheld: bool, decision: str, by: Viewer, at: datetime
) -> Objection:
    """Decide on an objection; when it is right, its household leaves the list. Raises NotYourHouse, WrongStep."""
    review = _held(objection.review, ReviewState.POSTED, by, at)
    held = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if held.decided_at is not None:
        raise WrongStep(_("This objection is decided already."))
    held.upheld, held.decision = upheld, clean(decision).strip()
    held.decided_at, held.decided_by_id = at, by.account_id
    held.save(update_fields=["upheld", "decision", "decided_at", "decided_by"])
    if upheld and held.household_id:
        ReviewLine.objects.filter(review=review, household_id=held.household_id).update(struck=True)
    _record("houses.objection.decided", review, by, at, upheld=upheld)
    return held


@transaction.atomic
def submit(*, review: Review, by: Viewer, at: datetime) -> Review:
    """Hand the list in to the commune once it was posted long enough. Raises NotYourHouse, WrongStep, StillPosted."""
    held = _held(review, ReviewState.POSTED, by, at)
    last = held.posted_to
    if (last and clock.local_date(at) <= last) or held.objections.filter(decided_at=None).exists():
        raise StillPosted(
            _("The list is posted until %(day)s, and every objection is decided first.")
            % {"day": f"{last:%d/%m/%Y}" if last else ""}
        )
    held.state, held.submitted_at, held.submitted_by_id = (
        ReviewState.SUBMITTED.value,
        at,
        by.account_id,
    )
    held.sent_back_because = ""
    held.save(update_fields=["state", "submitted_at", "submitted_by", "sent_back_because"])
    _record("houses.review.submitted", held, by, at)
    return held


@transaction.atomic
def approve(*, review: Review, by: Viewer, at: datetime) -> Review:
    """Agree to a list that another person handed in: who was accepted may build, the others are not helped.

    Raises NotYourHouse, WrongStep, OnePerson
    """
    held = _held(review, ReviewState.SUBMITTED, by, at, Permission.HOUSES_APPROVE)
    if held.submitted_by_id == by.account_id:
        raise OnePerson(_("Another person than the one who handed it in must approve the list."))
    held.state, held.approved_at, held.approved_by_id = (
        ReviewState.APPROVED.value,
        at,
        by.account_id,
    )
    held.save(update_fields=["state", "approved_at", "approved_by"])
    agreed = held.lines.filter(accepted=True, struck=False).values("household_id")
    of_list = Household.objects.filter(
        pk__in=held.lines.values("household_id"), state=HouseState.PROPOSED.value
    )
    on = clock.local_date(at)
    of_list.exclude(pk__in=agreed).update(state=HouseState.REFUSED.value, review=held)
    finished = of_list.filter(pk__in=agreed, finished_before__isnull=False)
    done = finished.update(
        state=HouseState.DONE.value,
        stage=StageKind.HAND_OVER.value,
        done_on=F("finished_before"),
        news_on=F("finished_before"),
        review=held,
    )
    building = of_list.filter(pk__in=agreed).update(
        state=HouseState.APPROVED.value, news_on=on, review=held
    )
    _record("houses.review.approved", held, by, at, agreed=building + done)
    return held


@transaction.atomic
def send_back(*, review: Review, because: str, by: Viewer, at: datetime) -> Review:
    """Give a list back to the village, which posts it again. Raises NotYourHouse, WrongStep."""
    held = _held(review, ReviewState.SUBMITTED, by, at, Permission.HOUSES_APPROVE)
    held.state, held.sent_back_because = ReviewState.MET.value, clean(because).strip()[:300]
    held.submitted_at = held.submitted_by = None
    held.save(update_fields=["state", "sent_back_because", "submitted_at", "submitted_by"])
    _record("houses.review.sent_back", held, by, at)
    return held
