"""What a provider says afterwards of what it took: how many saw a post, what became of a video. Part of the contract with connectors that can."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from caunoi.channels.contract import Account


class Became(StrEnum):
    """What became of a video that the provider took."""

    WORKING = "working"
    SEEN = "seen"
    HIDDEN = "hidden"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it; ``reason`` says why nobody sees it: an English sentence for the catalogue."""

    became: Became
    reason: str = ""


class Judged(Protocol):
    """What a connector with OUTCOME can do beside the rest."""

    def outcome(self, account: Account, post_ref: str, *, at: datetime) -> Outcome:
        """Return what became of our video. Raises TryLater, Refused, ReconnectNeeded."""
        ...


@dataclass(frozen=True, slots=True)
class Totals:
    """How many saw one post, as its provider counts; None where it does not say.

    seen    how often it was shown
    people  to how many, if the provider tells accounts apart; nobody is named
    acted   how often somebody reacted or shared
    """

    seen: int | None = None
    people: int | None = None
    acted: int | None = None


class Counting(Protocol):
    """What a connector with TOTALS can do beside the rest."""

    def totals(self, account: Account, post_ref: str) -> Totals:
        """Return how many saw our post. Raises TryLater, Refused, ReconnectNeeded."""
        ...
