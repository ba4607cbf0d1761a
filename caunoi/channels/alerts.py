"""Words to those in charge of channels: one a channel, kind and hour (or day), and one mail a person a round."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from caunoi.channels import queries, rules
from caunoi.channels.models import Alert, Channel
from caunoi.channels.terms import AlertKind
from caunoi.kit import clock
from caunoi.staff import queries as staff
from caunoi.staff.terms import Permission

MAILED_WITHIN = timedelta(hours=6)
"""Older words are not mailed any more; they stand on the health page."""
ABOUT_SENDS = frozenset({AlertKind.DEAD, AlertKind.STUCK, AlertKind.UNCERTAIN})
log = logging.getLogger("caunoi.channels")


@transaction.atomic
def raise_alert(*, channel: Channel, kind: AlertKind, count: int, at: datetime) -> bool:
    """Note that those in charge should know. -> True when this is news; else only the figure is brought up to date.

    Idempotent by  channel, kind and the hour (day for slow things)
    """
    slot = rules.alert_slot(kind=kind, at=at)
    alert, new = Alert.objects.get_or_create(
        channel=channel, kind=kind.value, slot=slot, defaults={"count": count, "raised_at": at}
    )
    if not new and count > alert.count:
        Alert.objects.filter(pk=alert.pk).update(count=count)
    return new


def mail_new(*, at: datetime) -> int:
    """Write to those in charge about what is new: one mail a person. -> how many mails left.

    What reached at least one of them counts as said; what reached nobody is tried again next round.
    """
    waiting = queries.unmailed_alerts(since=at - MAILED_WITHIN)
    by_address: dict[str, list[Alert]] = {}
    people: dict[tuple[UUID, Permission], list[str]] = {}
    said = set()
    for alert in waiting:
        addresses = _addresses(alert, people, at)
        if not addresses:
            said.add(alert.pk)
        for address in addresses:
            by_address.setdefault(address, []).append(alert)
    sent = 0
    for address, about in by_address.items():
        if _mail(address, about):
            sent += 1
            said.update(alert.pk for alert in about)
    Alert.objects.filter(pk__in=said).update(mailed_at=at)
    return sent


def _addresses(
    alert: Alert, people: dict[tuple[UUID, Permission], list[str]], at: datetime
) -> list[str]:
    about_sends = alert.kind in ABOUT_SENDS
    permission = Permission.OUTBOX_MANAGE if about_sends else Permission.CHANNELS_MANAGE
    key = (alert.channel.unit_id, permission)
    if key not in people:
        found = staff.in_charge(unit_id=key[0], permission=permission, on=clock.local_date(at))
        people[key] = [account.email for account in found]
    return people[key]


def _mail(address: str, alerts: Sequence[Alert]) -> bool:
    with override("vi"):
        subject = gettext("Cầu Nối: channels need a look")
        shown = {"alerts": alerts, "public_url": settings.PUBLIC_URL}
        body = render_to_string("channels/alert_mail.txt", shown)
    try:
        send_mail(subject, body, None, [address])
    except (SMTPException, OSError):
        log.warning("no mail left for somebody in charge of %s channels", len(alerts))
        return False
    return True
