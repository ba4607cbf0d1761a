"""Every name under which the code records an action has its sentence in the record of actions."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from caunoi.desk.events import WORDS
from caunoi.goods.terms import MovementKind
from caunoi.staff.terms import Permission
from caunoi.treasury.terms import State

ROOMS = Path(__file__).parents[2]
TASK = re.compile(
    r"\.(check|\w+_round|send\w*|tell\w*|mail_\w+|make_\w+|run|import|catch_up|carry_\w+)$"
)
MADE_UP = {
    *(f"treasury.voucher.{s.value}" for s in State if s is not State.WAITING),
    *(f"goods.{k.value}" for k in MovementKind),
}
"""Names put together while the program runs, in the rooms that move what people give."""


def names() -> Iterator[tuple[str, str]]:
    """Return each dotted name of the shape ``room.what_happened``, and where: no model, no permission, no task."""
    rooms = {p.name for p in ROOMS.iterdir() if p.is_dir()}
    known = {m._meta.label_lower for m in apps.get_models()} | {p.value for p in Permission}
    for file in ROOMS.rglob("*.py"):
        if {"tests", "migrations"} & set(file.parts) or "connectors" in file.parts:
            continue
        text = file.read_text(encoding="utf-8")
        if "audit." not in text and "record(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            value = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9_]+(\.[a-z_]+){1,3}", value):
                continue
            if value.split(".")[0] in rooms and value not in known and not TASK.search(value):
                yield value, f"{file.relative_to(ROOMS)}:{node.lineno}"


def test_every_recorded_action_has_its_words():
    found = dict(names())
    assert len(found) > 150, "the look for names found nearly none"
    assert not {n: at for n, at in found.items() if n not in WORDS}
    assert not MADE_UP - set(WORDS)


def test_no_two_actions_are_called_the_same():
    assert len(set(WORDS.values())) == len(WORDS)
