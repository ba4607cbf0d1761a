"""Jobs about goods and people who give their days."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.goods import actions, actions_after, actions_teams
from caunoi.kit import jobs


@jobs.every("10 0 * * *", title=gettext_noop("Give free what was kept back in vain"))
def expire_reservations(at: datetime) -> int:
    return actions.expire(at=at)


@jobs.every("25 0 * * *", title=gettext_noop("Forget volunteers whose time on a roster is over"))
def forget_volunteers(at: datetime) -> int:
    return actions_teams.forget_due(at=at)


@jobs.every("35 0 * * *", title=gettext_noop("Forget names beside hand-overs of two years ago"))
def forget_names(at: datetime) -> int:
    return actions_after.forget_names(at=at)
