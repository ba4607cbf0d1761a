"""From what happened to who is told: one row a follower and event, written once, in the same transaction that marks the event told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from caunoi.answers import places
from caunoi.answers.models import AnswerEvent
from caunoi.answers.terms import Event
from caunoi.cases.joining_models import Joining
from caunoi.kit import clock
from caunoi.subscriptions import rules
from caunoi.subscriptions.models import Subscription
from caunoi.subscriptions.terms import OLDEST

BATCH = 50
WRITE = """
INSERT INTO subscriptions_sending (subscription_id, event_id, number, kind, at, not_before, attempts)
SELECT s.id, %(event)s, %(number)s, %(kind)s, %(at)s, CASE WHEN s.number <> '' THEN %(now)s ELSE %(digest)s END, 0
FROM subscriptions_subscription s
WHERE s.confirmed_at IS NOT NULL AND s.about = 'answers' AND s.asked_at <= %(at)s
  AND (s.number = ANY(%(numbers)s) OR (s.unit_id = ANY(%(units)s) AND (s.topic = '' OR s.topic = %(topic)s)))
ON CONFLICT (subscription_id, event_id) DO NOTHING
"""


def spread(*, at: datetime) -> int:
    """Write what each follower is to be told of the events not told yet, oldest first. -> how many events.

    One question: at once. A unit or topic: with the next morning's round. Each event is its own transaction; idempotent.
    """
    done = 0
    while done < BATCH and _spread_one(at):
        done += 1
    return done


@transaction.atomic
def _spread_one(at: datetime) -> int:
    untold = AnswerEvent.objects.select_for_update(skip_locked=True).filter(told_at=None)
    event = untold.order_by("pk").first()
    if event is None:
        return 0
    if event.kind == Event.REMOVED:
        # its words are gone for everybody; who followed it is told nothing and forgotten
        Subscription.objects.filter(number=event.number).delete()
    elif event.at >= at - OLDEST:
        _write(event, at)
    event.told_at = at
    event.save(update_fields=["told_at"])
    return 1


def _write(event: AnswerEvent, at: datetime) -> None:
    given: dict[str, Any] = {
        "event": event.pk,
        "number": event.number,
        "kind": event.kind,
        "at": event.at,
        "now": at,
        "digest": rules.next_digest(at),
        "numbers": _numbers(event),
        "units": _units(event),
        "topic": event.topic,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)


def _numbers(event: AnswerEvent) -> list[str]:
    """Return the question's number and those of the questions answered together with it."""
    joined = Joining.objects.filter(into__number=event.number).exclude(case__answered_at=None)
    return [event.number, *joined.values_list("case__number", flat=True)]


def _units(event: AnswerEvent) -> list[UUID]:
    """Return the units whose followers are told: its own and those above, and what they were before a reform."""
    above, own = places.standing(unit_id=event.unit_id, on=clock.local_date(event.at))
    return [*above, *own]
