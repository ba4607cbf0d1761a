"""How a file is given to a browser."""

import uuid

import pytest
from django.test import RequestFactory

from caunoi.files import actions, sending
from caunoi.files.tests import samples
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def voice():
    return actions.keep_voice(content=samples.webm(size=1000), case_id=uuid.uuid4(), at=MONDAY)


def given(file, **headers):
    return sending.answer_with(RequestFactory().get("/", headers=headers), file)


def test_a_file_can_be_nothing_but_what_it_is(voice):
    answer = given(voice)

    assert answer["Content-Type"] == "audio/webm"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].endswith('.webm"')
    assert answer["Cache-Control"] == "private, max-age=600"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_player_may_ask_for_a_part(voice):
    part = given(voice, Range="bytes=0-1")

    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 0-1/{voice.size_bytes}"
    assert len(part.content) == 2


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=5-1", "bytes=-5", "bytes=0-1,3-4", "x"])
def test_an_odd_part_gives_the_whole(voice, asked):
    assert given(voice, Range=asked).status_code == 200
