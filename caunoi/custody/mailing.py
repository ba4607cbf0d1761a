"""Letters to those in charge: what of theirs too few people hold, which false pages were reported. One a person and round, whatever the number."""

import logging
from collections.abc import Sequence
from datetime import date
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop, override

from caunoi.custody.models import Asset, Report
from caunoi.staff import queries as staff
from caunoi.staff.terms import Permission

log = logging.getLogger("caunoi.custody")


def tell_of_orphans(assets: Sequence[Asset], *, on: date) -> list[UUID]:
    """Write to those in charge of each thing. -> of which at least one person was told; the others are tried again tomorrow."""
    subject = gettext_noop("Cầu Nối: fewer than two people hold something")
    return _tell(assets, subject, "custody/orphan_mail.txt", on)


def tell_of_reports(reports: Sequence[Report], *, on: date) -> list[int]:
    """Write to each office that an impostor was reported. -> of which at least one person was told; the others are tried again."""
    subject = gettext_noop("Cầu Nối: somebody reported a false page")
    return _tell(reports, subject, "custody/report_mail.txt", on)


def _tell(things: Sequence[Any], subject: str, template: str, on: date) -> list[Any]:
    """One letter a person about all that is hers. -> the keys of what somebody was told of."""
    by_address: dict[str, list[Any]] = {}
    people: dict[UUID, list[str]] = {}
    for thing in things:
        if thing.unit_id not in people:
            found = staff.in_charge(
                unit_id=thing.unit_id, permission=Permission.CHANNELS_MANAGE, on=on
            )
            people[thing.unit_id] = [account.email for account in found]
        for address in people[thing.unit_id]:
            by_address.setdefault(address, []).append(thing)
    told: set[Any] = set()
    for address, about in by_address.items():
        if _mail(address, about, subject, template):
            told |= {thing.pk for thing in about}
    return sorted(told)


def _mail(address: str, about: Sequence[Any], subject: str, template: str) -> bool:
    with override("vi"):
        words = gettext(subject)
        body = render_to_string(template, {"about": about, "public_url": settings.PUBLIC_URL})
    try:
        send_mail(words, body, None, [address])
    except (SMTPException, OSError):
        log.warning("no mail left about %s things of the register", len(about))
        return False
    return True
