"""Letters to whoever signed a plan that went back: it will not be carried out as it was signed. Sent outside any transaction."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from caunoi.reform.models import WentBack
from caunoi.units import queries as units

BATCH = 100
log = logging.getLogger("caunoi.reform")


def tell_signers(*, at: datetime) -> int:
    """Write to signers of plans that went back. -> how many letters left.

    A mail server that is away is asked again next round; a crash in between sends at worst one letter twice
    """
    waiting = WentBack.objects.filter(mailed_at=None, signer__is_active=True)
    sent = 0
    for word in waiting.select_related("plan", "signer").order_by("at", "pk")[:BATCH]:
        try:
            _send(word)
        except (SMTPException, OSError) as error:
            log.warning("letters to signers wait for the mail server: %s", error)
            break
        WentBack.objects.filter(pk=word.pk).update(mailed_at=at)
        sent += 1
    return sent


def _send(word: WentBack) -> None:
    plan = word.plan
    with override("vi"):
        shown = {
            "name": word.signer.full_name,
            "unit": units.name_of(unit_id=plan.root_id, on=plan.on_date),
            "day": plan.on_date,
            "tree_changed": word.tree_changed,
            "link": settings.PUBLIC_URL + reverse("reform:plan", args=[plan.pk]),
        }
        text = render_to_string("reform/mail/went_back.txt", shown)
        send_mail(gettext("A plan you signed went back"), text, None, [word.signer.email])
