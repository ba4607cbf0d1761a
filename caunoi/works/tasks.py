"""Jobs about public works."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.works import actions_forgetting


@jobs.every("45 0 * * *", title=gettext_noop("Forget who gave to works that ended five years ago"))
def forget_givers(at: datetime) -> int:
    return actions_forgetting.forget_due(at=at)
