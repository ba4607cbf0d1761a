"""Decisions about custody: pure."""

import re
from urllib.parse import urlsplit

from caunoi.custody.terms import AssetKind, AssetState
from caunoi.kit.text import fold

FEWEST = 2
"""So many people hold a thing, so that one who leaves never takes it along."""
NEXT: dict[AssetState, frozenset[AssetState]] = {
    AssetState.ASKED: frozenset({AssetState.CHECKED, AssetState.REFUSED}),
    AssetState.CHECKED: frozenset({AssetState.APPROVED, AssetState.REFUSED}),
    AssetState.APPROVED: frozenset({AssetState.REGISTERED, AssetState.REFUSED}),
    AssetState.REGISTERED: frozenset({AssetState.ENDED}),
    AssetState.REFUSED: frozenset(),
    AssetState.ENDED: frozenset(),
}
LINKED = frozenset({AssetKind.PAGE, AssetKind.ACCOUNT, AssetKind.GROUP, AssetKind.VIDEO})
"""Kinds of which people see a name and an address."""
SHORTEST_NAME = 4
NAME, ADDRESS, LOOK = "name", "address", "look"
_CODE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])\S{8,}|\d{6,}")
_WORDS = ("mat khau:", "password", "matkhau", "ma khoi phuc:", "otp")


def may_follow(state: AssetState, wanted: AssetState) -> bool:
    """True when the thing may go from one state to the other."""
    return wanted in NEXT[state]


def looks_like_secret(text: str) -> bool:
    """True when the words hold a password or recovery code: six digits in a row, letters and digits mixed, or the word itself."""
    folded = fold(text)
    return any(word in folded for word in _WORDS) or bool(_CODE.search(text))


def brand_problems(
    *, kind: AssetKind, name: str, url: str, unit_name: str, pattern: str, looked_good: bool
) -> list[str]:
    """Return what does not follow the province's rules: the name, the address, logo and cover as a person saw them.

    pattern  "MTTQ {unit}": the unit's full name stands for the braces; empty asks only for the unit's name
    """
    if kind not in LINKED:
        return []
    wanted = fold((pattern or "{unit}").replace("{unit}", unit_name))
    found = [] if wanted in fold(name) else [NAME]
    if not url.startswith("https://"):
        found.append(ADDRESS)
    if not looked_good:
        found.append(LOOK)
    return found


def address_key(text: str) -> str:
    """Return what is the same in every way to write one web address: host without www or m, path without its end; empty for a name."""
    text = text.strip()
    if "/" not in text and "." not in text.split(" ", 1)[0]:
        return ""
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    for begin in ("www.", "m.", "vi-vn.", "web."):
        host = host.removeprefix(begin)
    query = f"?{parts.query}" if parts.path.endswith("profile.php") else ""
    return f"{host}{parts.path.rstrip('/').lower()}{query}" if "." in host else ""
