"""What becomes of a video after a provider took it: part of the contract with connectors that can say so."""

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
