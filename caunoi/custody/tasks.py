"""Jobs about custody."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.custody import actions
from caunoi.kit import jobs


@jobs.every(
    "*/10 * * * *", title=gettext_noop("Bring the register of official channels up to date")
)
def adopt_channels(at: datetime) -> int:
    return actions.adopt_channels(at=at)


@jobs.every("20 0 * * *", title=gettext_noop("Find channels that too few people hold"))
def ring_for_orphans(at: datetime) -> int:
    return actions.ring_for_orphans(at=at)
