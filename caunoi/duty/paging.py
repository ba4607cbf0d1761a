"""One round of calling, repeated by the worker: queue what is due, then send it. No transaction is open while mail is sent."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import override

from caunoi.duty import actions
from caunoi.duty.models import Alarm, Page
from caunoi.kit import clock
from caunoi.units import queries as units

BATCH = 20
SALT = "caunoi.duty.take"
LINK_SECONDS = 24 * 3600
log = logging.getLogger("caunoi.duty")


def page_once(*, now: Callable[[], datetime], limit: int = BATCH) -> int:
    """Call who is due for every ringing alarm. Returns how many calls were tried."""
    ringing = Alarm.objects.filter(taken_at=None, look_again_at__lte=now())
    for alarm in ringing.order_by("look_again_at")[:100]:
        actions.call_who_is_due(alarm=alarm, at=now())
    claimed = actions.claim_pages(limit=limit, at=now())
    for page in claimed:
        actions.record_page(page=page, trouble=_send(page), at=now())
    return len(claimed)


def _send(page: Page) -> str:
    """Send one call; return what went wrong, or nothing."""
    with override("vi"):
        subject, _, body = render_to_string("messages/call.txt", words_of(page)).partition("\n")
    try:
        send_mail(subject.strip(), body.strip() + "\n", None, [page.account.email])
    except (OSError, ValueError) as error:
        log.warning("call %s could not be sent: %s", page.pk, type(error).__name__)
        return f"{type(error).__name__}"
    return ""


def words_of(page: Page) -> dict[str, object]:
    """Return what the call says: where, since when, and a link to take it; never a word of the case."""
    on = clock.local_date(page.made_at)
    token = signing.dumps([str(page.alarm_id), page.account_id], salt=SALT)
    return {
        "alarm": page.alarm,
        "person": page.account.full_name,
        "unit_name": units.name_of(unit_id=page.alarm.unit_id, on=on),
        "link": f"{settings.PUBLIC_URL}/truc/nhan/{token}/",
        "turn": page.turn,
    }


def opened(token: str) -> tuple[str, int] | None:
    """Return alarm and person behind a link of a call, or None when it is no link of ours or older than a day."""
    try:
        alarm_id, account_id = signing.loads(token, salt=SALT, max_age=LINK_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return alarm_id, account_id
