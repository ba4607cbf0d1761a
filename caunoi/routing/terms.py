"""Words of routing: topics, competent bodies, rules, proposals."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from caunoi.kit.terms import Foreseen


class BodyKind(StrEnum):
    """What sort of body answers: an agency beside the Front, or the people elected."""

    DEPARTMENT = "department"
    OFFICE = "office"
    COMMITTEE = "committee"
    COUNCIL = "council"
    NA_DELEGATION = "na_delegation"
    POLICE = "police"
    BORDER_GUARD = "border_guard"
    SERVICE = "service"
    OTHER = "other"


class Mode(StrEnum):
    """What a rule does by itself: it proposes, and a person accepts; or it is applied at once."""

    PROPOSE = "propose"
    AUTOMATIC = "automatic"


CASE_KINDS = (
    "question",
    "report",
    "petition",
    "voter_petition",
    "complaint",
    "denunciation",
    "tip_off",
    "emergency",
)
"""The kinds of cases a rule may name; the room cases, which stands above this one, has the same words."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What routing knows of a case: topic and kind may be empty, ``path`` is the unit's path in today's tree."""

    topic: str
    kind: str
    path: str
    place_name: str


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """One rule as it is decided upon: who is meant is a unit, a body, or the nearest body with that office."""

    id: int
    topic: str
    topic_name: str
    kind: str
    kind_name: str
    place_path: str
    place_name: str
    unit_id: UUID | None
    body_id: UUID | None
    office: str
    target_name: str
    priority: int
    automatic: bool
    legal_source: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """One body that may be meant by its office: where it stands, and how it is called."""

    id: UUID
    office: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should get the case, why in words, and whether that happens without asking."""

    rule_id: int
    unit_id: UUID | None
    body_id: UUID | None
    target_name: str
    explanation: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class TopicWords:
    """A topic and the words by which it is known."""

    code: str
    name: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicGuess:
    """A topic a text may be about, the words that say so, and how strongly."""

    code: str
    name: str
    words: tuple[str, ...]
    score: int


class RoutingError(Foreseen):
    """Something about routing that cannot be done."""


class OutsideReach(RoutingError):
    """The unit lies outside the places you administer."""


class TopicsAreShared(RoutingError):
    """Topics are shared by the whole country or province; only an administrator at the top may change them."""


class CodeTaken(RoutingError):
    """Another topic has this short name."""


class NoTarget(RoutingError):
    """A rule names exactly one: a unit, a body, or an office."""
