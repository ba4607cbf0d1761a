"""Jobs about following: letters that ask, spreading what happened, telling, forgetting."""

from datetime import datetime

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.kit import clock, jobs
from caunoi.subscriptions import actions, announcing, mailing, spreading, telling


@jobs.every("* * * * *", title=gettext_noop("Tell followers of answers"))
def tell(at: datetime) -> int:
    """Ask new followers, write what happened into one row a follower, and send what is due."""
    asked = mailing.ask_followers(at=at)
    return asked + spreading.spread(at=at) + tell_of_notices(at)


def tell_of_notices(at: datetime) -> int:
    """Write one row a follower of each notice that went out, and send whatever is due."""
    return announcing.spread(at=at) + telling.tell_followers(at=at)


@app.task(name=announcing.TELL_TASK)
def tell_of_notice() -> None:
    """Queued with a notice that goes out, so that a warning does not wait for the minute."""
    tell_of_notices(clock.now())


@jobs.every("25 20 * * *", title=gettext_noop("Forget followers who never said yes"))
def erase_old(at: datetime) -> int:
    return actions.erase_old(at=at)
