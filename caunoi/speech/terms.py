"""Words about reading aloud by machine."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from caunoi.kit.terms import Foreseen

MOST_SIGNS = 4000
"""About four minutes of speech; a village loudspeaker is given two."""
PATIENCE_SECONDS = 20.0


class CannotSpeak(Foreseen):
    """No voice could be made: the engine is missing, failed, or took too long. The text can still be read by a person."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of an engine. ``label`` is an English sentence for the catalogue."""

    key: str
    label: str
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Sound:
    """Speech as 16-bit little-endian samples, one channel."""

    samples: bytes = field(repr=False)
    rate_hz: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / 2 / self.rate_hz


class Engine(Protocol):
    """What makes speech of a text. Stateless; named by the setting ``SPEECH_ENGINE``."""

    voices: Sequence[Voice]

    def speak(self, text: str, voice: Voice) -> Sound:
        """Return the text spoken. Raises CannotSpeak."""
        ...
