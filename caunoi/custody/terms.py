"""Words about looking after official channels."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from caunoi.kit.limits import Limit
from caunoi.kit.terms import Foreseen


class AssetKind(StrEnum):
    """What an institution holds towards the outside."""

    PAGE = "page"
    ACCOUNT = "account"
    GROUP = "group"
    VIDEO = "video"
    SIM = "sim"
    DOMAIN = "domain"


class AssetState(StrEnum):
    """How far a thing has come: asked for, checked, approved, in the register; or refused, or ended."""

    ASKED = "asked"
    CHECKED = "checked"
    APPROVED = "approved"
    REGISTERED = "registered"
    REFUSED = "refused"
    ENDED = "ended"


class Standing(StrEnum):
    """What the public look-up answers."""

    OFFICIAL = "official"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """One hit of the look-up. ``unit_id`` holds it now; ``on`` is the day it ended, ``into_name`` what took it in.

    asset_id  its page; None while a channel just connected has no entry of its own yet
    """

    asset_id: UUID | None
    name: str
    url: str
    kind: str
    unit_id: UUID
    standing: Standing
    on: date | None = None
    into_name: str = ""
    into_url: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """The rules of a province for what its units show.

    pattern    "MTTQ {unit}": the unit's full name stands for the braces; empty asks only for the unit's name
    must_link  an address that stands on each channel, "{slug}" being the unit's own; empty asks for none
    may_link   hosts to which it may lead, subdomains too; empty allows all
    """

    pattern: str = ""
    must_link: str = ""
    may_link: tuple[str, ...] = ()


REPORTS = Limit("impostor-report", tries=5, per=timedelta(hours=1))
"""Reports of an impostor from one network."""
LONGEST_REPORT = 500
LONGEST_LINKS = 2000
LONGEST_MISTAKE = 200
"""Why somebody is taken out who was named by mistake."""


class CustodyError(Foreseen):
    """Something about an official channel's custody that cannot be done."""


class NotYourAsset(CustodyError):
    """The unit is outside those whose channels you look after."""


class NotNow(CustodyError):
    """This step does not come next."""


class SamePerson(CustodyError):
    """Who asked for it cannot approve it."""


class TooFewKeepers(CustodyError):
    """Two people must hold it before it is registered."""


class LooksLikeSecret(CustodyError):
    """This looks like a password or a code. Write where the sealed envelope is, never what is in it."""


class NotAKeeper(CustodyError):
    """This person does not hold it."""


class WasHandedOver(CustodyError):
    """Minutes name this person. Hand it over instead, with minutes."""
