"""Reads about following: for the worker, and counts for staff. Nothing here lists what an address follows."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from caunoi.answers import queries as answers
from caunoi.cases import queries as cases
from caunoi.cases.rules import NEVER_PUBLIC
from caunoi.kit.viewing import Viewer, system
from caunoi.routing import queries as routing
from caunoi.staff.terms import Permission
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.subscriptions.terms import CONFIRM_DAYS, RENEW_DAYS, NotFollowable, Way, What
from caunoi.units import queries as units

FEWEST = 5
WORKER = "the worker tells followers"


@system("anybody may follow what is public")
def followable(*, number: str = "", slug: str = "", topic: str = "", on: date) -> tuple[What, str]:
    """Return what is meant and how it is called. Raises NotFollowable: not there, private, or of a kind that is never public."""
    if number:
        return _question(number.strip().upper())
    unit = units.by_slug(slug=slug, on=on) if slug else None
    if unit is None or (unit.valid_to is not None and unit.valid_to <= on):
        raise NotFollowable("There is nothing here to follow.")
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


@system("which unit's chats are named on the page")
def unit_asked(*, number: str) -> UUID | None:
    """Return the unit that holds the question."""
    case = cases.public_case(number=number)
    return case.owner_id if case else None


@system("whether there is a feed of it")
def is_answered(*, number: str) -> bool:
    """True when the question stands in the library."""
    return answers.by_number(number=number) is not None
