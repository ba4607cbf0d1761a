"""What carriers and gateways answer, and what a person reads about it: the one table.

Source: SMPP 3.4 §5.1.3; the error page of one reseller. What concerns the whole channel makes it wait for a person, what
concerns one number does not.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

from caunoi.channels.contract import Meaning, ReconnectNeeded, Refused, TryLater, Unclear

UNREACHABLE = Meaning(TryLater, _("The text message provider cannot be reached."))
BUSY = Meaning(TryLater, _("The text message provider asks to wait; it goes on by itself."), 30)
TROUBLE = Meaning(
    TryLater, _("The text message provider is in trouble; the message is sent later by itself."), 60
)
NO_ANSWER = Meaning(
    Unclear,
    _("The text message provider did not answer after the message left; ask whether it arrived."),
)
UNREADABLE = Meaning(
    Unclear, _("The text message provider answered something unreadable; ask whether it arrived.")
)
IN_PARTS = Meaning(
    Unclear, _("Only the first parts of a long text message were taken; ask what arrived.")
)
NO_LOOKING = Meaning(
    TryLater, _("What was sent by text message cannot be looked up; please ask whether it arrived.")
)
NOT_LET_IN = Meaning(
    ReconnectNeeded,
    _(
        "The text message provider does not let us in; check the account's name and password with it."
    ),
)
SENDER = Meaning(
    ReconnectNeeded,
    _("The sender's name is not registered with the carrier; ask the provider about it."),
)
NO_MONEY = Meaning(
    ReconnectNeeded,
    _("The account at the text message provider is empty; pay in, then check the channel."),
)
ADDRESS = Meaning(
    ReconnectNeeded,
    _("The provider does not accept messages from this server's address; ask it to allow it."),
)
NO_NUMBER = Meaning(Refused, _("This is no mobile phone number of Việt Nam."))
NOBODY = Meaning(Refused, _("The carrier does not know this number."))
BLOCKED = Meaning(Refused, _("This number takes no such messages."))
TEMPLATE = Meaning(
    Refused, _("The carrier wants this wording to be registered first; ask the provider.")
)
NETWORK = Meaning(
    Refused, _("The sender's name is not registered with the carrier of this number.")
)
TOO_LONG = Meaning(Refused, _("The text message is too long; write a shorter text for it."))
SHAPE = Meaning(Refused, _("The carrier does not accept this message in this form."))
UNKNOWN = Meaning(Refused, _("The carrier refuses this message and does not say why."))
ONLY_PUBLICATIONS = Meaning(Refused, _("Only publications go out by text message here."))

SMPP: Mapping[int, Meaning] = {
    0x01: TOO_LONG,
    0x05: BUSY,
    0x08: TROUBLE,
    0x0A: SENDER,
    0x0B: NOBODY,
    0x0D: NOT_LET_IN,
    0x0E: NOT_LET_IN,
    0x0F: NOT_LET_IN,
    0x14: BUSY,
    0x45: SHAPE,
    0x58: BUSY,
    0x61: SHAPE,
}
GATEWAY: Mapping[str, Meaning] = {
    "99": BLOCKED,
    "101": NOT_LET_IN,
    "103": NO_MONEY,
    "104": SENDER,
    "140": ADDRESS,
    "146": TEMPLATE,
    "177": NETWORK,
}
NOT_ARRIVED: Mapping[str, str] = {
    "EXPIRED": _("The phone was off for too long; the message did not arrive."),
    "DELETED": _("The carrier deleted the message before it arrived."),
    "UNDELIV": _("The carrier could not deliver the message to this phone."),
    "REJECTD": _("The carrier rejected the message."),
    "UNKNOWN": _("The carrier does not know what became of the message."),
}
"""States of a receipt (SMPP 3.4 appendix B); DELIVRD means arrived, all others are on the way."""
