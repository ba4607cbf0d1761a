"""Jobs about custody."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.custody import actions_register
from caunoi.kit import jobs


@jobs.every(
    "*/10 * * * *", title=gettext_noop("Bring the register of official channels up to date")
)
def adopt_channels(at: datetime) -> int:
    return actions_register.adopt_channels(at=at)


@jobs.every("20 0 * * *", title=gettext_noop("Find channels that too few people hold"))
def ring_for_orphans(at: datetime) -> int:
    return actions_register.ring_for_orphans(at=at)


@jobs.every("*/5 * * * *", title=gettext_noop("Tell the offices of false pages reported"))
def tell_of_reports(at: datetime) -> int:
    return actions_register.tell_of_reports(at=at)
