"""Small functions in small files. Signatures with one keyword a line count, so the limit is generous."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES, FUNCTION_LINES = 500, 60


def sources():
    for folder in ("caunoi", "config", "simulator"):
        for file in (ROOT / folder).rglob("*.py"):
            if not {"tests", "migrations"} & set(file.parts):
                yield file


def test_no_file_is_longer_than_a_reader_bears():
    long = {
        str(f.relative_to(ROOT)): n
        for f in sources()
        if (n := len(f.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }

    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = {}
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{file.relative_to(ROOT)}:{node.name}"] = lines

    assert long == {}
