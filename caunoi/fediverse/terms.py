"""Words about being followed from Mastodon and its kin (ActivityPub). Sources: W3C ActivityPub, RFC 7033, draft-cavage-http-signatures-12."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from caunoi.kit.limits import Limit
from caunoi.kit.terms import Foreseen

ACTIVITY_JSON = "application/activity+json"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
CONTEXT = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
EVERYBODY = "https://www.w3.org/ns/activitystreams#Public"
MAX_BODY_BYTES = 64 * 1024
FRESH = timedelta(hours=12)
"""How far the clock of another server may be from ours."""
SIGNED = ("(request-target)", "host", "date", "digest")
"""What a signature must cover at least."""
LONGEST_ADDRESS = 500
TRIES = 12
GONE = frozenset({404, 410})
KEPT_DAYS = 90
FETCHES = Limit("fediverse-fetch", tries=300, per=timedelta(hours=1))
"""How often we ask who somebody is because one address sent us something."""


class Kind(StrEnum):
    """What we tell other servers."""

    ACCEPT = "Accept"
    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    MOVE = "Move"


@dataclass(frozen=True, slots=True)
class Signature:
    """A ``Signature`` header taken apart."""

    key_id: str
    names: tuple[str, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Remote:
    """An actor of another server, as its own document says."""

    id: str
    inbox: str
    shared_inbox: str
    key_id: str
    public_pem: str

    @property
    def told_at(self) -> str:
        """Where it is told: an inbox its server shares, so that a server with many followers is told once."""
        return self.shared_inbox or self.inbox


class NotSigned(Foreseen):
    """The request bears no signature we can believe."""


class NotCallable(Foreseen):
    """The address is none of a server we would call."""


class ActorGone(Foreseen):
    """The other server says that the actor is gone."""


class NotReached(Foreseen):
    """The other server did not say who its actor is."""
