"""Units from an operator's file."""

import pytest

from caunoi.units import load, queries
from caunoi.units.models import Unit
from caunoi.units.terms import Level
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
GOOD = "level,code,full_name,parent_code\nprovince,40,Tỉnh Nghệ An,\ncommune,17818,Xã Bích Hào,40\nvillage,17818-04,Xóm 4,17818\n"


def imported(tmp_path, text):
    file = tmp_path / "units.csv"
    file.write_text(text, encoding="utf-8")
    return load.import_units(path=file, by=None, at=MONDAY)


def test_a_file_makes_a_tree_and_again_changes_nothing(tmp_path):
    first, again = imported(tmp_path, GOOD), imported(tmp_path, GOOD)

    assert (first.loaded, again.loaded) == (3, 0)
    assert queries.search(text="xom 4", on=MONDAY.date())[0].within == "Xã Bích Hào, Tỉnh Nghệ An"


def test_one_wrong_row_keeps_everything_out_and_says_what_to_correct(tmp_path):
    outcome = imported(tmp_path, GOOD + "commune,1,Xã Lạc,99\nhamlet,2,Bản X,1\n")

    assert outcome.loaded == 0
    assert not Unit.objects.exists()
    assert outcome.errors[0].startswith("Dòng 5: không có đơn vị cấp trên")
    assert "province, district, commune" in outcome.errors[1]


def test_levels_are_words_of_the_field():
    assert [lv.value for lv in Level] == ["province", "district", "commune", "village"]
