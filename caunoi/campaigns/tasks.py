"""What comes round by itself about campaigns."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.campaigns import actions, actions_forgetting
from caunoi.kit import jobs


@jobs.every("41 18 * * *", title=gettext_noop("Let promises lapse whose day has passed"))
def lapse_gifts(at: datetime) -> int:
    return actions.lapse_gifts(at=at)


@jobs.every("12 19 * * *", title=gettext_noop("Forget givers of campaigns that ended long ago"))
def forget_givers(at: datetime) -> int:
    return actions_forgetting.forget_givers(at=at)
