"""Jobs about houses."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.houses import actions_forgetting
from caunoi.kit import jobs


@jobs.every("40 0 * * *", title=gettext_noop("Forget people of houses handed over five years ago"))
def forget_people(at: datetime) -> int:
    return actions_forgetting.forget_due(at=at)
