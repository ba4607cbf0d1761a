"""Signed links: the database holds no secret of them. Each kind of link opens one door."""

from uuid import UUID

from django.core import signing

from caunoi.subscriptions.terms import CONFIRM_DAYS, Spent

CONFIRM, STOP = "caunoi.subscriptions.confirm", "caunoi.subscriptions.stop"


def made(salt: str, subscription_id: UUID) -> str:
    """Return the word that stands in the address."""
    return signing.dumps(subscription_id.hex, salt=salt)


def read(salt: str, word: str) -> UUID:
    """Return whose link it is. Raises Spent: not ours, changed, or a confirmation that is too old."""
    oldest = CONFIRM_DAYS * 86400 if salt == CONFIRM else None
    try:
        return UUID(signing.loads(word, salt=salt, max_age=oldest))
    except (signing.BadSignature, ValueError) as error:
        raise Spent("The link no longer opens anything.") from error
