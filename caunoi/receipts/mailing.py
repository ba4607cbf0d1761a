"""Letters that remind: to those who tell of notices in the unit itself, one a unit and day. Sent outside any transaction."""

import logging
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from caunoi.kit import clock
from caunoi.receipts import queries
from caunoi.receipts.models import Reminder
from caunoi.staff import queries as staff
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units

BATCH = 200
log = logging.getLogger("caunoi.receipts")


def mail_reminders(*, at: datetime) -> int:
    """Write to whoever tells of notices in a reminded unit. -> how many letters left.

    For a unit that ended since whoever took over is written to. A unit where nobody has an account counts as done: the reminder
    stands on its page. A mail server that is away is asked again next round; a crash in between sends at worst one letter twice.
    """
    on = clock.local_date(at)
    waiting = queries.reminders_to_mail(limit=BATCH)
    names = units.names_of(unit_ids=[r.unit_id for r in waiting], on=on)
    places = heirs.places_of(unit_ids=[r.unit_id for r in waiting], on=on)
    sent = 0
    for reminder in waiting:
        path, _name = places.get(reminder.unit_id, (reminder.unit_id.hex, ""))
        people = staff.people_of_unit(
            unit_id=UUID(path.split(".")[-1]), on=on, permission=Permission.NOTICES_DECLARE
        )
        try:
            for account in people:
                _send(reminder, account.full_name, account.email, names[reminder.unit_id])
        except (SMTPException, OSError) as error:
            log.warning("reminders wait for the mail server: %s", error)
            break
        Reminder.objects.filter(pk=reminder.pk).update(mailed_at=at)
        sent += len(people)
    return sent


def _send(reminder: Reminder, name: str, address: str, unit_name: str) -> None:
    with override("vi"):
        shown = {
            "name": name,
            "unit": unit_name,
            "title": reminder.notice.title,
            "by": reminder.by.full_name,
            "link": settings.PUBLIC_URL + reverse("receipts:to_post"),
            "asked": reminder.notice.must_acknowledge,
            "read": settings.PUBLIC_URL
            + reverse("receipts:internal_notice", args=[reminder.notice.number]),
        }
        text = render_to_string("receipts/mail/reminder.txt", shown)
        send_mail(gettext("A notice waits in your place"), text, None, [address])
