"""Jobs of the public figures."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.figures import actions
from caunoi.kit import jobs


@jobs.every("40 18 * * *", title=gettext_noop("Count the public figures"))  # 01:40 in Việt Nam
def count(at: datetime) -> int:
    return actions.count(at=at)
