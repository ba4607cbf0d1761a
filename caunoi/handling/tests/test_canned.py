"""Canned answers: whose they are, who may use them."""

import pytest
from django.urls import reverse

from caunoi.handling import actions_canned, queries
from caunoi.handling.models import CannedAnswer
from caunoi.handling.terms import NotYourUnit, ShortcutTaken, UnknownPlaceholder
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def binh(tree):
    return make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)


@pytest.fixture
def chi(tree):
    return make_staff(name="Hoàng Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)


def kept(unit, by, shortcut="nuoc", title="Nước sạch", text="Chào {tên}.", **more):
    return actions_canned.save_canned(
        unit_id=unit.pk, title=title, shortcut=shortcut, text=text, by=by, at=MONDAY, **more
    )


def offered(viewer, unit, text=""):
    return [c.title for c in queries.canned_for(viewer, unit_ids=[unit.pk], on=ON, text=text)]


def test_a_unit_uses_its_own_and_those_above_and_its_own_word_wins(tree, binh, chi):
    kept(tree["nghe_an"], chi, "nuoc", "Nước, mẫu tỉnh")
    kept(tree["nghe_an"], chi, "sap-nhap", "Sáp nhập")
    kept(tree["bich_hao"], binh, "nuoc", "Nước, mẫu xã")

    assert offered(binh, tree["bich_hao"]) == ["Nước, mẫu xã", "Sáp nhập"]
    assert offered(binh, tree["village"]) == ["Nước, mẫu xã", "Sáp nhập"]
    assert offered(binh, tree["tri_le"]) == ["Nước, mẫu tỉnh", "Sáp nhập"]
    assert offered(binh, tree["cao_son"]) == []


def test_a_part_of_title_or_shortcut_finds_it_with_or_without_accents(tree, binh):
    kept(tree["bich_hao"], binh, "nuoc", "Nước sạch nông thôn")

    for typed in ("nuoc", "NƯỚC", "nông th", "sach nuoc"):
        assert offered(binh, tree["bich_hao"], typed) == ["Nước sạch nông thôn"]
    assert offered(binh, tree["bich_hao"], "điện") == []


def test_what_is_not_in_use_is_not_offered(tree, binh):
    kept(tree["bich_hao"], binh, is_active=False)

    assert offered(binh, tree["bich_hao"]) == []


def test_nobody_writes_for_another_unit(tree, binh):
    with pytest.raises(NotYourUnit):
        kept(tree["nghe_an"], binh)
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    with pytest.raises(NotYourUnit):
        kept(tree["bich_hao"], officer)


def test_a_shortcut_is_taken_once_a_unit_and_braces_must_mean_something(tree, binh):
    kept(tree["bich_hao"], binh)
    with pytest.raises(ShortcutTaken):
        kept(tree["bich_hao"], binh)
    with pytest.raises(UnknownPlaceholder):
        kept(tree["bich_hao"], binh, "khac", text="Chào {họ và tên}")


def test_the_page_adds_changes_and_explains_what_is_wrong(tree, binh, chi):
    kept(tree["nghe_an"], chi, "sap-nhap", "Sáp nhập, mẫu tỉnh")
    client = client_for(binh)
    fields = {
        "title": "Nước sạch",
        "shortcut": "nuoc",
        "text": "Chào {tên}",
        "unit": str(tree["bich_hao"].pk),
        "is_active": "on",
    }

    assert (
        client.post(reverse("handling:add_canned"), fields | {"text": "{sai}"}).status_code == 422
    )
    assert client.post(reverse("handling:add_canned"), fields).status_code == 302
    again = client.post(reverse("handling:add_canned"), fields)
    assert "tên tắt này" in again.content.decode()
    made = CannedAnswer.objects.get(shortcut="nuoc")
    client.post(reverse("handling:change_canned", args=[made.pk]), fields | {"title": "Nước"})

    page = client.get(reverse("handling:canned")).content.decode()
    assert "Nước" in page
    assert "Sáp nhập, mẫu tỉnh" in page
    made.refresh_from_db()
    assert made.title == "Nước"
