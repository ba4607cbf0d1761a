"""Words about following answers."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from caunoi.kit.limits import Limit
from caunoi.kit.terms import Foreseen


class Way(StrEnum):
    """How a follower is told."""

    EMAIL = "email"
    PUSH = "push"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class What:
    """What is followed: one question by its number, or the answers of a unit and below, perhaps of one topic."""

    number: str = ""
    unit_id: UUID | None = None
    topic: str = ""

    @property
    def at_once(self) -> bool:
        """True for one question: its follower is told as it happens; all others once a day."""
        return bool(self.number)


class NotFollowable(Foreseen):
    """Nobody can follow this: it is not public, or not there."""


class NotAPushService(Foreseen):
    """The address does not belong to a push service of a browser."""


class TooMany(Foreseen):
    """One address follows no more than so many things."""


class Spent(Foreseen):
    """The link is not ours, or was for something that is no longer there."""


CONFIRM_DAYS = 31
"""So long a confirmation link opens; an address that nobody confirmed by then is erased."""
RENEW_DAYS = 365
"""Once a year a follower by e-mail is asked whether she still wants it, and erased a month later without a yes."""
MOST_OF_ONE_ADDRESS = 30
TRIES = 8
OLDEST = timedelta(days=7)
"""Nothing older is told: an old question that was only now put into the library is no news."""
PUSH_HOSTS = (
    "fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "notify.windows.com", "push.services.mozilla.com",
)  # fmt: skip
"""The push services of the browsers; an address elsewhere is refused, for our server would call it."""
LETTERS_TO_ONE = Limit("follow-letters", tries=5, per=timedelta(days=1))
"""Letters that one mailbox is sent because somebody typed it in."""
