"""What runs in the background: forgetting what was only typed."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.notices import actions


@jobs.every("23 19 * * *", title=gettext_noop("Forget what was typed in a notice and never kept"))
def forget_old(at: datetime) -> int:
    return actions.forget_old(at=at)
