"""What comes round by itself for what goes out."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.outbox import outcomes, watch


@jobs.every("* * * * *", title=gettext_noop("Watch over sends"))
def watch_sends(at: datetime) -> int:
    return watch.watch_sends(at=at)


@jobs.every("*/10 * * * *", title=gettext_noop("Look for sends nobody confirmed"))
def look_for_quiet_sends(at: datetime) -> int:
    return watch.look_for_quiet_sends(at=at)


@jobs.every("*/5 * * * *", title=gettext_noop("Ask what became of videos"))
def ask_for_outcomes(at: datetime) -> int:
    return outcomes.ask(at=at)
