"""Who follows from another server: an address of hers, known by a mark only, for as long as she follows."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import CONSENT, End, Free, Holding, Subject, Whose

HOLDINGS = (
    Holding(
        "fediverse.follower",
        ("actor_hash",),
        what=_("The mark of an account on another server that follows a unit"),
        purpose=_("so that your server is told of what you follow"),
        basis=CONSENT,
        kept=_("until you stop"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "fediverse.inbox",
        ("address_hash", "sealed_address"),
        what=_("Where the server of a follower is told, sealed"),
        purpose=_("so that your server is told of what you follow"),
        basis=CONSENT,
        kept=_("until nobody there follows any more"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "fediverse.activity",
        ("sealed_body",),
        what=_(
            "What another server was told, sealed: a public notice, or the answer to who follows"
        ),
        purpose=_("so that your server is told of what you follow"),
        basis=CONSENT,
        kept=_("three months"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
)
FREE = (
    Free("fediverse.actorkey", ("sealed_private", "public_pem"), why="a unit's own key pair"),
    Free("fediverse.activity", ("kind", "key"), why="what was told, by the number of a notice"),
)


def forget(about: Subject, *, at: datetime) -> int:
    """Erase nothing: no question is followed from other servers, and nobody can tell which account is whose. -> 0"""
    del about, at
    return 0
