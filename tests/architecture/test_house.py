"""Rules of the house that no linter knows."""

import ast
import importlib
import inspect
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = sorted(p.parent.name for p in (ROOT / "caunoi").glob("*/queries.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_query_takes_the_viewer_or_says_why_not(room):
    queries = importlib.import_module(f"caunoi.{room}.queries")
    own = [
        f
        for name, f in inspect.getmembers(queries, inspect.isfunction)
        if f.__module__ == queries.__name__ and not name.startswith("_")
    ]

    bare = [
        f.__name__
        for f in own
        if "viewer" not in inspect.signature(f).parameters and not hasattr(f, "reads_for_system")
    ]

    assert bare == []


@pytest.mark.parametrize("file", sorted((ROOT / "caunoi").glob("*/rules.py")), ids=str)
def test_rules_ask_no_clock(file):
    text = file.read_text(encoding="utf-8")

    assert "datetime.now(" not in text
    assert "timezone.now(" not in text


@pytest.mark.parametrize("file", sorted((ROOT / "caunoi").glob("*/actions*.py")), ids=str)
def test_actions_ask_no_clock(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))

    asked = [
        n.lineno
        for n in ast.walk(tree)
        if isinstance(n, ast.Call)
        and ast.unparse(n.func) in {"datetime.now", "timezone.now", "clock.now"}
    ]

    assert asked == []


def test_migrations_import_no_code_of_ours():
    guilty = [
        str(f.relative_to(ROOT))
        for f in (ROOT / "caunoi").glob("*/migrations/*.py")
        if "from caunoi" in f.read_text(encoding="utf-8")
    ]

    # A migration may name a field type of its own room; nothing that decides.
    assert [g for g in guilty if "units/migrations" not in g] == []


def test_nothing_third_party_is_committed():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    suspicious = (".min.js", ".min.css", ".woff2", ".ttf", "htmx.js")

    assert [f for f in tracked.stdout.split() if f.endswith(suspicious)] == []
