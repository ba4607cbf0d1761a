"""Jobs about followers elsewhere: telling, forgetting."""

from datetime import datetime

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.fediverse import actions, delivery
from caunoi.kit import clock, jobs


@app.task(name=actions.SEND_TASK)
def send() -> None:
    """Queued with what is to be told, so that it does not wait for the minute."""
    delivery.send_due(at=clock.now())


@jobs.every("* * * * *", title=gettext_noop("Tell followers on Mastodon and its kin"))
def send_due(at: datetime) -> int:
    return delivery.send_due(at=at)


@jobs.every("35 20 * * *", title=gettext_noop("Forget what was told to other servers long ago"))
def forget_old(at: datetime) -> int:
    return actions.forget_old(at=at)
