"""Words of GeoReport v2 as we speak it. Source: open311.org GeoReport v2, and the update extension FixMyStreet speaks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
NO_TOPIC = "chua-ro"
"""The service of questions nobody has given a topic yet."""
GUARDED = frozenset({"to_cao", "to_giac", "khan_cap"})
"""Topics no city app offers: danger and accusations are not for a public list."""
MAX_ROWS, MAX_DAYS = 1000, 90
MAX_DESCRIPTION = 4000


class Status(StrEnum):
    """What the standard knows."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when, both included."""

    start: datetime
    end: datetime


class Refused(Exception):
    """A request the standard answers with an error: its code is also the HTTP status."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code, self.description = code, description
