"""What every template keeps to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "caunoi").rglob("*.html"))
FORBIDDEN = {
    "inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)[^>]*>", re.I
    ),
    "inline style": re.compile(r"<style|\sstyle=", re.I),
    "inline handler": re.compile(r"\son[a-z]+=", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape off"),
    "foreign address": re.compile(r"(src|href)=\"(https?:)?//(?!www\.w3\.org)", re.I),
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_template_has(rule):
    guilty = [
        str(t.relative_to(ROOT))
        for t in TEMPLATES
        if FORBIDDEN[rule].search(t.read_text(encoding="utf-8"))
    ]

    assert guilty == []


def test_python_never_marks_text_as_safe():
    guilty = [
        str(f.relative_to(ROOT))
        for f in (ROOT / "caunoi").rglob("*.py")
        if "tests" not in f.parts and "mark_safe" in f.read_text(encoding="utf-8")
    ]

    assert guilty == []
