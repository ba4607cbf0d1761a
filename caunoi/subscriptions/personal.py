"""Who follows an answer: an address, sealed, for as long as she wants to be told."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import CONSENT, End, Free, Holding, Subject, Whose
from caunoi.subscriptions import actions
from caunoi.subscriptions.terms import Way, What

HOLDINGS = (
    Holding(
        "subscriptions.subscription",
        ("sealed_address", "address_hash"),
        what=_("The address of who follows an answer, sealed"),
        purpose=_("so that you are told of the answer you asked to follow"),
        basis=CONSENT,
        kept=_("until you stop, a month without confirmation, or thirteen months without a yes"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "subscriptions.sending",
        ("address_hash",),
        what=_("The mark of an address that was told of a notice"),
        purpose=_("so that you are told of a notice once"),
        basis=CONSENT,
        kept=_("until you stop, or three months"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
)
FREE = (
    Free(
        "subscriptions.subscription",
        ("way", "number", "topic", "about"),
        why="what is followed, a public number or code",
    ),
    Free("subscriptions.sending", ("number", "kind"), why="a public number and what happened"),
    Free("subscriptions.noticenews", ("kind",), why="what happened to a public notice"),
    Free("subscriptions.noticetally", ("way",), why="totals by way"),
    Free("subscriptions.pushkey", ("sealed_private", "public"), why="the house's own key pair"),
)


def forget(about: Subject, *, at: datetime) -> int:
    """Let her chat no longer follow the question. Addresses given elsewhere are not hers to the house: nobody can tell."""
    del at
    if about.channel_id is None or about.thread_id is None:
        return 0
    address = f"{about.channel_id}:{about.thread_id}"
    return actions.stop_address(way=Way.CHAT, address=address, what=What(number=about.number))
