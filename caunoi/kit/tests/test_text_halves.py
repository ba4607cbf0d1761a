"""A character cut in half must not lose the whole message."""

from caunoi.kit.text import clean, fold


def test_half_a_character_becomes_a_mark_that_can_be_stored():
    assert clean("Cầu hỏng \ud83d") == "Cầu hỏng \ufffd"
    assert clean("\udc00Cầu").encode()
    assert fold("\ud83d").encode()


def test_a_whole_one_outside_the_first_plane_stays():
    assert clean("Cảm ơn 😀") == "Cảm ơn 😀"
