"""Jobs about webhooks: what is due is called at once and looked after each minute; what is old is forgotten."""

from datetime import datetime

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.kit import clock, jobs
from caunoi.webhooks import actions, delivery

ROUNDS = 20


@app.task(name=actions.SEND_TASK)
def send() -> None:
    _rounds()


@jobs.every("* * * * *", title=gettext_noop("Tell other systems what happened"))
def send_due(at: datetime) -> int:
    del at  # each round is signed with its own moment
    return _rounds()


def _rounds() -> int:
    """Make rounds until nothing is due; a bounded number, so that other jobs get their turn."""
    made = 0
    for _ in range(ROUNDS):
        now = delivery.send_due(at=clock.now())
        made += now
        if not now:
            break
    return made


@jobs.every("20 19 * * *", title=gettext_noop("Forget what other systems were told long ago"))
def forget_old(at: datetime) -> int:
    return actions.forget_old(at=at)
