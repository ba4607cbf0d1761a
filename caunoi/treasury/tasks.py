"""What comes round by itself: the root of every fund's day."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from caunoi.funds import actions as funds
from caunoi.kit import clock, jobs
from caunoi.treasury import queries


@jobs.every("10 17 * * *", title=gettext_noop("Publish the roots of the books"))
def publish_roots(at: datetime) -> int:
    """Publish the root of the day that ended (00:10 in Việt Nam) for every fund that moved since its last."""
    day = clock.local_date(at) - timedelta(days=1)
    waiting = queries.without_root(day=day)
    for fund_id in waiting:
        funds.publish_root(fund_id=fund_id, day=day, at=at)
    return len(waiting)
