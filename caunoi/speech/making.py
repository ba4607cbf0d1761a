"""A text becomes sound, and the sound a file that a loudspeaker, a phone or a browser plays."""

import io
import wave
from functools import cache

import lameenc
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from caunoi.speech.terms import MOST_SIGNS, CannotSpeak, Engine, Sound, Voice

EMPTY = gettext_noop("There is nothing to read aloud yet.")
TOO_LONG = gettext_noop("This text is too long to be read aloud; shorten it.")
NO_SUCH_VOICE = gettext_noop("This voice is not installed here.")
KBIT_A_SECOND = 48
"""Speech of one channel; a two-minute package is about 700 kB and loads on a village phone."""


@cache
def engine() -> Engine:
    """Return the engine named by the setting SPEECH_ENGINE."""
    found: Engine = import_string(settings.SPEECH_ENGINE)()
    return found


def voices() -> tuple[Voice, ...]:
    """Return the voices one can choose from, the usual one first."""
    return tuple(engine().voices)


def speak(text: str, *, voice: str = "") -> Sound:
    """Return the text spoken by the voice of that key (the first when empty).

    text  as it is to be read: numbers and abbreviations already in words; at most MOST_SIGNS signs
    Raises CannotSpeak  nothing to read, too long, unknown voice, engine missing or too slow
    """
    said = " ".join(text.split())
    if not said:
        raise CannotSpeak(EMPTY)
    if len(said) > MOST_SIGNS:
        raise CannotSpeak(TOO_LONG)
    chosen = [v for v in voices() if not voice or v.key == voice]
    if not chosen:
        raise CannotSpeak(NO_SUCH_VOICE)
    return engine().speak(said, chosen[0])


def as_wav(sound: Sound) -> bytes:
    """Return the sound as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sound.rate_hz)
        out.writeframes(sound.samples)
    return file.getvalue()


def as_mp3(sound: Sound) -> bytes:
    """Return the sound as an MP3 file, as the stations of communes take it."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(KBIT_A_SECOND)
    encoder.set_in_sample_rate(sound.rate_hz)
    encoder.set_channels(1)
    encoder.set_quality(5)
    return bytes(encoder.encode(sound.samples) + encoder.flush())
