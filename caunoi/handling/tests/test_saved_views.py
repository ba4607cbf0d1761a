"""Views somebody put together, alone or for her unit."""

import pytest
from django.urls import reverse

from caunoi.cases import queries as cases
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.handling import actions, queries
from caunoi.handling.models import SavedView
from caunoi.handling.terms import NotYourView, TooManyViews
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return small_tree()


def officer(tree, name, unit="bich_hao", role=Role.CASE_OFFICER):
    return make_staff(name=name, unit_id=tree[unit].pk, role=role)


@pytest.fixture
def an(tree):
    return officer(tree, "Nguyễn Thị An")


def saved(by, name="Kiến nghị", query="view=all&kind=petition", unit_id=None):
    return actions.save_view(name=name, query=query, by=by, at=MONDAY, unit_id=unit_id)


def names(viewer):
    return [v.name for v in queries.saved_views(viewer)]


def test_an_own_view_is_seen_by_nobody_else_and_a_shared_one_by_the_unit(tree, an):
    saved(an, "Riêng")
    saved(an, "Chung", unit_id=tree["bich_hao"].pk)

    assert names(an) == ["Riêng", "Chung"]
    assert names(officer(tree, "Trần Văn Bình")) == ["Chung"]
    assert names(officer(tree, "Tráng A Páo", "tri_le")) == []


def test_nobody_shares_a_view_in_a_unit_where_she_handles_no_cases(tree, an):
    with pytest.raises(NotYourView):
        saved(an, unit_id=tree["tri_le"].pk)
    viewer = officer(tree, "Vũ Thị Mai", role=Role.VIEWER)
    with pytest.raises(NotYourView):
        saved(viewer, unit_id=tree["bich_hao"].pk)


def test_only_the_maker_or_an_officer_of_the_unit_changes_a_view(tree, an):
    own, shared = saved(an), saved(an, unit_id=tree["bich_hao"].pk)
    binh = officer(tree, "Trần Văn Bình")

    with pytest.raises(NotYourView):
        actions.remove_view(view=own, by=binh, at=MONDAY)
    actions.rename_view(view=shared, name="Tên khác", by=binh, at=MONDAY)

    assert names(binh) == ["Tên khác"]


def test_twenty_views_are_enough_for_anybody(an):
    for n in range(actions.VIEWS_AT_MOST):
        saved(an, f"Góc {n}")

    with pytest.raises(TooManyViews):
        saved(an)


def test_saving_from_the_page_keeps_only_what_means_something(tree, an):
    client = client_for(an)
    query = "view=all&kind=petition&due=soon&page=7&xlsx=1"

    client.post(reverse("handling:save_view"), {"name": "Kiến nghị", "query": query})

    assert SavedView.objects.get().query == "view=all&kind=petition"
    page = htmx.whole(client, "/hop-thu/?view=all&kind=petition")
    assert page.select_one("h1").get_text(" ", strip=True).startswith("Kiến nghị")


def test_each_view_shows_its_count_and_all_of_them_cost_one_query(
    tree, an, django_assert_num_queries
):
    many_cases(unit=tree["bich_hao"], n=3, kind="petition")
    make_case(unit=tree["bich_hao"], kind="report")
    from caunoi.handling import forms

    filters = [
        forms.filters_of(forms.words_of(f"view=all&kind={k}"), on=MONDAY.date())
        for k in ("petition", "report", "emergency")
    ] * 5

    within = cases.reach(an, on=MONDAY.date())

    with django_assert_num_queries(1):
        counted = queries.counts_of(an, filters=filters, at=MONDAY, on=MONDAY.date(), within=within)

    assert counted == [3, 1, 0] * 5


def test_a_view_nobody_may_see_cannot_be_changed_through_its_address(tree, an):
    view = saved(an)
    stranger = client_for(officer(tree, "Tráng A Páo", "tri_le"))

    answer = stranger.post(reverse("handling:change_view", args=[view.pk]), {"remove": "1"})

    assert answer.status_code == 404
    assert SavedView.objects.exists()
