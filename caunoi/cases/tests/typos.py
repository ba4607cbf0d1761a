"""Every typing error one finger can make in a phrase, for tests: letters, spaces, marks, and the raw keys of telex and VNI."""

import unicodedata
from collections.abc import Iterator

KEYBOARD = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
TONES = {"\u0300": ("f", "2"), "\u0301": ("s", "1"), "\u0309": ("r", "3"), "\u0303": ("x", "4"), "\u0323": ("j", "5")}  # fmt: skip
HATS = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
VOWELS = set("aăâeêioôơuưy")


def neighbours(letter: str) -> str:
    """Return the keys around a key, row above and below included."""
    for y, row in enumerate(KEYBOARD):
        x = row.find(letter)
        if x >= 0:
            around = [(y, x - 1), (y, x + 1), (y - 1, x), (y - 1, x + 1), (y + 1, x - 1), (y + 1, x)]  # fmt: skip
            return "".join(
                KEYBOARD[b][a]
                for b, a in around
                if 0 <= b < len(KEYBOARD) and 0 <= a < len(KEYBOARD[b])
            )
    return ""


def plain(letter: str) -> str:
    """ "ứ" → "u"; "đ" → "d": the key that is struck."""
    return unicodedata.normalize("NFD", letter)[0].replace("đ", "d")


def of(phrase: str) -> Iterator[str]:
    """Yield the phrase with every single error of letters and spaces, then with every wrong tone, then as raw keys."""
    yield from _letters(phrase)
    yield from _wrong_tones(phrase)
    yield from raw_keys(phrase)


def _letters(phrase: str) -> Iterator[str]:
    for at, letter in enumerate(phrase):
        before, after = phrase[:at], phrase[at + 1 :]
        if not _whole_word(before, after):
            yield before + after
        yield before + letter + letter + after
        if after:
            yield before + after[0] + letter + after[1:]
        for near in neighbours(plain(letter)):
            yield before + near + after
            yield before + near + letter + after
            yield before + letter + near + after
        if at > 0 and letter != " " and before[-1] != " ":
            yield f"{before} {letter}{after}"


def _whole_word(before: str, after: str) -> bool:
    """True when the letter between is a word of its own ("ở"): to leave it out is to leave out a word."""
    return before[-1:] in (" ", "") and after[:1] in (" ", "")


def _wrong_tones(phrase: str) -> Iterator[str]:
    """Yield the phrase with one syllable in every other tone, and with one letter without its hat."""
    words = phrase.split()
    for at, word in enumerate(words):
        parts = unicodedata.normalize("NFD", word)
        bare = "".join(c for c in parts if c not in TONES)
        seat = next((i for i, c in reversed(list(enumerate(bare))) if plain(c) in VOWELS), 0) + 1
        while seat < len(bare) and unicodedata.combining(bare[seat]):
            seat += 1
        others = [bare] + [bare[:seat] + tone + bare[seat:] for tone in TONES]
        others += ["".join(c for c in parts if c != hat) for hat in HATS] + [
            parts.replace("đ", "d")
        ]
        for other in others:
            changed = unicodedata.normalize("NFC", other)
            if changed != word:
                yield " ".join([*words[:at], changed, *words[at + 1 :]])


def raw_keys(phrase: str) -> Iterator[str]:
    """Yield the phrase as it stands when the keyboard does not turn keys into marks: telex and VNI, each in three habits, one word or all."""
    words = phrase.split()
    for habit in (_telex_inline, _telex_early, _telex_late, _vni_inline, _vni_early, _vni_late):
        raw = [habit(w) for w in words]
        yield " ".join(raw)
        for at in range(len(words)):
            yield " ".join([*words[:at], raw[at], *words[at + 1 :]])


def _parts(word: str) -> Iterator[tuple[str, str, str]]:
    """Yield each letter with its hat and its tone."""
    for letter in word:
        first, *marks = unicodedata.normalize("NFD", letter)
        hat = next((m for m in marks if m in HATS), "")
        yield first, hat, next((m for m in marks if m in TONES), "")


def _telex_hat(letter: str, hat: str) -> str:
    return {"": "", "\u0302": letter}.get(hat, "w")


def _letter(letter: str) -> str:
    return "dd" if letter == "đ" else letter


def _telex_inline(word: str) -> str:
    """nước → nuwowcs."""
    tone = "".join(TONES[t][0] for _, _, t in _parts(word) if t)
    return "".join(_letter(c) + _telex_hat(c, h) for c, h, _ in _parts(word)) + tone


def _telex_early(word: str) -> str:
    """nước → nuwowsc."""
    return "".join(_letter(c) + _telex_hat(c, h) + (TONES[t][0] if t else "") for c, h, t in _parts(word))  # fmt: skip


def _telex_late(word: str) -> str:
    """nước → nuocws: every key of a mark after the last letter."""
    tone = "".join(TONES[t][0] for _, _, t in _parts(word) if t)
    hats = "".join(dict.fromkeys(_telex_hat(c, h) for c, h, _ in _parts(word)))
    return "".join(_letter(c) for c, _, _ in _parts(word)) + hats + tone


def _vni_letter(letter: str) -> str:
    return "d9" if letter == "đ" else letter


def _vni_inline(word: str) -> str:
    """nước → nu7o7c1."""
    tone = "".join(TONES[t][1] for _, _, t in _parts(word) if t)
    return "".join(_vni_letter(c) + HATS.get(h, "") for c, h, _ in _parts(word)) + tone


def _vni_early(word: str) -> str:
    """nước → nu7o71c."""
    return "".join(_vni_letter(c) + HATS.get(h, "") + (TONES[t][1] if t else "") for c, h, t in _parts(word))  # fmt: skip


def _vni_late(word: str) -> str:
    """nước → nuoc71."""
    tone = "".join(TONES[t][1] for _, _, t in _parts(word) if t)
    hats = "".join(dict.fromkeys(HATS.get(h, "") for _, h, _ in _parts(word)))
    return "".join(_vni_letter(c) for c, _, _ in _parts(word)) + hats + tone
