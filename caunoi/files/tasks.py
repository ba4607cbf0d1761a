"""What comes round by itself for files."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.files import actions
from caunoi.kit import jobs


@jobs.every(
    "41 * * * *", title=gettext_noop("Forget photos and recordings of questions never sent")
)
def forget_unsent(at: datetime) -> int:
    return actions.forget_unsent(at=at)
