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


WEB_PUSH = "web_push"
"""What browsers are called among the kinds of channel of an audience."""


class About(StrEnum):
    """Of what of a unit a follower is told: what it answered, or what it says itself."""

    ANSWERS = "answers"
    NOTICES = "notices"


class News(StrEnum):
    """What happened to a notice, as followers are told."""

    NOTICE = "notice"
    WARNING = "warning"
    RECALLED = "recalled"


class Fate(StrEnum):
    """What became of one telling: taken over there, its address is gone, or given up."""

    ACCEPTED = "accepted"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class What:
    """What is followed: one question by its number, the answers of a unit and below, perhaps of one topic, or a unit's notices.

    only_warnings  of the notices; not part of what tells two followings apart
    """

    number: str = ""
    unit_id: UUID | None = None
    topic: str = ""
    about: About = About.ANSWERS
    only_warnings: bool = False

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
KEPT_DAYS = 90
"""So long is kept that somebody was told something."""
OLDEST = timedelta(days=7)
"""Nothing older is told: an old question that was only now put into the library is no news."""
PUSH_HOSTS = (
    "fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "notify.windows.com", "push.services.mozilla.com",
)  # fmt: skip
"""The push services of the browsers; an address elsewhere is refused, for our server would call it."""
CODES_TO_ONE = Limit("sms-codes", tries=3, per=timedelta(days=1))
"""Codes that one telephone is sent because somebody typed its number in."""
CODES_OF_LIST = Limit("sms-codes-of-list", tries=200, per=timedelta(days=1))
"""Codes that one unit's list sends in all: each costs money."""
CODES_ASKED = Limit("sms-codes-asked", tries=20, per=timedelta(hours=1))
"""Sign-ups and codes typed in from one network."""
LETTERS_TO_ONE = Limit("follow-letters", tries=5, per=timedelta(days=1))
"""Letters that one mailbox is sent because somebody typed it in."""
