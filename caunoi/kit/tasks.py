"""Looking after the job queue itself."""

from datetime import datetime

from asgiref.sync import async_to_sync
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.kit import jobs, limits

SUCCEEDED_HOURS, FAILED_HOURS = 48, 30 * 24


@jobs.every("* * * * *", title=gettext_noop("Take up jobs whose worker was killed"))
def retry_stalled_jobs(at: datetime) -> int:
    """Let jobs whose worker gave no sign of life for half a minute run again. Each job is safe to repeat."""
    del at
    stalled = list(async_to_sync(app.job_manager.get_stalled_jobs)())
    for job in stalled:
        async_to_sync(app.job_manager.retry_job)(job)
    return len(stalled)


@jobs.every("17 19 * * *", title=gettext_noop("Forget jobs that are long done"))
def forget_old_jobs(at: datetime) -> int:
    """Delete the rows of finished jobs: those that went well after two days, the others after a month."""
    del at
    forget = async_to_sync(app.job_manager.delete_old_jobs)
    forget(nb_hours=SUCCEEDED_HOURS)
    forget(nb_hours=FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)
    return 0


@jobs.every("*/20 * * * *", title=gettext_noop("Forget tries whose time is over"))
def forget_tries(at: datetime) -> int:
    return limits.sweep(at=at)
