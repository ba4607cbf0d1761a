"""A text becomes sound without a network."""

import io
import wave

import pytest
from django.test import override_settings

from caunoi.speech import making
from caunoi.speech.espeak import Espeak
from caunoi.speech.terms import CannotSpeak, Sound, Voice

SAID = "Tám giờ sáng mai, mời bà con về nhà văn hoá thôn họp."


@pytest.fixture(scope="module")
def sound():
    return making.speak(SAID)


def test_a_sentence_lasts_as_long_as_a_person_takes(sound):
    assert 2 < sound.seconds < 9
    assert any(sound.samples)


def test_a_longer_text_takes_longer(sound):
    assert making.speak(f"{SAID} {SAID}").seconds > 1.7 * sound.seconds


def test_the_three_voices_differ(sound):
    said = {making.speak(SAID, voice=v.key).samples for v in making.voices()}

    assert len(said) == 3


def test_the_wav_file_holds_the_same_seconds(sound):
    with wave.open(io.BytesIO(making.as_wav(sound))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getnframes() / file.getframerate() == pytest.approx(sound.seconds)


def test_the_mp3_file_is_small_enough_for_a_village_phone(sound):
    file = making.as_mp3(sound)

    assert file[:3] == b"ID3" or file[0] == 0xFF
    assert len(file) / sound.seconds < 8000


@pytest.mark.parametrize(
    ("text", "voice", "says"),
    [
        ("  ", "", making.EMPTY),
        ("a" * 4001, "", making.TOO_LONG),
        (SAID, "hmn", making.NO_SUCH_VOICE),
    ],
)
def test_what_cannot_be_read_says_why(text, voice, says):
    with pytest.raises(CannotSpeak, match=says[:20]):
        making.speak(text, voice=voice)


def test_signs_of_the_shell_and_odd_bytes_are_only_text(sound):
    assert making.speak("$(reboot); <speak> & -v en \x07 xin chào").seconds > 0.5


def test_an_engine_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr("caunoi.speech.espeak.PATIENCE_SECONDS", 0.0001)

    with pytest.raises(CannotSpeak, match="too long"):
        Espeak().speak(SAID, Espeak.voices[0])


def test_a_voice_the_engine_does_not_know_is_refused():
    with pytest.raises(CannotSpeak, match="could not read"):
        Espeak().speak(SAID, Voice("xx-unknown", "x"))


class Bell:
    """Another engine: one tone for every text."""

    voices = (Voice("bell", "Bell"),)

    def speak(self, text, voice):
        return Sound(samples=b"\x00\x10" * 800, rate_hz=8000)


def test_another_engine_is_put_in_by_a_setting():
    making.engine.cache_clear()
    try:
        with override_settings(SPEECH_ENGINE=f"{__name__}.Bell"):
            assert making.speak("x").seconds == pytest.approx(0.1)
    finally:
        making.engine.cache_clear()
