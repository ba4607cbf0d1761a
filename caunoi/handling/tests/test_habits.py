"""A colleague's own ways: stars nobody else sees, keys that can be switched off."""

import pytest
from django.urls import reverse

from caunoi.cases.models import Star
from caunoi.cases.tests.factories import make_case
from caunoi.handling.models import Habit
from caunoi.kit import clock
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
HABITS = "/toi/cach-lam-viec/"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


def starred(viewer):
    page = htmx.whole(client_for(viewer), "/hop-thu/?view=starred")
    return {row["data-number"] for row in page.select(".mail")}


def test_a_star_is_found_again_by_whoever_set_it_and_by_nobody_else(tree, an):
    em = make_staff(name="Vi Văn Em", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    case, _other = make_case(unit=tree["bich_hao"]), make_case(unit=tree["bich_hao"])
    star = reverse("journeys:case_star", args=[case.number])

    client_for(an).post(star, {"star": "on"})
    client_for(an).post(star, {"star": "on"})

    assert (starred(an), starred(em)) == ({case.number}, set())
    client_for(an).post(star, {"star": "off"})
    assert not Star.objects.exists()


def test_a_finished_case_keeps_its_star(tree, an):
    case = make_case(unit=tree["bich_hao"], state="closed", closed_at=MONDAY)

    client_for(an).post(reverse("journeys:case_star", args=[case.number]), {"star": "on"})

    assert starred(an) == {case.number}


def test_keys_of_one_letter_are_on_until_she_turns_them_off(an):
    client = client_for(an)
    assert htmx.whole(client, "/hop-thu/").select_one("dialog#keys")["data-single"] == "on"

    client.post(HABITS, {"recall_seconds": "30"})

    assert htmx.whole(client, "/hop-thu/").select_one("dialog#keys")["data-single"] == "off"
    assert Habit.objects.get().recall_seconds == 30


def test_no_other_time_than_those_offered_is_kept(an):
    client = client_for(an)

    answer = client.post(HABITS, {"single_keys": "on", "recall_seconds": "0"})

    assert answer.status_code == 422
    assert not Habit.objects.exists()


def test_help_and_dialog_are_the_same_list_and_lead_only_where_she_may_go(tree):
    reader = make_staff(name="Xem", unit_id=tree["bich_hao"].pk, role=Role.VIEWER)
    page = htmx.whole(client_for(reader), "/huong-dan/")

    dialog, help_list = page.select("dialog [data-key]"), page.select("main [data-key]")

    assert [k["data-key"] for k in dialog] == [k["data-key"] for k in help_list]
    targets = {k.a["href"] for k in dialog if k.a}
    assert "/hop-thu/" in targets
    assert "/quan-tri/mau-tra-loi/" not in targets
