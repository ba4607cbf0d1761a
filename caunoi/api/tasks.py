"""What comes round by itself for keys."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.api import actions
from caunoi.kit import jobs


@jobs.every("40 19 * * *", title=gettext_noop("Forget answers kept for repeated requests"))
def forget_old(at: datetime) -> int:
    return actions.forget_old(at=at)
