"""Keys of the units and addresses of followers at rest; signing and checking. RSA-2048, PKCS#1 v1.5, SHA-256."""

import hmac
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.db import transaction

from caunoi.fediverse.models import Activity, ActorKey, Inbox
from caunoi.kit import keyring

SALT = b"caunoi.fediverse"
BITS, FEWEST_BITS = 2048, 1024


def hash_of(address: str) -> bytes:
    """Return the keyed hash under which one address is known."""
    secret = sha256(SALT + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, address.encode(), "sha256")


def seal(text: str, *, context: str) -> bytes:
    """Return the text sealed; it opens in the same context only."""
    return keyring.load().seal(text, context=f"fediverse:{context}")


def opened(sealed: bytes | memoryview, *, context: str) -> str:
    """Return what was sealed. Raises KeyringError."""
    return keyring.load().open(sealed, context=f"fediverse:{context}")


def key_of(*, unit_id: UUID, at: datetime) -> ActorKey:
    """Return the unit's key pair, made when first needed. Two at the same moment get one."""
    found = ActorKey.objects.filter(pk=unit_id).first()
    if found is not None:
        return found
    pair = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    private = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    made = {
        "sealed_private": seal(private, context=f"key:{unit_id}"),
        "public_pem": public.decode(),
        "made_at": at,
    }
    return ActorKey.objects.get_or_create(unit_id=unit_id, defaults=made)[0]


def sign(text: str, *, unit_id: UUID, at: datetime) -> bytes:
    """Return the unit's signature of the text."""
    key = key_of(unit_id=unit_id, at=at)
    return signed(text, opened(key.sealed_private, context=f"key:{unit_id}"))


def signed(text: str, private_pem: str) -> bytes:
    """Return the signature of the text by a key."""
    key = load_pem_private_key(private_pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an RSA key is needed")
    return key.sign(text.encode(), PKCS1v15(), SHA256())


def is_signed(text: str, raw: bytes, public_pem: str) -> bool:
    """True when the text was signed by the key whose public half this is; False for a key we cannot use, too."""
    try:
        key = load_pem_public_key(public_pem.encode())
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size < FEWEST_BITS:
            return False
        key.verify(raw, text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


@transaction.atomic
def seal_again() -> int:
    """Seal everything with the newest key of the ring; returns how many rows changed. Part of ``caunoi keys rotate``."""
    ring, changed = keyring.load(), 0
    for model, field, word in (
        (ActorKey, "sealed_private", "key"),
        (Inbox, "sealed_address", "inbox"),
        (Activity, "sealed_body", "activity"),
    ):
        for row in model.objects.iterator(500):
            before, context = getattr(row, field), f"{word}:{row.pk}"
            if not ring.is_newest(before):
                setattr(row, field, seal(opened(before, context=context), context=context))
                row.save(update_fields=[field])
                changed += 1
    return changed
