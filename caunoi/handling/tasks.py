"""What runs in the background: runs over many cases."""

from uuid import UUID

from procrastinate.contrib.django import app

from caunoi.handling import actions_bulk, queries
from caunoi.kit import clock


@app.task(name=actions_bulk.JOB)
def run(run_id: str) -> None:
    """Do the rest of a run, batch by batch; started again after a crash it goes on where it stopped."""
    found = queries.run_and_maker(run_id=UUID(run_id), on=clock.local_date(clock.now()))
    while found and actions_bulk.work_on(run=found[0], by=found[1], at=clock.now()):
        pass
