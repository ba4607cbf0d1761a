"""Cutting long texts at places where a reader would pause."""


def split_text(text: str, limit: int) -> list[str]:
    """Return parts of at most ``limit`` characters, cut at a blank line, a line, a sentence or a space, in that order."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        cut = _cut_before(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _cut_before(text: str, limit: int) -> int:
    window = text[: limit + 1]
    for mark, keep in (("\n\n", 0), ("\n", 0), (". ", 1), (" ", 0)):
        found = window.rfind(mark)
        if found > limit // 3:
            return found + keep
    return limit
