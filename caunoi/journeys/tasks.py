"""What comes round by itself across rooms."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.journeys import catch_up as gaps
from caunoi.kit import jobs


@jobs.every("*/15 * * * *", title=gettext_noop("Fetch what was said while nobody told us"))
def catch_up(at: datetime) -> int:
    return gaps.catch_up_due(at=at)
