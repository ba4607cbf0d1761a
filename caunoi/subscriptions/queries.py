"""Reads about following: for the worker, and counts for staff. Nothing here lists what an address follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from caunoi.answers import queries as answers
from caunoi.cases import queries as cases
from caunoi.cases.rules import NEVER_PUBLIC
from caunoi.kit.viewing import Viewer, system
from caunoi.notices import followers as followers_of
from caunoi.notices import queries as notices
from caunoi.routing import queries as routing
from caunoi.staff.terms import Permission
from caunoi.subscriptions.models import NoticeNews, NoticeTally, Sending, Subscription
from caunoi.subscriptions.terms import (
    CONFIRM_DAYS,
    RENEW_DAYS,
    About,
    News,
    NotFollowable,
    Way,
    What,
)
from caunoi.units import queries as units

FEWEST = 5
NOTICES = "thong-bao"
"""The word in an address that means the notices of a unit."""
WORKER = "the worker tells followers"


@system("anybody may follow what is public")
def followable(
    *, number: str = "", slug: str = "", topic: str = "", about: str = "", on: date
) -> tuple[What, str]:
    """Return what is meant and how it is called. Raises NotFollowable: not there, private, or of a kind that is never public.

    about  "thong-bao" for the notices of a unit
    """
    if number:
        return _question(number.strip().upper())
    unit = units.by_slug(slug=slug, on=on) if slug else None
    if unit is None or (unit.valid_to is not None and unit.valid_to <= on):
        raise NotFollowable("There is nothing here to follow.")
    if about == NOTICES:
        return What(unit_id=unit.id, about=About.NOTICES), unit.full_name
    if not topic:
        return What(unit_id=unit.id), unit.full_name
    name = {t.pk: t.name for t in routing.topics()}.get(topic)
    if name is None:
        raise NotFollowable("There is nothing here to follow.")
    return What(unit_id=unit.id, topic=topic), f"{name}, {unit.full_name}"


def _question(number: str) -> tuple[What, str]:
    case = cases.public_case(number=number)
    published = answers.by_number(number=number)
    if published is not None:
        return What(number=number), published.title
    if case is None or not case.is_public or case.kind in NEVER_PUBLIC:
        raise NotFollowable("There is nothing here to follow.")
    return What(number=number), number


@system(WORKER)
def to_confirm(*, limit: int) -> list[Subscription]:
    """Return followers by e-mail who wait for the letter that asks them."""
    waiting = Subscription.objects.filter(way=Way.EMAIL, confirmed_at=None, mailed_at=None)
    return list(waiting.order_by("asked_at")[:limit])


@system(WORKER)
def to_renew(*, at: datetime, limit: int) -> list[Subscription]:
    """Return followers by e-mail whose yearly yes is due and who were not asked yet."""
    year = at - timedelta(days=RENEW_DAYS)
    due = Subscription.objects.filter(way=Way.EMAIL, confirmed_at__lt=year, mailed_at=None)
    return list(due.filter(confirmed_at__gt=year - timedelta(days=CONFIRM_DAYS))[:limit])


@system(WORKER)
def due(*, at: datetime) -> QuerySet[Sending]:
    """Return what is to be told now."""
    return Sending.objects.filter(not_before__lte=at, sent_at=None, given_up_at=None)


def counts(viewer: Viewer, *, on: date) -> dict[str, int | None]:
    """Return how many follow something of the viewer's units, by way; None below five."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.ANSWERS_MANAGE), on=on)
    ways = {way.value: Count("pk", filter=Q(way=way)) for way in Way}
    found = Subscription.objects.filter(unit_id__in=reach).exclude(confirmed_at=None)
    counted = found.aggregate(**ways)
    return {way: n if n == 0 or n >= FEWEST else None for way, n in counted.items()}


@system("a page that tells how many follow it, never who")
def followers(*, number: str) -> int:
    """Return how many follow a question; 0 below five."""
    found = Subscription.objects.filter(number=number).exclude(confirmed_at=None).count()
    return found if found >= FEWEST else 0


@system("a page that tells how many follow it, never who")
def followers_of_notices(*, unit_id: UUID) -> int:
    """Return how many follow a unit's notices; 0 below five."""
    found = Subscription.objects.filter(unit_id=unit_id, about=About.NOTICES)
    count = found.exclude(confirmed_at=None).count()
    return count if count >= FEWEST else 0


@system("the link of a letter was checked")
def of_link(*, subscription_id: UUID) -> Subscription | None:
    """Return the follower a signed link speaks of, or None when it is erased."""
    return Subscription.objects.filter(pk=subscription_id).first()


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one notice at its followers, by way: counts only."""

    way: str
    accepted: int
    gone: int
    failed: int
    waiting: int


def told(viewer: Viewer, *, number: str, on: date) -> list[Told]:
    """Return what became of a notice of a unit the viewer looks after, of every way by which somebody was or is to be told; recalls are left out."""
    notice = notices.notices(viewer, on=on).filter(number=number).first()
    if notice is None or not notices.may(viewer, Permission.NOTICES_VIEW, notice=notice, on=on):
        return []
    first = Q(news__notice=notice) & ~Q(news__kind=News.RECALLED)
    found = {t.way: t for t in NoticeTally.objects.filter(first)}
    events = NoticeNews.objects.filter(notice=notice).exclude(kind=News.RECALLED)
    open_ = Sending.objects.filter(
        event_id__in=list(events.values_list("pk", flat=True)),
        address_hash__isnull=False,
        sent_at=None,
        given_up_at=None,
    )
    waits = dict(open_.order_by().values_list("subscription__way").annotate(n=Count("pk")))
    return [
        Told(
            way=way.value,
            accepted=tally.accepted if (tally := found.get(way.value)) else 0,
            gone=tally.gone if tally else 0,
            failed=tally.failed if tally else 0,
            waiting=waits.get(way.value, 0),
        )
        for way in Way
        if way.value in found or way.value in waits
    ]


@system("which unit's chats are named on the page")
def unit_asked(*, number: str) -> UUID | None:
    """Return the unit that holds the question."""
    case = cases.public_case(number=number)
    return case.owner_id if case else None


@system("a choice that is being made; only how many")
def pushed(*, unit_ids: Iterable[UUID] | QuerySet, warns: bool) -> int | None:
    """Return how many browsers would be told of a notice for these units; None below five."""
    found = Subscription.objects.filter(way=Way.PUSH, about=About.NOTICES, unit_id__in=unit_ids)
    found = found.exclude(confirmed_at=None)
    if not warns:
        found = found.filter(only_warnings=False)
    count = found.aggregate(n=Count("address_hash", distinct=True))["n"]
    return count if count == 0 or count >= FEWEST else None


def push_told(viewer: Viewer, *, number: str, on: date) -> followers_of.Told | None:
    """Return what became of a notice at browsers, where the viewer may know; None when nobody was to be told."""
    found = next((t for t in told(viewer, number=number, on=on) if t.way == Way.PUSH), None)
    if found is None:
        return None
    return followers_of.Told(found.accepted, found.waiting, found.gone + found.failed)


@system("whether there is a feed of it")
def is_answered(*, number: str) -> bool:
    """True when the question stands in the library."""
    return answers.by_number(number=number) is not None
