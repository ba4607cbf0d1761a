"""Jobs about cases: letters, and the round of reminders each working morning."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.cases import agency_links, mailing, reminders, successions
from caunoi.kit import clock, jobs


@app.task(name=agency_links.MAIL_TASK, retry=8)
def mail_agency_link(link_id: str) -> None:
    mailing.mail_agency_link(link_id=UUID(link_id), at=clock.now())


@app.task(name=reminders.MAIL_TASK, retry=8)
def mail_reminders() -> None:
    while mailing.mail_reminders(at=clock.now()):
        pass


@app.periodic(cron="30 0 * * *")  # 07:30 in Việt Nam
@app.task(name="cases.remind_round", queueing_lock="cases.remind_round", pass_context=False)
def remind_round(timestamp: int) -> None:
    reminders.remind_round(at=clock.now())


@jobs.every("7 * * * *", title=gettext_noop("Pass on cases of units that ended"))
def move_orphans(at: datetime) -> int:
    return successions.move_orphans(at=at)
