"""What comes round by itself about notices that went out."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.receipts import mailing, seen


@jobs.every("* * * * *", title=gettext_noop("Remind units of notices that wait there"))
def mail_reminders(at: datetime) -> int:
    return mailing.mail_reminders(at=at)


@jobs.every("*/10 * * * *", title=gettext_noop("Ask how many saw what was published"))
def count_seen(at: datetime) -> int:
    return seen.count_seen(at=at)
