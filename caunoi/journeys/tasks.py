"""What comes round by itself across rooms."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.journeys import catch_up as gaps
from caunoi.journeys import publishing, recalling, taking_back
from caunoi.kit import clock, jobs


@app.task(name=recalling.JOB)
def carry_out_approval(recall_id: str) -> None:
    """Publish and send an approved answer that nobody took back."""
    recalling.carry_out(recall_id=UUID(recall_id), at=clock.now())


@jobs.every("* * * * *", title=gettext_noop("Carry out approvals whose seconds are over"))
def carry_out_approvals(at: datetime) -> int:
    return recalling.carry_out_due(at=at)


@jobs.every("*/15 * * * *", title=gettext_noop("Fetch what was said while nobody told us"))
def catch_up(at: datetime) -> int:
    return gaps.catch_up_due(at=at)


@jobs.every("* * * * *", title=gettext_noop("Look after notices that are on their way"))
def look_after_notices(at: datetime) -> int:
    return publishing.finish(at=at) + taking_back.follow_recalled(at=at)
