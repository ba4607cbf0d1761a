"""A newcomer's first connector: one command, and its contract tests pass at once."""

import importlib.util
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.connectors.rigs import LoopbackRig
from tools import new_connector

ROOT = Path(new_connector.__file__).parent.parent


@pytest.fixture
def root(tmp_path):
    (tmp_path / "tests" / "connectors").mkdir(parents=True)
    home = tmp_path / "caunoi" / "connectors" / "loopback"
    shutil.copytree(ROOT / "caunoi" / "connectors" / "loopback", home)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_new_connector_is_a_working_copy_under_its_own_name(root):
    new_connector.make("bulletin_board", root=root)

    file = root / "caunoi" / "connectors" / "bulletin_board" / "connector.py"
    spec = importlib.util.spec_from_file_location("new_one", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rig = LoopbackRig(module.BulletinBoard())
    points = tomllib.loads((root / "pyproject.toml").read_text())["project"]["entry-points"]
    assert rig.connector.key == "bulletin_board"
    assert rig.connector.check(rig.account(), at=rig.now()).ok
    assert points["caunoi.connectors"]["bulletin_board"].endswith(
        "bulletin_board.connector:BulletinBoard"
    )
    assert (root / "tests" / "connectors" / "test_bulletin_board.py").is_file()


@pytest.mark.parametrize("name", ["", "Zalo", "zalo-group", "../x", "loopback"])
def test_a_bad_or_taken_name_is_refused_and_nothing_written(root, name):
    with pytest.raises(ValueError, match=r"name|there already"):
        new_connector.make(name, root=root)

    assert not list((root / "tests" / "connectors").iterdir())
