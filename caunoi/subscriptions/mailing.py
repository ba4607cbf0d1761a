"""Letters to followers by e-mail. Each can be ended by one click of the mail program (RFC 8058). Sent outside any transaction."""

from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from caunoi.kit import clock
from caunoi.subscriptions import queries, sealing, words
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.subscriptions.terms import About

BATCH = 100


def ask_followers(*, at: datetime) -> int:
    """Send the letters that ask an address whether it wants to follow, and the yearly ones. -> how many were sent.

    A crash in between sends at worst one letter twice, under the same Message-ID. An address that its server refuses is erased.
    """
    sent = 0
    for template, waiting in (
        ("follow_confirm", queries.to_confirm(limit=BATCH)),
        ("follow_renew", queries.to_renew(at=at, limit=BATCH)),
    ):
        for found in waiting:
            sent += _ask(found, template, at)
    return sent


def _ask(found: Subscription, template: str, at: datetime) -> bool:
    shown = {
        "what": words.name_of(found, clock.local_date(at)),
        "confirm": words.confirm_address(found),
        "stop": words.stop_address(found),
    }
    try:
        _send(found, template, shown, key=f"{template}-{found.pk}-{found.asked_at:%Y%m%d%H%M%S}")
    except SMTPRecipientsRefused:
        found.delete()
        return False
    Subscription.objects.filter(pk=found.pk).update(mailed_at=at)
    return True


def tell(
    found: Subscription,
    sendings: Sequence[Sending],
    rows: Sequence[dict],
    *,
    at: datetime,
    mailer: BaseEmailBackend,
) -> None:
    """Send one letter with everything that is due, through ``mailer``. Raises what the mail server raises.

    Whatever is sent again after a crash bears the same Message-ID.
    """
    tells_notices = found.about == About.NOTICES
    shown = {
        "rows": rows[: words.MOST_ROWS],
        "more": max(0, len(rows) - words.MOST_ROWS),
        "what": words.name_of(found, clock.local_date(at)),
        "one": rows[0] if found.number or (tells_notices and len(rows) == 1) else None,
        "stop": words.stop_address(found),
    }
    _send(
        found,
        "follow_notices" if tells_notices else "follow_news",
        shown,
        key=f"follow-{found.pk}-{sendings[-1].event_id}",
        mailer=mailer,
    )


def _send(
    found: Subscription,
    template: str,
    shown: dict,
    *,
    key: str,
    mailer: BaseEmailBackend | None = None,
) -> None:
    subject, body = words.said(template, shown)
    host = settings.PUBLIC_URL.split("://")[-1].split(":")[0]
    headers = {
        "Message-ID": f"<{key}@{host}>",
        "List-Unsubscribe": f"<{words.stop_address(found)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    letter = EmailMessage(subject, body, None, [sealing.address_of(found)], headers=headers)
    letter.connection = mailer
    letter.send()
