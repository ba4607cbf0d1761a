import pytest

from caunoi.kit import keyring
from caunoi.units.tests.factories import small_tree


@pytest.fixture
def tree(db, settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()
