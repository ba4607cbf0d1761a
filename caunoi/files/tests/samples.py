"""Pictures and recordings for tests, made here, so that what is in them is known."""

import io
import struct

from PIL import Image


def photo(
    *, size: tuple[int, int] = (900, 600), colour: str = "green", form: str = "JPEG", **options
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **options)
    return out.getvalue()


def photo_of_a_phone(*, size: tuple[int, int] = (900, 600)) -> bytes:
    """A JPEG held upright, with the place, the maker and the time in its EXIF, and a comment."""
    exif = Image.Exif()
    exif[0x010F] = "MayAnhBiMat"
    exif[0x0112] = 6
    exif[0x0132] = "2026:11:20 08:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 40.0, 0.0), 3: "E", 4: (105.0, 20.0, 0.0)})
    return photo(size=size, exif=exif.tobytes(), comment=b"nha ba Hoa")


def noise(*, size: tuple[int, int] = (2400, 1800)) -> bytes:
    """A picture that no compressor likes."""
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def webm(*, size: int = 4000) -> bytes:
    return (
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
        + b"\x07" * size
    )


def wav(*, seconds: float = 1, tag: bytes = b"") -> bytes:
    sound = b"\x01\x02" * int(8000 * seconds)
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    chunks = [(b"fmt ", form), (b"LIST", tag + b"\x00" * (len(tag) % 2)), (b"data", sound)]
    body = b"".join(n + struct.pack("<I", len(c)) + c for n, c in chunks if c)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def mp3(*, tag: bytes = b"Giang A Sinh") -> bytes:
    frame = b"\xff\xfb\x90\x00" + b"\x11" * 400
    head = b"ID3\x03\x00\x00" + bytes([0, 0, len(tag) >> 7, len(tag) & 0x7F]) + tag
    return head + frame * 5 + b"TAG" + tag.ljust(125, b"\x00")


def recorded(*, seconds: int) -> bytes:
    """A WebM as a browser records it: no length anywhere, the segment open, a cluster every ten seconds, a block every half."""

    def part(name: bytes, body: bytes) -> bytes:
        return name + (0x10000000 | len(body)).to_bytes(4, "big") + body

    head = webm(size=0)[5:]
    out = part(b"\x1aE\xdf\xa3", head) + b"\x18\x53\x80\x67\x01" + b"\xff" * 7
    out += part(b"\x15\x49\xa9\x66", part(b"\x2a\xd7\xb1", (1_000_000).to_bytes(3, "big")))
    for cluster in range(0, seconds * 1000 + 1, 10_000):
        out += b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + part(b"\xe7", cluster.to_bytes(4, "big"))
        for block in range(0, min(10_000, seconds * 1000 - cluster + 1), 500):
            out += part(b"\xa3", b"\x81" + block.to_bytes(2, "big") + b"\x80" + b"sound")
    return out
