"""How a telephone network counts, cuts and writes a text message. Pure. Source: GSM 03.38 (3GPP TS 23.038), 23.040 §9.2.3.24.1."""

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
ESCAPE = 0x1B
GSM7, UCS2 = "GSM7", "UCS2"
ROOM = {GSM7: (160, 153), UCS2: (70, 67)}
"""Units in a message of one part, and in each of several."""


def encoding_of(text: str) -> str:
    """Return GSM7 when the old alphabet has every letter, else UCS2: a single ạ or đ makes the whole message three times longer."""
    plain = all((c in BASIC and c != "\x1b") or c in EXTENDED for c in text)
    return GSM7 if plain else UCS2


def sms_segments(text: str) -> tuple[str, int, int]:
    """Return how a telephone network counts the text: (encoding, units, parts).

    160 septets in one part, 153 in each of several; what the old alphabet does not have is counted as UTF-16, 70 and 67.
    """
    encoding = encoding_of(text)
    return encoding, sum(_sizes(text, encoding)), len(cut(text))


def cut(text: str) -> list[str]:
    """Return the parts in which the text is sent. Letters are never cut in two, so a part may stay one short."""
    encoding = encoding_of(text)
    sizes, (one, many) = _sizes(text, encoding), ROOM[encoding]
    if sum(sizes) <= one:
        return [text]
    parts, used = [""], 0
    for letter, size in zip(text, sizes, strict=True):
        if used + size > many:
            parts.append("")
            used = 0
        parts[-1] += letter
        used += size
    return parts


def written(part: str, encoding: str) -> bytes:
    """Return one part as it goes over the line: one octet a septet (not packed), or UTF-16 with the high byte first."""
    if encoding == UCS2:
        return part.encode("utf-16-be")
    octets = bytearray()
    for letter in part:
        octets += bytes((ESCAPE, EXTENDED[letter])) if letter in EXTENDED else bytes((BASIC.index(letter),))  # fmt: skip
    return bytes(octets)


def _sizes(text: str, encoding: str) -> list[int]:
    if encoding == GSM7:
        return [2 if c in EXTENDED else 1 for c in text]
    return [2 if ord(c) > 0xFFFF else 1 for c in text]
