"""Forgetting people when their time is over: five years after a house was handed over its numbers stay, its names go."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from caunoi.houses import rules
from caunoi.houses.models import Consent, Household, HouseMoney, News, Objection, ReviewLine
from caunoi.houses.terms import HouseState
from caunoi.kit import audit, clock
from caunoi.kit.holding import ERASED

NO_NAME = ERASED[:120]


@transaction.atomic
def forget_due(*, at: datetime, limit: int = 500) -> int:
    """Forget the households whose time is over, and what was said about lists whose houses are all forgotten. -> how many rows."""
    before = rules.keeps_since(clock.local_date(at))
    due = _due(before).select_for_update(of=("self",), skip_locked=True)
    households = list(due.order_by("entered_at", "pk")[:limit])
    for household in households:
        _forget(household, at)
    return len(households) + _forget_objections(before, at, limit)


def _due(before: date) -> QuerySet[Household]:
    """Handed over that long ago; or never helped, written down and last heard of that long ago."""
    done = Q(state=HouseState.DONE.value, done_on__lt=before)
    ended = Q(state__in=[HouseState.REFUSED.value, HouseState.WITHDRAWN.value])
    silent = Q(news_on=None) | Q(news_on__lt=before)
    agreed = Q(review=None) | Q(review__approved_at__date__lt=before)
    never = ended & silent & agreed & Q(entered_at__date__lt=before)
    return Household.objects.filter(done | never).exclude(head=NO_NAME)


def _forget(household: Household, at: datetime) -> None:
    """Names, words and where they live go; a consent that cannot be proved any more shows nothing. Code, amounts and days stay."""
    household.head, household.hardship, household.address = NO_NAME, "", ""
    household.ended_because = ""
    household.name_public = household.photo_public = False
    household.save(
        update_fields=["head", "hardship", "address", "ended_because", "name_public", "photo_public"]
    )  # fmt: skip
    Consent.objects.filter(household=household, withdrawn_at=None).update(withdrawn_at=at)
    Consent.objects.filter(household=household).update(given_by=NO_NAME)
    money = HouseMoney.objects.filter(household=household)
    money.exclude(giver="").update(giver=NO_NAME)
    money.update(note="")
    News.objects.filter(household=household).update(note="")
    audit.record("houses.household.forgotten", on=household, at=at, unit_id=household.village_id)


def _forget_objections(before: date, at: datetime, limit: int) -> int:
    remembered = ReviewLine.objects.filter(
        review=OuterRef("review"),
        household__state__in=[HouseState.APPROVED.value, HouseState.DONE.value],
    ).exclude(household__head=NO_NAME)
    old = Objection.objects.filter(~Exists(remembered), said_on__lt=before).exclude(words=ERASED)
    found = list(old.select_related("review").order_by("said_on", "pk")[:limit])
    for objection in found:
        objection.said_by = NO_NAME if objection.said_by else ""
        objection.words = ERASED
        objection.decision = ERASED if objection.decision else ""
        objection.save(update_fields=["said_by", "words", "decision"])
        unit_id = objection.review.village_id
        audit.record("houses.objection.forgotten", on=objection, at=at, unit_id=unit_id)
    return len(found)
