"""Jobs that come round by themselves, and when each ran last. A room's ``tasks.py`` names its own:

    @jobs.every("*/10 * * * *", title=gettext_noop("Renew tokens ahead of their end"))
    def refresh_tokens(at: datetime) -> int:
        return upkeep.refresh_due(at=at)

A job takes the time and returns how many things it dealt with. It runs one at a time, and never twice for one moment;
what a killed worker left behind is taken up by ``kit.tasks.retry_stalled_jobs``. Everything due is worked through on
the next round too, so a job that was missed needs no catching up.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from croniter import croniter
from procrastinate.contrib.django import app

from caunoi.kit import clock
from caunoi.kit.models import JobRun

GRACE = timedelta(minutes=5)
"""How long after its moment a job may begin before it counts as late."""
Work = Callable[[datetime], int]
log = logging.getLogger("caunoi.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """One job: ``channels.refresh_tokens``, when it comes round, and what it is called."""

    name: str
    cron: str
    title: str
    work: Work


@dataclass(frozen=True, slots=True)
class Shown:
    """A job as the health page shows it."""

    title: str
    started_at: datetime | None
    ended_at: datetime | None
    found: int
    trouble: str
    is_late: bool


SCHEDULE: dict[str, Job] = {}


def every(cron: str, *, title: str) -> Callable[[Work], Work]:
    """Let the worker do this at the moments of ``cron`` (minute hour day month weekday, in UTC)."""

    def register(work: Work) -> Work:
        name = f"{work.__module__.split('.')[-2]}.{work.__name__}"
        SCHEDULE[name] = Job(name, cron, title, work)

        def task(timestamp: int) -> None:
            del timestamp
            run(name, at=clock.now())

        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, lock=name)(task))
        return work

    return register


def run(name: str, *, at: datetime) -> int:
    """Do the job now and keep when it ran and what came of it. -> how many things it dealt with.

    Raises what the job raises, after noting it.
    """
    JobRun.objects.update_or_create(name=name, defaults={"started_at": at})
    try:
        found = SCHEDULE[name].work(at)
    except Exception as error:
        log.exception("job %s failed", name)
        JobRun.objects.filter(name=name).update(
            ended_at=None, trouble=f"{type(error).__name__}: {error}"[:300]
        )
        raise
    JobRun.objects.filter(name=name).update(ended_at=at, found=found, trouble="")
    return found


def last_ended(name: str) -> datetime | None:
    """Return when the job last came to its end; None when it never did, or failed last time."""
    return JobRun.objects.filter(name=name).values_list("ended_at", flat=True).first()


def shown(*, at: datetime) -> list[Shown]:
    """Return every job with its last run, for the health page."""
    runs = {run.name: run for run in JobRun.objects.all()}
    return [_shown(job, runs.get(name), at) for name, job in sorted(SCHEDULE.items())]


def _shown(job: Job, last: JobRun | None, at: datetime) -> Shown:
    if last is None:
        return Shown(job.title, None, None, 0, "", is_late=False)
    following = croniter(job.cron, last.started_at).get_next(datetime)
    return Shown(
        title=job.title,
        started_at=last.started_at,
        ended_at=last.ended_at,
        found=last.found,
        trouble=last.trouble,
        is_late=at > following + GRACE,
    )
