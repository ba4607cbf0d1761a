"""What a mail server's answers mean. Source: RFC 5321 §4.2: 4yz is for now, 5yz for good."""

from django.utils.translation import gettext_noop as _

from caunoi.channels.contract import Meaning, ReconnectNeeded, Refused, TryLater, Unclear

UNREACHABLE = Meaning(TryLater, _("The mail server cannot be reached."))
BUSY = Meaning(TryLater, _("The mail server asks to wait; the letter is sent later by itself."))
NOT_LET_IN = Meaning(
    ReconnectNeeded,
    _("The mail server does not let us in; check its name and password in the settings."),
)
NO_ANSWER = Meaning(
    Unclear, _("The mail server did not answer after the letter left; ask whether it arrived.")
)
NO_LOOKING = Meaning(
    TryLater, _("What a mail server took cannot be looked up; please ask whether it arrived.")
)
NO_ADDRESS = Meaning(Refused, _("The mail server does not know this address."))
REFUSED = Meaning(Refused, _("The mail server refuses this letter."))
TOO_LONG = Meaning(Refused, _("The letter is too long."))
ONLY_PUBLICATIONS = Meaning(Refused, _("Only publications go out by e-mail here."))
AUTHENTICATION = frozenset({530, 534, 535, 538})


def from_answer(code: int, about_address: bool) -> Exception:
    """Return our exception for a reply code; without a code that can be read nobody knows."""
    if code in AUTHENTICATION:
        return NOT_LET_IN.error(code)
    if 400 <= code < 500:
        return BUSY.error(code)
    if 500 <= code < 600:
        return (NO_ADDRESS if about_address else REFUSED).error(code)
    return NO_ANSWER.error(code)
