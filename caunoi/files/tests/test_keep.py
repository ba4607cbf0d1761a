"""What is kept of a photo and of a recording, and what is refused."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from caunoi.files import actions, queries, rules
from caunoi.files.models import FileContent, StoredFile
from caunoi.files.terms import FileKind, NotAPhoto, NotAVoice, PhotoTooBig, TooMany, VoiceTooLong
from caunoi.files.tests import samples
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    return actions.new_batch()


def opened(file, *, preview=False):
    return Image.open(io.BytesIO(queries.bytes_of(file=file, preview=preview)))


def test_a_big_photo_becomes_small_and_so_does_its_preview(batch):
    file = actions.keep_photo(content=samples.noise(), batch=batch, at=MONDAY)

    preview = queries.bytes_of(file=file, preview=True)
    assert max(file.width, file.height) <= 1600
    assert file.size_bytes <= 300_000
    assert len(preview) <= 40_000
    assert max(opened(file, preview=True).size) <= 480


def test_a_photo_held_upright_stands_upright_and_says_nothing_of_the_phone(batch):
    file = actions.keep_photo(content=samples.photo_of_a_phone(), batch=batch, at=MONDAY)

    picture = opened(file)
    assert picture.size == (600, 900)
    assert not picture.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)


def test_what_was_transparent_is_white(batch):
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")

    file = actions.keep_photo(content=out.getvalue(), batch=batch, at=MONDAY)

    assert min(opened(file).convert("RGB").getpixel((5, 5))) > 250


def test_a_small_file_that_unfolds_to_a_hundred_million_points_is_not_opened(batch):
    out = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(out, "PNG")
    assert len(out.getvalue()) < 50_000

    with pytest.raises(PhotoTooBig):
        actions.keep_photo(content=out.getvalue(), batch=batch, at=MONDAY)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff", b"<svg/>", b"%PDF-1.7", samples.photo()[:300], samples.webm()],
    ids=["nothing", "three bytes", "svg", "pdf", "half a photo", "a recording"],
)
def test_what_is_no_photo_is_refused(batch, content):
    with pytest.raises(NotAPhoto):
        actions.keep_photo(content=content, batch=batch, at=MONDAY)

    assert not StoredFile.objects.exists()


def test_the_same_photo_twice_is_one(batch):
    first = actions.keep_photo(content=samples.photo(), batch=batch, at=MONDAY)
    again = actions.keep_photo(content=samples.photo(), batch=batch, at=MONDAY)

    assert first == again


def test_the_eleventh_photo_of_one_sending_is_refused_by_name(batch):
    for n in range(rules.MOST_A_SENDING[FileKind.PHOTO]):
        actions.keep_photo(content=samples.photo(size=(20 + n, 20)), batch=batch, at=MONDAY)

    with pytest.raises(TooMany):
        actions.keep_photo(content=samples.photo(size=(99, 20)), batch=batch, at=MONDAY)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (samples.webm(), "audio/webm"),
        (samples.wav(), "audio/wav"),
        (samples.mp3(), "audio/mpeg"),
        (b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(60), "audio/ogg"),
        (b"\x00\x00\x00\x18ftypM4A " + bytes(60), "audio/mp4"),
    ],
)
def test_a_recording_is_known_by_its_bytes(batch, content, media_type):
    file = actions.keep_voice(content=content, batch=batch, at=MONDAY)

    assert file.media_type == media_type


@pytest.mark.parametrize("content", [b"", b"MZ\x90", samples.photo(), b"RIFF\x00\x00\x00\x00AVI "])
def test_what_is_no_recording_is_refused(batch, content):
    with pytest.raises(NotAVoice):
        actions.keep_voice(content=content, batch=batch, at=MONDAY)


@pytest.mark.parametrize("content", [samples.wav(seconds=95), samples.webm(size=2_000_001)])
def test_a_recording_of_more_than_90_seconds_or_2_mb_is_refused(batch, content):
    with pytest.raises(VoiceTooLong):
        actions.keep_voice(content=content, batch=batch, at=MONDAY)


def test_names_in_the_tags_of_a_recording_are_cut_off(batch):
    tagged = (samples.mp3(tag=b"Giang A Sinh"), samples.wav(tag=b"Giang A Sinh"))

    for content in tagged:
        file = actions.keep_voice(content=content, batch=batch, at=MONDAY)
        assert b"Giang" not in queries.bytes_of(file=file, preview=False)
        StoredFile.objects.all().delete()


def test_the_place_in_a_phones_recording_is_overwritten():
    box = b"\x00\x00\x00\x1e\xa9xyz\x00\x12\x15\xc7+18.6700+105.3300/"
    content = b"\x00\x00\x00\x18ftypM4A " + bytes(60) + box + b"sound"

    cleaned = rules.without_tags(content, rules.Sound("audio/mp4"))

    assert b"18.67" not in cleaned
    assert cleaned.endswith(b"sound")
    assert len(cleaned) == len(content)


@given(st.binary(max_size=400))
def test_no_bytes_upset_the_reader_of_recordings(content):
    for head in (b"", b"ID3\x03\x00\x00", b"RIFF\x00\x00\x00\x00WAVE", b"\x00\x00\x00\x18ftypM4A "):
        sound = rules.sound_of(head + content)
        if sound:
            rules.without_tags(head + content, sound)


def test_attached_files_belong_to_the_case_and_the_batch_is_spent(batch):
    import uuid

    case_id = uuid.uuid4()
    file = actions.keep_photo(content=samples.photo(), batch=batch, at=MONDAY)

    first = actions.attach_files(batch=batch, case_id=case_id, at=MONDAY)
    again = actions.attach_files(batch=batch, case_id=uuid.uuid4(), at=MONDAY)

    assert (first, again) == (1, 0)
    assert queries.of_case(case_id=case_id) == [file]


def test_what_is_never_sent_is_forgotten_after_a_day_and_nothing_else(batch):
    import uuid

    sent = actions.keep_photo(content=samples.photo(), case_id=uuid.uuid4(), at=MONDAY)
    actions.keep_photo(content=samples.photo(), batch=batch, at=MONDAY)

    assert actions.forget_unsent(at=MONDAY + timedelta(hours=23)) == 0
    assert actions.forget_unsent(at=TUESDAY) == 1

    assert list(StoredFile.objects.all()) == [sent]
    assert FileContent.objects.count() == 1


def test_the_database_itself_refuses_a_released_recording(batch):
    import uuid

    file = actions.keep_voice(content=samples.webm(), case_id=uuid.uuid4(), at=MONDAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(state="released", released_at=MONDAY)
