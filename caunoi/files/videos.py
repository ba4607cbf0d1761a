"""What a video is by its first bytes, how long it lasts, and its place taken out. It is never whole in memory and never coded anew.

Source: ISO/IEC 14496-12, boxes ``ftyp``, ``moov``, ``mvhd``, ``hdlr``.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext_noop as _

from caunoi.files.rules import without_place
from caunoi.files.terms import NotAVideo, VideoTooHeavy, VideoTooLong

HEAVIEST_VIDEO = 100 * 1024 * 1024
LONGEST_VIDEO_SECONDS = 600
HEAVIEST_HEADER = 16 * 1024 * 1024
MOST_BOXES = 10_000
PART_BYTES = 1024 * 1024
NO_VIDEO = _("Only an MP4 video goes with a notice; film with the phone's own camera.")
TOO_HEAVY = _("The video is heavier than 100 MB; cut it, or film it smaller.")
TOO_LONG = _("The video lasts longer than ten minutes; cut it.")


@dataclass(frozen=True, slots=True)
class Film:
    """A video as its boxes show it; ``header`` stands at ``header_at`` and no longer says where it was filmed."""

    size: int
    seconds: int
    header_at: int
    header: bytes = field(repr=False)


def look(content: IO[bytes], *, size: int) -> Film:
    """Return what the file is. Raises NotAVideo, VideoTooHeavy, VideoTooLong; each says what to do."""
    if size > HEAVIEST_VIDEO:
        raise VideoTooHeavy(TOO_HEAVY)
    boxes = list(_boxes(content, size))
    header = next(((at, length) for name, at, length in boxes if name == b"moov"), None)
    if not boxes or boxes[0][0] != b"ftyp" or header is None or header[1] > HEAVIEST_HEADER:
        raise NotAVideo(NO_VIDEO)
    content.seek(header[0])
    read = content.read(header[1])
    seconds = _seconds(read)
    if not seconds or b"vide" not in read:
        raise NotAVideo(NO_VIDEO)
    if seconds > LONGEST_VIDEO_SECONDS:
        raise VideoTooLong(TOO_LONG)
    return Film(size, max(1, round(seconds)), header[0], without_place(read))


def parts(content: IO[bytes], film: Film) -> Iterator[bytes]:
    """Yield the video in pieces of a megabyte, the cleaned header in its place."""
    content.seek(0)
    ends = film.header_at + len(film.header)
    for start in range(0, film.size, PART_BYTES):
        part = bytearray(content.read(PART_BYTES))
        first, last = max(start, film.header_at), min(start + len(part), ends)
        if first < last:
            part[first - start : last - start] = film.header[
                first - film.header_at : last - film.header_at
            ]
        yield bytes(part)


def _boxes(content: IO[bytes], size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, place and length of each box; ends at the first that cannot be one."""
    at = 0
    for _turn in range(MOST_BOXES):
        content.seek(at)
        head = content.read(16)
        if len(head) < 8:
            return
        length, name = struct.unpack(">I", head[:4])[0], head[4:8]
        if length == 1 and len(head) == 16:
            length = struct.unpack(">Q", head[8:])[0]
        length = length or size - at
        if length < 8 or at + length > size:
            return
        yield name, at, length
        at += length


def _seconds(header: bytes) -> float | None:
    """The movie header says units a second and how many; its second form has longer numbers."""
    at = header.find(b"mvhd")
    if at < 0 or at + 36 > len(header):
        return None
    if header[at + 4] == 1:
        a_second, length = struct.unpack(">IQ", header[at + 24 : at + 36])
    else:
        a_second, length = struct.unpack(">II", header[at + 16 : at + 24])
    return length / a_second if a_second and length not in {0xFFFFFFFF, 2**64 - 1} else None
