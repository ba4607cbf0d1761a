"""Jobs about following: letters that ask, spreading what happened, telling, forgetting."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.subscriptions import actions, mailing, spreading, telling


@jobs.every("* * * * *", title=gettext_noop("Tell followers of answers"))
def tell(at: datetime) -> int:
    """Ask new followers, write what happened into one row a follower, and send what is due."""
    return mailing.ask_followers(at=at) + spreading.spread(at=at) + telling.tell_followers(at=at)


@jobs.every("25 20 * * *", title=gettext_noop("Forget followers who never said yes"))
def erase_old(at: datetime) -> int:
    return actions.erase_old(at=at)
