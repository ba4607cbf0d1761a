"""What Zalo's error codes mean: the one table. Its own words stay out of everything a person reads.

Source: the OA API's error page. Codes in UNCERTAIN were never seen by us on a real account.
"""

from typing import Any

from django.utils.translation import gettext_noop as _

from caunoi.channels.contract import (
    Meaning,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)


class TokenGone(ReconnectNeeded):
    """The access token is no longer good; a refreshed one may be."""


BUSY = Meaning(TryLater, _("Zalo asks to wait; the message is sent later by itself."), 60)
TROUBLE = Meaning(TryLater, _("Zalo is in trouble; the message is sent later by itself."))
UNREACHABLE = Meaning(TryLater, _("Zalo cannot be reached."))
NO_READING = Meaning(TryLater, _("Zalo did not answer in time."))
NO_ANSWER = Meaning(
    Unclear, _("Zalo did not answer after the message left; we look whether it arrived.")
)
UNREADABLE = Meaning(
    Unclear, _("Zalo answered something unreadable; we look whether the message arrived.")
)
TOO_MUCH = Meaning(
    TryLater, _("There is too much to look through; please look at the account yourself.")
)
TOKEN = Meaning(TokenGone, _("Zalo no longer accepts the account's token."))
CLOSED = Meaning(ReconnectNeeded, _("This Zalo account is switched off or does not exist."))
RIGHT = Meaning(Refused, _("The account's plan or our application lacks this right."))
SHAPE = Meaning(Refused, _("Zalo does not accept this message in this form."))
USED_UP = Meaning(
    TryLater, _("The account's messages for this period are used up; they go on later."), 3600
)
WINDOW = Meaning(
    Refused,
    _(
        "The person has not written for seven days; Zalo lets us answer only after the next message."
    ),
)
NOBODY = Meaning(Refused, _("This person cannot be reached on Zalo now."))
NOT_READY = Meaning(
    Unclear, _("Zalo took the article and has not shown it yet; we look whether it is there.")
)
TOO_LONG = Meaning(Refused, _("The message is too long for Zalo."))
NO_BROADCAST_LIST = Meaning(
    TryLater, _("Zalo does not say what was sent to all followers; please look at the account.")
)
GONE_CODE = "-201"
"""What Zalo says of an article that is not there; a guess."""
UNKNOWN = Meaning(Refused, _("Zalo refuses this message and does not say why."))

TABLE: dict[int, Meaning] = {
    # passes by itself
    -32: BUSY,
    -200: Meaning(TryLater, TROUBLE.sentence, 30),
    -211: USED_UP,
    -218: Meaning(TryLater, _("This person gets no more messages today; it goes on later."), 3600),
    -234: Meaning(TryLater, _("Zalo sends no such message at night; it goes on later."), 3600),
    # the token, or the account itself
    -216: TOKEN,
    -220: TOKEN,
    -204: CLOSED,
    -205: CLOSED,
    # a right is missing
    **dict.fromkeys((-209, -224, -237, -238, -321), RIGHT),
    -242: Meaning(
        Refused, _("Our application's proof is wrong; check the application's secret key.")
    ),
    # the person
    -213: Meaning(Refused, _("This person does not follow the account.")),
    -214: NOBODY,
    -221: NOBODY,
    -227: Meaning(Refused, _("This person's Zalo account is closed or was not used for long.")),
    -230: WINDOW,
    -232: WINDOW,
    # the message itself
    -201: SHAPE,
    -210: TOO_LONG,
    -233: Meaning(Refused, _("Zalo does not accept this kind of message.")),
    -240: Meaning(Refused, _("Zalo does not accept this kind of message any more.")),
}
UNCERTAIN = frozenset({-200, -209, -210, -214, -221, -224, -227, -234, -237, -238, -240, -321})

# The token endpoint. Only these pass by themselves; every other error means: connect again.
NO_TRADE = Meaning(Unclear, _("Zalo did not answer while the token was renewed; we try again."))
NO_APPLICATION = Meaning(ReconnectNeeded, _("This account has no application; connect it again."))
REFRESH_GONE = Meaning(
    ReconnectNeeded, _("Zalo no longer accepts the refresh token; connect the account again.")
)
OAUTH: dict[int, Meaning] = {
    -32: BUSY,
    -14002: Meaning(
        ReconnectNeeded, _("Zalo does not know our application; check its number and secret key.")
    ),
    -14003: Meaning(
        ReconnectNeeded, _("The consent was used already or is too old; connect the account again.")
    ),
    -14004: Meaning(
        ReconnectNeeded, _("Zalo does not know our application; check its number and secret key.")
    ),
    -14012: Meaning(
        ReconnectNeeded, _("The consent was used already or is too old; connect the account again.")
    ),
    -14014: REFRESH_GONE,
    -14024: REFRESH_GONE,
}
UNCERTAIN_OAUTH = frozenset(OAUTH) - {-32}


def number(value: Any) -> int:
    """Return a code as a number; anything that is none counts as an unknown error."""
    return int(value) if str(value).lstrip("-").isdigit() else -1
