"""How long a recording is where no header says it: WebM as browsers record it, MP3 without a table. Pure.

Both are walked once from block to block and nothing is decoded. What is broken or cut off has no length, never a wrong one.
"""

import struct

CLUSTER, TIMECODE, SIMPLE_BLOCK, BLOCK_GROUP, BLOCK = 0x1F43B675, 0xE7, 0xA3, 0xA0, 0xA1
SEGMENT, INFO, SCALE = 0x18538067, 0x1549A966, 0x2AD7B1
INSIDE = frozenset({SEGMENT, INFO, CLUSTER, BLOCK_GROUP})
"""Elements that hold others; their own length is not needed, so one that is still unknown does not matter."""
_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def webm_seconds(content: bytes) -> float | None:
    """Return how long a WebM recording is: the time of its last block. A browser writes no length before it is done."""
    at, scale, cluster, last = 0, 1_000_000, 0, None
    while at < len(content):
        found = _element(content, at)
        if found is None:
            break
        name, begin, size = found
        if name in INSIDE:
            at = begin
            continue
        if size is None:
            return None
        body = content[begin : begin + size]
        if name == SCALE:
            scale = int.from_bytes(body[:8], "big") or scale
        elif name == TIMECODE:
            cluster = int.from_bytes(body[:8], "big")
        elif name in {SIMPLE_BLOCK, BLOCK} and len(body) >= 4:
            # track number (one byte up to 127 tracks), then the time within the cluster
            last = cluster + struct.unpack(">h", body[1:3])[0]
        at = begin + size
    return None if last is None else max(0, last) * scale / 1e9


def _element(content: bytes, at: int) -> tuple[int, int, int | None] | None:
    """Return (name, where its body begins, its length or None when unknown) of the EBML element there."""
    width = 9 - content[at].bit_length()
    if width > 4 or at + width >= len(content):
        return None
    name = int.from_bytes(content[at : at + width], "big")
    at += width
    wide = 9 - content[at].bit_length()
    if wide > 8 or at + wide > len(content):
        return None
    mask = (1 << (7 * wide)) - 1
    size = int.from_bytes(content[at : at + wide], "big") & mask
    return name, at + wide, None if size == mask else size


def mp3_seconds(content: bytes) -> float | None:
    """Return how long an MP3 is by counting its frames; ``content`` without ID3v2. None when it is none."""
    at, seconds = 0, 0.0
    while at + 4 <= len(content):
        frame = _frame(content[at : at + 4])
        if frame is None:
            break
        length, lasts = frame
        at, seconds = at + length, seconds + lasts
    return seconds or None


def _frame(head: bytes) -> tuple[int, float] | None:
    """Return (bytes, seconds) of one layer III frame (MPEG 1, 2 or 2.5)."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    kbits, rate = head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or layer != 1 or version == 1:
        return None
    if kbits in {0, 15} or rate == 3:
        return None
    samples = 1152 if version == 3 else 576
    a_second = _RATES[version][rate]
    speed = _KBITS[3 if version == 3 else 2][kbits] * 1000
    return samples * speed // 8 // a_second + (head[2] >> 1 & 1), samples / a_second
