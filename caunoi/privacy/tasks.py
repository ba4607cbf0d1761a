"""What the worker does by itself about personal data."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.privacy import actions_retention


@jobs.every("40 18 * * *", title=gettext_noop("Erase personal data whose time is over"))
def sweep(at: datetime) -> int:
    return actions_retention.sweep(at=at)
