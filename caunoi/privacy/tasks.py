"""What the worker does by itself about personal data."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.privacy import actions_incidents, actions_retention


@jobs.every("40 18 * * *", title=gettext_noop("Erase personal data whose time is over"))
def sweep(at: datetime) -> int:
    return actions_retention.sweep(at=at)


@jobs.every("*/15 * * * *", title=gettext_noop("Warn of incidents whose 72 hours run out"))
def warn_of_incidents(at: datetime) -> int:
    return actions_incidents.warn_due(at=at)
