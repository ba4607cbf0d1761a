"""Decisions about custody: pure."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from caunoi.custody.terms import AssetKind, AssetState, Brand
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
OF_CONNECTOR = {
    "facebook_page": AssetKind.PAGE,
    "zalo_oa": AssetKind.ACCOUNT,
    "zalo_group": AssetKind.GROUP,
    "youtube": AssetKind.VIDEO,
    "sms": AssetKind.SIM,
    "hand_posted": AssetKind.GROUP,
}
"""What a connected channel is in the register, with an address or without; others come in when they have an address, as groups."""


def kind_of(connector_key: str) -> AssetKind:
    """Return what a connected channel is in the register."""
    return OF_CONNECTOR.get(connector_key, AssetKind.GROUP)


LINKED = frozenset({AssetKind.PAGE, AssetKind.ACCOUNT, AssetKind.GROUP, AssetKind.VIDEO})
"""Kinds of which people see a name and an address."""
SHORTEST_NAME = 4
NAME, ADDRESS, LOOK = "name", "address", "look"
MUST_LINK, MAY_LINK = "must_link", "may_link"
_CODE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])\S{8,}|\d{6,}")
_WORDS = ("mat khau:", "password", "matkhau", "ma khoi phuc:", "otp")


def may_follow(state: AssetState, wanted: AssetState) -> bool:
    """True when the thing may go from one state to the other."""
    return wanted in NEXT[state]


def number_key(text: str) -> str:
    """Return a subscriber number in the one way it is kept and compared: 0912000456; empty for what is no number."""
    digits = re.sub(r"[\s.()-]", "", text)
    digits = re.sub(r"^(?:\+84|0084|84)(?=\d{9}$)", "0", digits)
    return digits if re.fullmatch(r"\d{4,15}", digits) else ""


def brand_of(rules_above: Sequence[Brand]) -> Brand:
    """Return what holds where several units have ruled, the highest first: the highest that says something binds those below."""
    return Brand(
        next((b.pattern for b in rules_above if b.pattern), ""),
        next((b.must_link for b in rules_above if b.must_link), ""),
        next((b.may_link for b in rules_above if b.may_link), ()),
    )


def looks_like_secret(text: str) -> bool:
    """True when the words hold a password or recovery code: six digits in a row, letters and digits mixed, or the word itself."""
    folded = fold(text)
    return any(word in folded for word in _WORDS) or bool(_CODE.search(text))


def brand_problems(
    *,
    kind: AssetKind,
    name: str,
    url: str,
    links: str,
    unit_name: str,
    slug: str,
    brand: Brand,
    looked_good: bool,
) -> list[str]:
    """Return what does not follow the province's rules: the name, the address, where it leads, logo and cover as a person saw them.

    links  the addresses that stand on it, one a line
    """
    if kind not in LINKED:
        return []
    wanted = fold((brand.pattern or "{unit}").replace("{unit}", unit_name))
    found = [] if wanted in fold(name) else [NAME]
    if kind == AssetKind.GROUP and not url:
        # a group in a chat has a name and nothing else that everybody sees
        return found
    if not url.startswith("https://"):
        found.append(ADDRESS)
    return found + _link_problems(links.split(), slug, brand) + ([] if looked_good else [LOOK])


def _link_problems(links: list[str], slug: str, brand: Brand) -> list[str]:
    keys = [address_key(link) for link in links]
    must = address_key(brand.must_link.replace("{slug}", slug))
    found = [MUST_LINK] if must and must not in keys else []
    hosts = [host.strip().lower().removeprefix("www.") for host in brand.may_link if host.strip()]
    if hosts and not all(_led_to(key.split("/", 1)[0], hosts) for key in keys):
        found.append(MAY_LINK)
    return found


def _led_to(host: str, hosts: list[str]) -> bool:
    return any(host == allowed or host.endswith(f".{allowed}") for allowed in hosts)


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
