"""Asking for text messages: the code that goes to a telephone before anything else does."""

import secrets
from datetime import datetime

from django.db import transaction

from caunoi.channels import numbers_asking
from caunoi.channels.contract import PostKind
from caunoi.channels.models import Channel
from caunoi.kit import limits
from caunoi.outbox import actions as outbox
from caunoi.subscriptions import sealing
from caunoi.subscriptions.terms import CODES_OF_LIST, CODES_TO_ONE

WORDS = "Ma xac nhan nhan tin: {code}. Neu khong phai ban yeu cau, xin bo qua tin nay."


def ask(*, channel: Channel, number: str, at: datetime) -> None:
    """Send a code there, unless the number is on the list already or was sent enough today: the door says the same in all cases."""
    telephone = sealing.hash_of(f"codes:{number}").hex()
    if not limits.take(CODES_TO_ONE, who=telephone, at=at).allowed:
        return
    if not limits.take(CODES_OF_LIST, who=str(channel.pk), at=at).allowed:
        return
    _send(channel, number, at)


@transaction.atomic
def _send(channel: Channel, number: str, at: datetime) -> None:
    asked = numbers_asking.ask(channel=channel, number=number, at=at)
    if asked is None:
        return
    ref, code = asked
    outbox.queue_send(
        channel=channel,
        kind=PostKind.PUBLICATION,
        target_ref=str(ref),
        thread_ref=f"code:{ref}",
        text=WORDS.format(code=code),
        reference=f"code:{ref}",
        key=f"code:{ref}:{secrets.token_hex(8)}",
        at=at,
        is_confidential=True,
    )
