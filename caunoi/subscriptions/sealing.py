"""Addresses at rest: sealed by the key ring, compared by a keyed hash; and the key pair for push services."""

import hmac
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from py_vapid import Vapid02, b64urlencode

from caunoi.kit import keyring
from caunoi.subscriptions.models import PushKey, Subscription

SALT = b"caunoi.subscriptions"
BATCH = 500


def hash_of(address: str) -> bytes:
    """Return the keyed hash under which one address is known."""
    secret = sha256(SALT + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, address.encode(), "sha256")


def seal(address: str, *, subscription_id: UUID) -> bytes:
    """Return the address sealed; it opens for this subscription only."""
    return keyring.load().seal(address, context=f"follow:{subscription_id}")


def address_of(subscription: Subscription) -> str:
    """Return the address, opened; for the one sending that needs it."""
    return keyring.load().open(subscription.sealed_address, context=f"follow:{subscription.pk}")


@transaction.atomic
def push_key(*, at: datetime) -> PushKey:
    """Return the house's key pair for push services, made when first needed. Two at the same moment get one."""
    found = PushKey.objects.filter(pk=1).first()
    if found is not None:
        return found
    pair = Vapid02()
    pair.generate_keys()
    point = pair.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    sealed = keyring.load().seal(pair.private_pem().decode(), context="follow:push-key")
    made = {"sealed_private": sealed, "public": b64urlencode(point), "made_at": at}
    return PushKey.objects.get_or_create(pk=1, defaults=made)[0]


def opened_push_key(*, at: datetime) -> Vapid02:
    """Return the key pair as the library uses it."""
    pem = keyring.load().open(push_key(at=at).sealed_private, context="follow:push-key")
    return Vapid02.from_pem(pem.encode())


def seal_again() -> int:
    """Seal everything with the newest key of the ring; returns how many rows changed. Part of ``caunoi keys rotate``."""
    ring, changed = keyring.load(), 0
    for found in Subscription.objects.only("pk", "sealed_address").iterator(BATCH):
        if not ring.is_newest(found.sealed_address):
            found.sealed_address = seal(address_of(found), subscription_id=found.pk)
            found.save(update_fields=["sealed_address"])
            changed += 1
    for key in PushKey.objects.all():
        if not ring.is_newest(key.sealed_private):
            pem = ring.open(key.sealed_private, context="follow:push-key")
            key.sealed_private = ring.seal(pem, context="follow:push-key")
            key.save(update_fields=["sealed_private"])
            changed += 1
    return changed
