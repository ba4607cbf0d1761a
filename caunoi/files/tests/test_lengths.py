"""How long a recording is, where its header does not say so."""

import pytest

from caunoi.files import rules
from caunoi.files.tests import samples


@pytest.mark.parametrize("seconds", [4, 59, 70])
def test_a_recording_of_a_browser_is_as_long_as_its_last_block(seconds):
    sound = rules.sound_of(samples.recorded(seconds=seconds))

    assert sound == rules.Sound("audio/webm", pytest.approx(seconds, abs=0.5))


def test_an_mp3_is_as_long_as_its_frames():
    lameenc = pytest.importorskip("lameenc")
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(48)
    encoder.set_in_sample_rate(22050)
    encoder.set_channels(1)
    file = bytes(encoder.encode(bytes(2 * 22050 * 7)) + encoder.flush())

    assert rules.sound_of(file).seconds == pytest.approx(7, abs=0.2)


@pytest.mark.parametrize("cut", [40, 60, 200, 2001])
def test_what_is_cut_off_has_the_length_of_what_is_there(cut):
    whole = samples.recorded(seconds=30)
    sound = rules.sound_of(whole[:cut])

    assert sound is not None
    assert sound.seconds is None or sound.seconds <= 30


def test_70_seconds_are_too_long_for_a_minute_and_fit_into_90_seconds():
    content = samples.recorded(seconds=70)
    sound = rules.sound_of(content)

    assert rules.is_too_long(content, sound, longest=60)
    assert not rules.is_too_long(content, sound)
