"""Search by name stays right when thousands of names contain the text."""

import pytest

from caunoi.units import queries
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()


@pytest.fixture
def province():
    nghe_an = make_unit(name="Tỉnh Nghệ An", level=Level.PROVINCE)
    for name in ("Xã Tân An", "Xã An Bình", "Xã An", "Phường Ân Phú"):
        make_unit(name=name, level=Level.COMMUNE, parent=nghe_an)
    return nghe_an


def names(text, **narrowed):
    return [f.unit.full_name for f in queries.search(text=text, on=ON, **narrowed)]


def test_the_very_name_is_found_however_few_candidates_are_looked_at(province, monkeypatch):
    monkeypatch.setattr(queries, "SEARCH_CANDIDATES", 1)

    assert names("an")[0] == "Xã An"
    assert names("xã an")[0] == "Xã An"


def test_names_that_begin_so_come_before_names_that_contain_the_text(province):
    assert names("an")[:3] == ["Xã An", "Xã An Bình", "Phường Ân Phú"]
    assert names("tân a") == ["Xã Tân An"]
    assert names("ghệ") == ["Tỉnh Nghệ An"]


def test_a_search_keeps_to_the_level_asked_for(province):
    assert "Tỉnh Nghệ An" in names("nghe an")
    assert names("nghe an", level=Level.COMMUNE) == []
