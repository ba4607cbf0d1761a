"""What runs in the background: runs over many cases; forgetting what was only typed."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.handling import actions_bulk, actions_writing, queries
from caunoi.kit import clock, jobs


@app.task(name=actions_bulk.JOB)
def run(run_id: str) -> None:
    """Do the rest of a run, batch by batch; started again after a crash it goes on where it stopped."""
    found = queries.run_and_maker(run_id=UUID(run_id), on=clock.local_date(clock.now()))
    while found and actions_bulk.work_on(run=found[0], by=found[1], at=clock.now()):
        pass


@jobs.every("17 19 * * *", title=gettext_noop("Forget what was typed and never kept"))
def forget_old(at: datetime) -> int:
    return actions_writing.forget_old(at=at)
