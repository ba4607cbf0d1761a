"""Many cases at once: planned, done, taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from caunoi.cases import actions as cases
from caunoi.cases.models import Case, Draft
from caunoi.cases.terms import State
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.handling import actions_bulk, actions_canned, queries, tasks
from caunoi.handling.models import BulkRun
from caunoi.handling.terms import Do, ItemState, LeftOut, NothingChosen, RunIsOver, TooLate
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


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


def planned(by, do, params, found):
    run = actions_bulk.choose_cases(
        do=do, case_ids=[c.pk for c in found], query="", by=by, at=MONDAY
    )
    return actions_bulk.plan_run(run=run, params=params, by=by, at=MONDAY)


def done(by, do, params, found, at=MONDAY):
    run = planned(by, do, params, found)
    actions_bulk.start_run(run=run, by=by, at=at)
    while actions_bulk.work_on(run=run, by=by, at=at):
        pass
    run.refresh_from_db()
    return run


def states(run):
    return queries.progress_of(run=run)


def test_the_plan_says_which_cases_are_left_out_and_why_and_changes_nothing(tree, an, binh):
    fine = many_cases(unit=tree["bich_hao"], n=3)
    mine_already = make_case(unit=tree["bich_hao"], assignee_id=binh.account_id)
    finished = make_case(unit=tree["village"], state="closed", closed_at=MONDAY)
    foreign = make_case(unit=tree["tri_le"])

    run = planned(
        an, Do.ASSIGN, {"account": binh.account_id}, [*fine, mine_already, finished, foreign]
    )

    assert states(run) == {ItemState.TODO: 3, ItemState.LEFT_OUT: 3}
    why = {
        w: [c.number for c in found]
        for w, _n, found in queries.reasons_of(run=run, state=ItemState.LEFT_OUT)
    }
    assert why == {
        LeftOut.SAME: [mine_already.number],
        LeftOut.FINISHED: [finished.number],
        LeftOut.NOT_YOURS: [foreign.number],
    }
    assert Case.objects.filter(assignee_id=binh.account_id).count() == 1


def test_a_colleague_of_a_village_gets_no_case_of_the_commune(tree, an):
    village = make_staff(name="Phan Văn Đức", unit_id=tree["village"].pk, role=Role.CASE_OFFICER)
    in_village, above = make_case(unit=tree["village"]), make_case(unit=tree["bich_hao"])

    run = done(an, Do.ASSIGN, {"account": village.account_id}, [in_village, above])

    assert states(run) == {ItemState.DONE: 1, ItemState.LEFT_OUT: 1}
    assert Case.objects.get(assignee_id=village.account_id) == in_village


def test_every_case_has_its_own_audit_row_and_undo_brings_back_what_stood_there(tree, an, binh):
    first = make_case(unit=tree["bich_hao"], assignee_id=an.account_id)
    second = make_case(unit=tree["bich_hao"])

    run = done(an, Do.ASSIGN, {"account": binh.account_id}, [first, second])
    assert AuditEntry.objects.filter(event="cases.case.assigned").count() == 2
    actions_bulk.undo_run(run=run, by=an, at=MONDAY + 9 * MINUTE)

    first.refresh_from_db(), second.refresh_from_db()
    assert (first.assignee_id, second.assignee_id) == (an.account_id, None)
    assert AuditEntry.objects.filter(event="cases.case.assigned").count() == 4


def test_undo_keeps_what_somebody_changed_meanwhile(tree, an, binh):
    case, other = many_cases(unit=tree["bich_hao"], n=2)
    run = done(an, Do.ASSIGN, {"account": an.account_id}, [case, other])
    cases.assign_case(
        case=case, to=Account.objects.get(pk=binh.account_id), by=binh, at=MONDAY + MINUTE
    )

    actions_bulk.undo_run(run=run, by=an, at=MONDAY + 2 * MINUTE)

    case.refresh_from_db()
    assert case.assignee_id == binh.account_id
    assert states(run) == {ItemState.KEPT: 1, ItemState.UNDONE: 1}


def test_topic_and_snooze_are_set_and_taken_back(tree, an):
    found = many_cases(unit=tree["bich_hao"], n=2, topic="khac")
    until = MONDAY + timedelta(days=2)

    by_topic = done(an, Do.TOPIC, {"topic": "nha_o", "topic_name": "Nhà ở"}, found)
    laid = done(an, Do.SNOOZE, {"until": until.isoformat()}, found)
    assert Case.objects.filter(topic="nha_o", snoozed_until=until).count() == 2

    actions_bulk.undo_run(run=by_topic, by=an, at=MONDAY + MINUTE)
    actions_bulk.undo_run(run=laid, by=an, at=MONDAY + MINUTE)
    assert Case.objects.filter(topic="khac", snoozed_until=None).count() == 2


def test_a_closing_taken_back_leaves_clock_and_the_askers_own_reopening_alone(tree, an, binh):
    case = make_case(unit=tree["bich_hao"])
    due = case.due_at
    run = done(an, Do.CLOSE, {"reason": "Đã trả lời trực tiếp"}, [case])
    case.refresh_from_db()
    assert case.state == State.CLOSED

    actions_bulk.undo_run(run=run, by=an, at=MONDAY + 5 * MINUTE)

    case.refresh_from_db()
    assert (case.state, case.closed_at, case.reopened_at) == (State.OPEN, None, None)
    assert case.due_at == due


def test_after_ten_minutes_and_for_referrals_there_is_no_undo(tree, an):
    case, other = many_cases(unit=tree["bich_hao"], n=2)
    closed = done(an, Do.CLOSE, {"reason": "Trùng"}, [case])
    referred = done(an, Do.REFER, {"unit": str(tree["nghe_an"].pk), "reason": "Của tỉnh"}, [other])

    with pytest.raises(TooLate):
        actions_bulk.undo_run(run=closed, by=an, at=MONDAY + 11 * MINUTE)
    with pytest.raises(TooLate):
        actions_bulk.undo_run(run=referred, by=an, at=MONDAY)
    other.refresh_from_db()
    assert other.owner == tree["nghe_an"]


def test_a_template_answers_each_case_with_its_own_number_and_waits_for_a_second_person(
    tree, an, binh
):
    canned = actions_canned.save_canned(
        unit_id=tree["bich_hao"].pk,
        title="Đã nhận",
        shortcut="da-nhan",
        text="Chào {tên}, {đơn vị} đã nhận câu {số}.",
        by=binh,
        at=MONDAY,
    )
    plain, begun = many_cases(unit=tree["bich_hao"], n=2, asker_name="Giàng A Sình")
    cases.save_draft(case=begun, text="Tôi đang viết", by=binh, at=MONDAY)

    run = done(an, Do.ANSWER, {"canned": canned.pk}, [plain, begun])

    assert states(run) == {ItemState.DONE: 1, ItemState.LEFT_OUT: 1}
    plain.refresh_from_db()
    assert plain.state == State.SUBMITTED
    said = Draft.objects.get(case=plain).text
    assert said == f"Chào Giàng A Sình, Xã Bích Hào đã nhận câu {plain.number}."


def test_a_run_starts_once_and_only_for_whoever_made_it(tree, an, binh):
    run = planned(an, Do.CLOSE, {"reason": "Trùng"}, [make_case(unit=tree["bich_hao"])])

    with pytest.raises(BulkRun.DoesNotExist):
        actions_bulk.start_run(run=run, by=binh, at=MONDAY)
    actions_bulk.start_run(run=run, by=an, at=MONDAY)
    with pytest.raises(RunIsOver):
        actions_bulk.start_run(run=run, by=an, at=MONDAY)
    with pytest.raises(NothingChosen):
        actions_bulk.choose_cases(do=Do.CLOSE, case_ids=[], query="", by=an, at=MONDAY)


def test_more_than_a_hundred_are_left_to_the_worker_which_goes_on_where_it_stopped(tree, an):
    found = many_cases(unit=tree["bich_hao"], n=120)
    run = planned(an, Do.TOPIC, {"topic": "nha_o"}, found)
    client = client_for(an)

    client.post(reverse("handling:start", args=[run.pk]))
    assert states(run) == {ItemState.TODO: 120}
    page = htmx.part(client, reverse("handling:run", args=[run.pk]), "run")
    assert page.select_one("#run")["hx-trigger"] == "load delay:1s"

    actions_bulk.work_on(run=run, by=an, at=MONDAY, limit=50)
    assert "50 trên 120" in client.get(reverse("handling:run", args=[run.pk])).content.decode()
    tasks.run.func(run_id=str(run.pk))

    assert states(run) == {ItemState.DONE: 120}
    run.refresh_from_db()
    assert run.state == "done"
    assert Case.objects.filter(topic="nha_o").count() == 120


def test_one_case_that_cannot_be_done_stops_no_other(tree, an, binh):
    case, changed = many_cases(unit=tree["bich_hao"], n=2)
    run = planned(an, Do.CLOSE, {"reason": "Trùng"}, [case, changed])
    cases.close_case(case=changed, reason="Xong", by=binh, at=MONDAY)

    actions_bulk.start_run(run=run, by=an, at=MONDAY)
    actions_bulk.work_on(run=run, by=an, at=MONDAY)

    assert states(run) == {ItemState.DONE: 1, ItemState.FAILED: 1}


def test_planning_costs_the_same_for_ten_and_for_two_thousand(
    tree, an, django_assert_max_num_queries
):
    found = many_cases(unit=tree["bich_hao"], n=2000)
    run = actions_bulk.choose_cases(
        do=Do.CLOSE, case_ids=[c.pk for c in found], query="", by=an, at=MONDAY
    )

    with django_assert_max_num_queries(12):
        actions_bulk.plan_run(run=run, params={"reason": "Trùng"}, by=an, at=MONDAY)


def choose(client, **fields):
    return client.post(reverse("handling:choose"), fields)


def test_taking_a_few_is_one_press_and_its_undo_stands_over_the_list(tree, an):
    found = many_cases(unit=tree["bich_hao"], n=3)
    client = client_for(an)

    answer = choose(client, do=["take", ""], case=[c.number for c in found[:2]], query="")

    assert Case.objects.filter(assignee_id=an.account_id).count() == 2
    page = htmx.whole(client, answer.headers["Location"])
    undo = page.select_one(".lately form")
    client.post(undo["action"])
    assert Case.objects.filter(assignee_id=an.account_id).count() == 0


def test_all_of_a_view_means_the_view_and_not_the_page(tree, an):
    many_cases(unit=tree["bich_hao"], n=70, kind="petition")
    many_cases(unit=tree["bich_hao"], n=5)

    choose(client_for(an), do=["", "topic"], all="1", query="view=all&kind=petition")

    assert BulkRun.objects.get().items.count() == 70


def test_the_page_shows_the_plan_asks_what_is_missing_and_runs(tree, an, binh):
    case = make_case(unit=tree["bich_hao"])
    closed = make_case(unit=tree["bich_hao"], state="closed", closed_at=MONDAY)
    client = client_for(an)
    address = choose(client, do="close", case=[case.number, closed.number]).headers["Location"]

    empty = client.post(address, {"reason": ""})
    assert empty.status_code == 422
    client.post(address, {"reason": "Trùng với câu trước"})
    page = htmx.whole(client, address)
    assert "Làm với 1 vụ việc" in page.get_text()
    assert "Đã trả lời hoặc đã đóng." in page.get_text()
    client.post(page.select_one("form[action$='/lam/']")["action"])

    case.refresh_from_db()
    assert case.state == State.CLOSED


@pytest.mark.parametrize(
    ("typed", "right"),
    [("tinh-nghe-an", True), ("Tỉnh Nghệ An", True), ("nghe an", True), ("xa khong co", False)],
)
def test_a_unit_is_found_by_name_or_address(tree, an, typed, right):
    case = make_case(unit=tree["bich_hao"])
    client = client_for(an)
    address = choose(client, do="refer", case=[case.number]).headers["Location"]

    answer = client.post(address, {"unit": typed, "reason": "Của tỉnh"})

    assert answer.status_code == (302 if right else 422)
