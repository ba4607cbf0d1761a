"""Somebody asks for text messages herself: a code goes to her phone, and only who sends it back stands on the list."""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction

from caunoi.channels import numbers, registry
from caunoi.channels.contract import Capability
from caunoi.channels.models import Channel, ListedNumber
from caunoi.channels.terms import ChannelState
from caunoi.kit import audit, keyring
from caunoi.kit.viewing import system

SALT = b"caunoi.channels.numbers.code"
VALID = timedelta(days=1)
WRONG_AT_MOST = 5


@system("anybody may ask for what a unit tells by text message")
def list_of(*, unit_id: UUID | None) -> Channel | None:
    """Return the working list of the unit, the oldest where there are several; None when it sends none."""
    if unit_id is None:
        return None
    kinds = registry.kinds_that(Capability.LISTED_NUMBERS)
    found = Channel.objects.filter(unit_id=unit_id, connector_key__in=kinds)
    return found.filter(state=ChannelState.ACTIVE).order_by("registered_at", "pk").first()


@transaction.atomic
def ask(*, channel: Channel, number: str, at: datetime) -> tuple[int, str] | None:
    """Keep that this number (as ``numbers.normal`` writes it) asks to be on the list, and make a code for it.

    -> (its reference, the code to send there); None when it is on the list already: then nothing is sent
    Not done here  limits on how often one number is asked
    """
    known = numbers.hash_of(channel, number)
    row = ListedNumber.objects.select_for_update().filter(channel=channel, number_hash=known)
    found = row.first() or ListedNumber(channel=channel, number_hash=known, ending=number[-3:])
    if found.confirmed_at is not None:
        return None
    code = f"{secrets.randbelow(1_000_000):06}"
    sealed = keyring.load().seal(number, context=numbers.context_of(channel))
    found.sealed_number, found.asked_at, found.wrong_codes = sealed, at, 0
    found.code_hash = _hash(known, code)
    found.save()
    return found.pk, code


@transaction.atomic
def confirm(*, channel: Channel, number: str, code: str, at: datetime) -> bool:
    """Put the number on the list when the code is the one it got, within a day and five tries. -> whether it stands there now"""
    known = numbers.hash_of(channel, number)
    row = ListedNumber.objects.select_for_update().filter(channel=channel, number_hash=known)
    found = row.exclude(code_hash=None).first()
    if (
        found is None
        or found.code_hash is None
        or at - found.asked_at > VALID
        or found.wrong_codes >= WRONG_AT_MOST
    ):
        return False
    if not hmac.compare_digest(bytes(found.code_hash), _hash(known, code.strip())):
        found.wrong_codes += 1
        found.save(update_fields=["wrong_codes"])
        return False
    found.confirmed_at, found.code_hash = at, None
    found.save(update_fields=["confirmed_at", "code_hash"])
    audit.record(
        "channels.numbers.joined", on=channel, at=at, unit_id=channel.unit_id, after={"numbers": 1}
    )
    return True


def forget_unconfirmed(*, at: datetime) -> int:
    """Erase numbers whose owner did not send the code back within a day. -> how many"""
    old = ListedNumber.objects.filter(confirmed_at=None, asked_at__lt=at - VALID)
    return old.delete()[0]


def _hash(known: bytes, code: str) -> bytes:
    secret = sha256(SALT + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, known + code.encode(), "sha256")
