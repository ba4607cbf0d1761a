"""What runs in the background: forgetting what was only typed, and reading a script aloud by machine."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.kit import jobs
from caunoi.notices import actions_scratch, actions_spoken


@jobs.every("23 19 * * *", title=gettext_noop("Forget what was typed in a notice and never kept"))
def forget_old(at: datetime) -> int:
    return actions_scratch.forget_old(at=at)


@jobs.every("37 19 * * *", title=gettext_noop("Forget the large sound files of old readings"))
def forget_sound(at: datetime) -> int:
    return actions_spoken.forget_sound(at=at)


@app.task(name=actions_spoken.JOB)
def make_reading(notice_id: str, asked_at: str) -> None:
    """Read one loudspeaker script aloud; started again after a crash it begins anew."""
    actions_spoken.make_reading(notice_id=UUID(notice_id), asked_at=asked_at)
