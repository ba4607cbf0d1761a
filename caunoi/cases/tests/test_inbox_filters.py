"""What the inbox shows for every view, filter and order."""

from datetime import timedelta
from uuid import uuid4

import pytest

from caunoi.cases import queries
from caunoi.cases.models import Reader
from caunoi.cases.queries import Filters
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.channels.models import Channel
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()
DAY = timedelta(days=1)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


def shown(viewer, **chosen):
    found = queries.inbox(viewer, filters=Filters(**chosen), at=MONDAY, on=ON)
    return [c.number for c in found]


def test_a_case_laid_aside_leaves_the_lists_until_its_day_and_then_comes_back(tree, an):
    case = make_case(unit=tree["bich_hao"], snoozed_until=MONDAY + DAY)

    assert shown(an) == shown(an, view="unassigned") == []
    assert shown(an, view="snoozed") == [case.number]
    later = queries.inbox(an, filters=Filters(), at=MONDAY + DAY, on=ON + DAY)
    assert [c.number for c in later] == [case.number]


def test_a_case_laid_aside_is_overdue_all_the_same_when_its_day_has_passed(tree, an):
    case = make_case(
        unit=tree["bich_hao"], due_at=MONDAY - DAY, snoozed_until=MONDAY + timedelta(days=3)
    )

    assert shown(an, view="overdue") == [case.number]


def test_the_most_urgent_comes_first_and_in_finished_views_the_newest(tree, an):
    late = make_case(unit=tree["bich_hao"], due_at=MONDAY - DAY, at=MONDAY - 9 * DAY)
    fresh = make_case(unit=tree["bich_hao"])

    assert shown(an) == [late.number, fresh.number]
    assert shown(an, view="all") == [fresh.number, late.number]
    assert shown(an, sort="newest") == [fresh.number, late.number]
    assert shown(an, view="all", sort="oldest") == [late.number, fresh.number]


def test_each_filter_narrows_the_list(tree, an):
    own, other = tree["bich_hao"], tree["village"]
    petition = make_case(unit=own, kind="petition", topic="nha_o", assignee_id=an.account_id)
    walked_in = make_case(unit=other, origin="walk_in", text="Xin hỏi về dột nát")

    assert shown(an, kind="petition") == shown(an, topic="nha_o") == [petition.number]
    assert shown(an, assignee="me") == shown(an, assignee=str(an.account_id)) == [petition.number]
    assert shown(an, assignee="none") == [walked_in.number]
    assert shown(an, origin="walk_in") == shown(an, text="dot nat") == [walked_in.number]
    assert shown(an, unit_id=other.pk) == [walked_in.number]
    assert shown(an, unit_id=uuid4()) == []


def test_the_kind_of_channel_is_a_filter(tree, an):
    channel = Channel.objects.create(
        unit=tree["bich_hao"],
        connector_key="loopback",
        external_id="c",
        name="Kênh",
        registered_at=MONDAY,
    )
    case = make_case(unit=tree["bich_hao"], channel_id=channel.pk)
    make_case(unit=tree["bich_hao"])

    assert shown(an, channel="loopback") == [case.number]
    assert shown(an, channel="zalo_oa") == []


def test_deadlines_are_late_today_this_week_or_later(tree, an):
    made = {
        word: make_case(unit=tree["bich_hao"], due_at=MONDAY + after).number
        for word, after in {
            "late": -DAY,
            "today": timedelta(hours=6),
            "week": 3 * DAY,
            "later": 8 * DAY,
        }.items()
    }

    assert shown(an, due="late") == [made["late"]]
    assert shown(an, due="today") == [made["today"]]
    assert shown(an, due="week") == [made["today"], made["week"]]
    assert shown(an, due="later") == [made["later"]]


def test_what_a_unit_handed_on_waits_in_a_view_of_its_own(tree, an):
    away = make_case(unit=tree["nghe_an"], state="referred")
    Reader.objects.create(case=away, unit=tree["bich_hao"])

    assert shown(an, view="away") == [away.number]
    assert shown(an, view="all") == []
    assert queries.counts(an, at=MONDAY, on=ON)["away"] == 1


def test_no_view_shows_a_sealed_case_or_one_of_another_unit(tree, an):
    sealed = make_case(unit=tree["bich_hao"], kind="denunciation")
    handed = make_case(unit=tree["nghe_an"], kind="complaint")
    Reader.objects.create(case=handed, unit=tree["bich_hao"])
    make_case(unit=tree["cao_son"])

    for view in queries.VIEWS:
        assert shown(an, view=view) == [], (view, sealed.number)


def test_counts_agree_with_the_lists(tree, an):
    for fields in (
        {},
        {"due_at": MONDAY - DAY},
        {"state": "submitted"},
        {"state": "referred", "assignee_id": an.account_id},
        {"snoozed_until": MONDAY + DAY},
        {"state": "answered", "answered_at": MONDAY - DAY},
    ):
        make_case(unit=tree["bich_hao"], **fields)

    counted = queries.counts(an, at=MONDAY, on=ON)

    assert {v: len(shown(an, view=v)) for v in counted} == counted


def test_a_list_and_its_counts_cost_the_same_with_thousands_of_cases(
    tree, an, django_assert_num_queries
):
    many_cases(unit=tree["bich_hao"], n=3000)

    with django_assert_num_queries(1):
        reach = queries.reach(an, on=ON)
    with django_assert_num_queries(1):
        found = queries.inbox(an, filters=Filters(text="đường"), at=MONDAY, on=ON, within=reach)
        assert len(found[:50]) == 50
    with django_assert_num_queries(5):
        queries.counts(an, at=MONDAY, on=ON, within=reach)
