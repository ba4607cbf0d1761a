"""MAP.md is true: every room stands on it, and it names no room that is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rooms_in_folders():
    return {
        p.name for p in (ROOT / "caunoi").iterdir() if p.is_dir() and (p / "__init__.py").is_file()
    }


def rooms_on_map():
    text = (ROOT / "MAP.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `caunoi/([a-z0-9_]+)/`", text, re.MULTILINE))


def test_the_map_and_the_folders_agree():
    assert rooms_on_map() == rooms_in_folders()


def test_every_room_of_the_domain_says_what_it_is_for():
    rooms = rooms_in_folders() - {"cli", "kit"}

    without = {r for r in rooms if not (ROOT / "caunoi" / r / "README.md").is_file()}

    assert without == set()


def test_no_file_is_named_after_nothing():
    banned = {"utils", "helpers", "common", "misc", "managers"}

    found = {p for p in (ROOT / "caunoi").rglob("*.py") if p.stem in banned}

    assert found == set()
