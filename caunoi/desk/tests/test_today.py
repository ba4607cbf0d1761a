"""Today: what to do first, in order, with the reason; nothing of strangers, and few queries however much waits."""

from datetime import timedelta

import pytest
from django.urls import reverse

from caunoi.cases import actions as cases
from caunoi.cases import actions_desk
from caunoi.cases.models import Case
from caunoi.cases.terms import Kind, State
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.desk import today as first_things
from caunoi.handling import actions_writing as handling
from caunoi.kit import clock
from caunoi.notices import actions as notices
from caunoi.notices import successions
from caunoi.notices.models import Notice
from caunoi.notices.terms import Fields, NoticeKind
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
ON = MONDAY.date()


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def binh(tree):
    return make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)


def groups(viewer, at=MONDAY):
    return {g.name: g for g in first_things.today(viewer, at=at, on=ON).groups}


def test_late_comes_before_today_before_approval_before_what_nobody_has(tree, an, binh):
    unit = tree["bich_hao"]
    make_case(unit=unit, text="Chưa ai nhận?", due_at=MONDAY + timedelta(days=5))
    late = make_case(unit=unit, text="Đã trễ?", due_at=MONDAY - timedelta(days=2))
    due = make_case(unit=unit, text="Hôm nay?", due_at=MONDAY + timedelta(hours=3))
    written = make_case(unit=unit, text="Chờ duyệt?", due_at=MONDAY + timedelta(days=3))
    cases.save_draft(case=written, text="Đã có lịch.", by=an, at=MONDAY)
    cases.submit_draft(case=written, by=an, at=MONDAY)

    found = groups(binh)

    assert list(found) == ["overdue", "today", "approval", "unassigned"]
    assert [line.case for line in found["overdue"].lines] == [late]
    assert [line.case for line in found["today"].lines] == [due]
    assert [line.case for line in found["approval"].lines] == [written]
    assert "approval" not in groups(an)


def test_what_came_back_says_why(tree, an, binh):
    unit = tree["bich_hao"]
    returned, woke, again = (make_case(unit=unit, text=f"Câu {n}?") for n in range(3))
    cases.save_draft(case=returned, text="Chưa đủ.", by=an, at=MONDAY)
    cases.submit_draft(case=returned, by=an, at=MONDAY)
    cases.return_draft(case=returned, because="Thiếu ngày", by=binh, at=MONDAY)
    actions_desk.snooze_case(case=woke, until=TUESDAY, by=an, at=MONDAY)
    cases.close_case(case=again, reason="Đã rút", by=an, at=MONDAY)
    cases.reopen_by_asker(case=again, reason="Chưa rõ", at=MONDAY)

    found = groups(an, at=TUESDAY + timedelta(minutes=1))["back"]

    assert {line.case: line.why for line in found.lines} == {
        returned: "dự thảo bị trả lại",
        woke: "đã đến ngày",
        again: "bà con chưa hài lòng",
    }


def test_a_colleague_who_names_me_stands_there_until_i_open_the_case(tree, an, binh):
    case = make_case(unit=tree["bich_hao"], text="Nhắc nhau?", assignee_id=an.account_id)
    handling.leave_note(
        case=case, text="@Trần Văn Bình xem giúp", mentioned={binh.account_id}, by=an, at=MONDAY
    )

    group = groups(binh)["mentions"]
    client_for(binh).get(f"/vu-viec/{case.number}/")

    assert (group.count, group.mentions[0].case) == (1, case)
    assert "mentions" not in groups(binh)


def test_sealed_ones_are_a_number_and_only_for_whoever_may_open_them(tree, an):
    make_case(unit=tree["bich_hao"], text="Tôi khiếu nại quyết định 5", kind=Kind.COMPLAINT)
    chi = make_staff(name="Lô Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.SEALED_OFFICER)

    page = client_for(chi).get("/hom-nay/").content.decode()

    assert groups(chi)["sealed"].count == 1
    assert "khiếu nại quyết định" not in page
    assert "sealed" not in groups(an)


def test_nothing_of_another_province_and_an_empty_day_says_so(tree, an):
    make_case(unit=tree["cao_son"], due_at=MONDAY - timedelta(days=1))

    page = htmx.whole(client_for(an), "/hom-nay/")

    assert "Hết việc" in page.select_one(".empty").get_text()


def test_a_province_sees_which_commune_needs_help(tree):
    chi = make_staff(name="Lê Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.CASE_OFFICER)
    many_cases(unit=tree["bich_hao"], n=3, due_at=MONDAY - timedelta(days=1))
    many_cases(unit=tree["tri_le"], n=1, due_at=MONDAY + timedelta(days=1))

    found = first_things.today(chi, at=MONDAY, on=ON)

    assert [(r.unit.id, r.figures.overdue) for r in found.units] == [(tree["bich_hao"].pk, 3)]


@pytest.mark.parametrize("n", [1, 3000])
def test_the_page_costs_the_same_with_thousands_of_cases(
    tree, binh, n, django_assert_max_num_queries
):
    many_cases(unit=tree["bich_hao"], n=n, due_at=MONDAY - timedelta(days=1))
    many_cases(unit=tree["bich_hao"], n=n, state=State.SUBMITTED.value)
    client = client_for(binh)
    client.get("/hom-nay/")
    assert Case.objects.count() == 2 * n

    with django_assert_max_num_queries(26):
        client.get("/hom-nay/")


def test_notices_wait_for_an_approver_who_did_not_write_them_and_for_whoever_must_decide(tree):
    unit = tree["bich_hao"]
    people = {
        r: make_staff(name=f"Người {r}", unit_id=unit.pk, role=r) for r in ("editor", "approver")
    }
    other = make_staff(name="Lê Văn Việt", unit_id=unit.pk, role=Role.APPROVER)
    notice = notices.create_notice(
        unit_id=unit.pk,
        fields=Fields(kind=NoticeKind.NOTICE, title="Họp xóm tối nay", short_text="19 giờ."),
        by=people["editor"],
        at=MONDAY,
    )
    notices.hand_in(notice=notice, by=people["editor"], at=MONDAY)

    def waits(viewer):
        groups = first_things.today(viewer, at=MONDAY, on=ON).groups
        return {g.name: [n.title for n in g.notices] for g in groups if g.notices}

    assert waits(people["approver"]) == {"notices": ["Họp xóm tối nay"]}
    assert waits(people["editor"]) == {}
    page = client_for(other).get(reverse("desk:today")).content.decode()
    assert "Thông báo chờ tôi duyệt" in page
    assert f"/quan-tri/thong-bao/{notice.pk}/" in page
    back = notices.withdraw(notice=notice, by=people["editor"], at=MONDAY)
    Notice.objects.filter(pk=back.pk).update(end_reason=successions.NOBODY_LEFT)
    assert waits(people["editor"]) == {"notices-back": ["Họp xóm tối nay"]}
