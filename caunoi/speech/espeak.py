"""The engine that comes along: espeak-ng from its wheel, run as a program of its own and only while it speaks.

It is understandable, not beautiful. Its licence (GPL-3) keeps it out of our own process, and a crash of it takes no
worker along: both are why it is a program of its own (``espeak_program.py``).
"""

import subprocess
import sys
from pathlib import Path

from django.utils.translation import gettext_noop

from caunoi.speech.terms import PATIENCE_SECONDS, CannotSpeak, Sound, Voice

PROGRAM = Path(__file__).with_name("espeak_program.py")
MISSING = 3
NOT_INSTALLED = gettext_noop(
    "No speech engine is installed here (package espeakng-loader). Record the text with a phone instead."
)
FAILED = gettext_noop("The speech engine could not read this text. Record it with a phone instead.")
TOO_SLOW = gettext_noop("The speech engine took too long. Try again, or record the text.")


class Espeak:
    """espeak-ng: three Vietnamese voices, offline."""

    voices = (
        Voice("vi", gettext_noop("Northern voice")),
        Voice("vi-vn-x-central", gettext_noop("Central voice")),
        Voice("vi-vn-x-south", gettext_noop("Southern voice")),
    )

    def speak(self, text: str, voice: Voice) -> Sound:
        """Return the text spoken. Raises CannotSpeak."""
        try:
            run = subprocess.run(
                [sys.executable, "-I", str(PROGRAM), voice.key],
                input=text.encode(),
                capture_output=True,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CannotSpeak(TOO_SLOW) from None
        if run.returncode == MISSING:
            raise CannotSpeak(NOT_INSTALLED)
        if run.returncode or len(run.stdout) <= 4:
            raise CannotSpeak(FAILED)
        return Sound(samples=run.stdout[4:], rate_hz=int.from_bytes(run.stdout[:4], "little"))
