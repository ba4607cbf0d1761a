"""Letters to those in charge: what of theirs too few people hold. One a person and day, whatever the number."""

import logging
from collections.abc import Sequence
from datetime import date
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from caunoi.custody.models import Asset
from caunoi.staff import queries as staff
from caunoi.staff.terms import Permission

log = logging.getLogger("caunoi.custody")


def tell_of_orphans(assets: Sequence[Asset], *, on: date) -> list[UUID]:
    """Write to those in charge of each thing. -> of which at least one person was told; the others are tried again tomorrow."""
    by_address: dict[str, list[Asset]] = {}
    people: dict[UUID, list[str]] = {}
    for asset in assets:
        if asset.unit_id not in people:
            found = staff.in_charge(
                unit_id=asset.unit_id, permission=Permission.CHANNELS_MANAGE, on=on
            )
            people[asset.unit_id] = [account.email for account in found]
        for address in people[asset.unit_id]:
            by_address.setdefault(address, []).append(asset)
    told: set[UUID] = set()
    for address, about in by_address.items():
        if _mail(address, about):
            told |= {asset.pk for asset in about}
    return sorted(told)


def _mail(address: str, about: Sequence[Asset]) -> bool:
    with override("vi"):
        subject = gettext("Cầu Nối: fewer than two people hold something")
        shown = {"assets": about, "public_url": settings.PUBLIC_URL}
        body = render_to_string("custody/orphan_mail.txt", shown)
    try:
        send_mail(subject, body, None, [address])
    except (SMTPException, OSError):
        log.warning("no mail left about %s things that too few people hold", len(about))
        return False
    return True
