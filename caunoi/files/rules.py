"""Decisions about files: pure. What a recording is by its first bytes, how long it is where that is written plainly, bounds."""

import struct
from dataclasses import dataclass

from caunoi.files import lengths
from caunoi.files.terms import FileKind

MOST_A_SENDING = {FileKind.PHOTO: 10, FileKind.VOICE: 1}
"""How many files of a kind come with one question; more can be added with number and code."""
MOST_A_CASE = {FileKind.PHOTO: 40, FileKind.VOICE: 5}
LONGEST_EDGE, HEAVIEST_PHOTO = 1600, 300_000
PREVIEW_EDGE, HEAVIEST_PREVIEW = 480, 40_000
MOST_POINTS = 80_000_000
"""Four times what phones take; a small file that unfolds to more is a trap."""
HEAVIEST_VOICE, LONGEST_VOICE_SECONDS, SLACK_SECONDS = 2_000_000, 90, 1.5
SIZES = (1600, 1280, 1024, 800, 640)
QUALITIES = (82, 74, 64, 52, 40)


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as its bytes show it; ``seconds`` None where the length is not plainly written."""

    media_type: str
    seconds: float | None = None


def sound_of(content: bytes) -> Sound | None:
    """Return what recording this is, by its first bytes and never by its name; None for anything else."""
    if content[:4] == b"\x1aE\xdf\xa3" and b"webm" in content[:64]:
        return Sound("audio/webm", lengths.webm_seconds(content))
    if content[:4] == b"OggS" and (b"OpusHead" in content[:128] or b"\x01vorbis" in content[:128]):
        return Sound("audio/ogg", _ogg_seconds(content))
    if content[4:8] == b"ftyp" and content[8:12] in {
        b"M4A ",
        b"M4B ",
        b"mp42",
        b"mp41",
        b"isom",
        b"iso5",
        b"iso6",
        b"3gp4",
        b"3gp5",
    }:
        return Sound("audio/mp4", _mp4_seconds(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return Sound("audio/wav", _wav_seconds(content))
    bare = without_id3(content)
    if len(bare) > 3 and bare[0] == 0xFF and bare[1] & 0xE0 == 0xE0 and bare[1] & 0x06 == 0x02:
        return Sound("audio/mpeg", lengths.mp3_seconds(bare))
    return None


def is_too_long(content: bytes, sound: Sound, *, longest: int = LONGEST_VOICE_SECONDS) -> bool:
    """True when the recording is heavier than we keep, or plainly longer; a recorder stops a moment late."""
    seconds = sound.seconds or 0
    return len(content) > HEAVIEST_VOICE or seconds > longest + SLACK_SECONDS


def without_tags(content: bytes, sound: Sound) -> bytes:
    """Return the recording without the tags that are simply cut off: ID3 of an MP3, every chunk but sound of a WAV.

    Not done here: Ogg, WebM and MP4 stay byte for byte. A phone's recorder writes there its program and the date, no name
    and no place, except MP4 of some makers, whose place box (``©xyz``, ``loci``) is overwritten with zeros.
    """
    if sound.media_type == "audio/mpeg":
        bare = without_id3(content)
        return bare[:-128] if bare[-128:-125] == b"TAG" else bare
    if sound.media_type == "audio/wav":
        return _wav_of_sound_only(content)
    if sound.media_type == "audio/mp4":
        return without_place(content)
    return content


def without_id3(content: bytes) -> bytes:
    """Return the bytes after an ID3v2 tag, or all of them."""
    if content[:3] != b"ID3" or len(content) < 10:
        return content
    size = 0
    for part in content[6:10]:
        size = size << 7 | part & 0x7F
    return content[10 + size :]


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])[0]
        found.append((name, content[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def _wav_seconds(content: bytes) -> float | None:
    chunks = dict(_chunks(content))
    form, sound = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    a_second = struct.unpack("<I", form[8:12])[0] if len(form) >= 12 else 0
    return len(sound) / a_second if a_second else None


def _wav_of_sound_only(content: bytes) -> bytes:
    kept = [(n, c) for n, c in _chunks(content) if n in {b"fmt ", b"fact", b"data"}]
    body = b"".join(n + struct.pack("<I", len(c)) + c + b"\x00" * (len(c) % 2) for n, c in kept)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def _ogg_seconds(content: bytes) -> float | None:
    """Opus counts 48,000 a second in the last page's position."""
    last = content.rfind(b"OggS")
    if b"OpusHead" not in content[:128] or last < 0 or last + 14 > len(content):
        return None
    samples = struct.unpack("<q", content[last + 6 : last + 14])[0]
    return samples / 48_000 if samples > 0 else None


def _mp4_seconds(content: bytes) -> float | None:
    """The movie header says units a second and how many."""
    at = content.find(b"mvhd")
    if at < 0 or at + 24 > len(content) or content[at + 4] != 0:
        return None
    a_second, length = struct.unpack(">II", content[at + 16 : at + 24])
    return length / a_second if a_second and length != 0xFFFFFFFF else None


def without_place(content: bytes) -> bytes:
    """Return the bytes of an MP4 with the boxes that say where it was recorded overwritten with zeros."""
    cleaned = bytearray(content)
    for name in (b"\xa9xyz", b"loci"):
        at = cleaned.find(name)
        while at >= 4:
            size = struct.unpack(">I", cleaned[at - 4 : at])[0]
            end = min(len(cleaned), at - 4 + size)
            if end > at + 4:
                cleaned[at + 4 : end] = bytes(end - at - 4)
            at = cleaned.find(name, at + 4)
    return bytes(cleaned)
