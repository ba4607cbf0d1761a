"""What a video is, how long it lasts, and that nobody learns where it was filmed."""

import io
import struct

import pytest

from caunoi.files import videos
from caunoi.files.terms import NotAVideo, VideoTooHeavy, VideoTooLong


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def mvhd(seconds: int, *, version: int = 0) -> bytes:
    if version == 0:
        return box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    words = struct.pack(">IQQIQ", 1 << 24, 0, 0, 1000, seconds * 1000)
    return box(b"mvhd", words + bytes(80))


def mp4(seconds: int = 30, *, version: int = 0, body: bytes = b"\x00" * 3_000_000) -> bytes:
    """A film whose header stands behind its pictures, with the place it was filmed at, as phones write it."""
    place = box(b"\xa9xyz", b"\x00\x10\x15\xc7+18.8000+105.3000/")
    header = box(b"moov", mvhd(seconds, version=version) + box(b"hdlr", bytes(8) + b"vide" + bytes(12)) + place)  # fmt: skip
    return box(b"ftyp", b"isom\x00\x00\x02\x00isommp42") + box(b"mdat", body) + header


@pytest.mark.parametrize("version", [0, 1])
def test_a_film_keeps_every_byte_but_its_place(version):
    content = mp4(version=version)
    film = videos.look(io.BytesIO(content), size=len(content))

    kept = b"".join(videos.parts(io.BytesIO(content), film))

    assert film.seconds == 30
    assert len(kept) == len(content)
    assert b"+18.8000" in content
    assert b"+18.8000" not in kept
    assert kept[:3_000_000] == content[:3_000_000]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", NotAVideo),
        (b"\x1aE\xdf\xa3webm" + bytes(100), NotAVideo),
        (box(b"ftyp", b"isom" + bytes(8)), NotAVideo),
        (mp4(0, body=b""), NotAVideo),
        (mp4(body=b"")[:-30], NotAVideo),
        (mp4(body=b"").replace(b"vide", b"soun"), NotAVideo),
        (b"\x00\x00\x00\x04ftyp" * 50, NotAVideo),
        (mp4(601, body=b""), VideoTooLong),
    ],
)
def test_what_is_no_film_or_too_long_says_what_to_do(content, error):
    with pytest.raises(error) as caught:
        videos.look(io.BytesIO(content), size=len(content))

    assert str(caught.value).endswith(("camera.", "cut it."))


def test_a_film_that_is_too_heavy_is_not_even_opened():
    with pytest.raises(VideoTooHeavy):
        videos.look(io.BytesIO(), size=videos.HEAVIEST_VIDEO + 1)
