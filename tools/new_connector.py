"""``python -m tools.new_connector NAME``: begin a connector as a copy of loopback, with its tests, and say what comes next."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = """# {title}

What people write here, how they are answered, and what is special about this provider.

Uncertain, to be confirmed with a real account: everything, until somebody tried.
"""
TESTS = '''"""The connector ``{name}`` passes the contract. The rig still plays loopback's world: give it your provider's."""

import pytest

from caunoi.channels.testing import ConnectorContract
from caunoi.connectors.{name}.connector import {title}
from tests.connectors.rigs import LoopbackRig


class Test{title}(ConnectorContract):
    @pytest.fixture
    def rig(self):
        return LoopbackRig({title}())
'''


def make(name: str, *, root: Path = ROOT) -> list[str]:
    """Write folder, tests and entry point. -> what the author does next. Raises ValueError for a bad or taken name."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,29}", name):
        raise ValueError("A name is small letters, digits and _, like youtube or zalo_group.")
    folder = root / "caunoi" / "connectors" / name
    if folder.exists():
        raise ValueError(f"{folder} is there already.")
    title = "".join(word.capitalize() for word in name.split("_"))
    model = (root / "caunoi" / "connectors" / "loopback" / "connector.py").read_text("utf-8")
    code = model.replace('key = "loopback"', f'key = "{name}"').replace(
        "class Loopback:", f"class {title}:"
    )
    code = code.replace("The connector ``loopback``", f"The connector ``{name}``")
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "connector.py").write_text(code, "utf-8")
    (folder / "README.md").write_text(README.format(title=title), "utf-8")
    tests = root / "tests" / "connectors" / f"test_{name}.py"
    tests.write_text(TESTS.format(name=name, title=title), "utf-8")
    project = root / "pyproject.toml"
    line = f'{name} = "caunoi.connectors.{name}.connector:{title}"\n'
    mark = "\n[tool.setuptools.dynamic]"
    project.write_text(project.read_text("utf-8").replace(mark, line + mark, 1), "utf-8")
    return [
        f"pytest tests/connectors/test_{name}.py    passes now, against loopback's world",
        f"write the provider's calls in {folder.relative_to(root)} and its rig beside that test",
        "make install-dev    makes the new entry point known",
        "add the name to test_no_installed_connector_is_left_out; read docs/write-a-connector.md",
    ]


def main() -> int:
    """Take the name from the command line."""
    if len(sys.argv) != 2:
        print("make new-connector NAME=youtube")
        return 2
    try:
        steps = make(sys.argv[1])
    except ValueError as error:
        print(error)
        return 1
    print("\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
