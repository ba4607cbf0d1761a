"""The table of deadlines: versions by day, sources, history, and who may change it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from caunoi.deadlines import actions, calendar, queries
from caunoi.deadlines.models import Deadline, DeadlineVersion
from caunoi.deadlines.terms import (
    DayKind,
    DayKnown,
    NothingChanged,
    NotTheProvince,
    Span,
    UnknownDeadline,
)
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def chi(place):
    return make_staff(name="Hoàng Thị Chi", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)


def change(by, **values):
    values = {"amount": 20, "span": Span.CALENDAR, "source": "Luật 136/2025/QH15"} | values
    return actions.change_deadline(
        deadline=Deadline.objects.get(pk="feedback.answer"),
        valid_from=values.pop("valid_from", MONDAY.date()),
        why="Luật mới",
        by=by,
        at=MONDAY,
        **values,
    )


def test_every_row_of_the_seed_is_there_with_a_source():
    assert Deadline.objects.count() == 41
    assert not DeadlineVersion.objects.filter(source="").exists()
    assert queries.term(code="denunciation.accept", on=MONDAY.date()).span == Span.WORKING


def test_a_deadline_without_a_source_does_not_exist():
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineVersion.objects.filter(deadline_id="qa.ack").update(source="")


def test_an_unknown_row_is_an_error_that_says_so():
    with pytest.raises(UnknownDeadline):
        queries.term(code="no.such", on=MONDAY.date())


def test_what_began_before_keeps_the_old_values(chi):
    change(chi, valid_from=date(2026, 12, 1))

    assert queries.term(code="feedback.answer", on=date(2026, 11, 30)).amount == 15
    assert queries.term(code="feedback.answer", on=date(2026, 12, 1)).amount == 20


def test_every_change_stands_in_the_record_with_its_reason(chi):
    change(chi)

    (entry,) = queries.history_of(code="feedback.answer")
    assert entry.actor_name == "Hoàng Thị Chi"
    assert entry.before["amount"] == 15
    assert entry.after["amount"] == 20
    assert entry.after["why"] == "Luật mới"


def test_the_same_values_again_are_refused(chi):
    change(chi)

    with pytest.raises(NothingChanged):
        change(chi)


def test_a_commune_cannot_change_the_table_of_everybody(place):
    commune = make_staff(name="An", unit_id=place["bich_hao"].pk, role=Role.ADMINISTRATOR)

    with pytest.raises(NotTheProvince):
        change(commune)


def test_a_day_off_moves_deadlines_and_can_be_taken_back(chi):
    off = date(2026, 11, 25)
    exception = actions.add_day(
        day=off, kind=DayKind.OFF, name="Bão", source="Công điện 12", by=chi, at=MONDAY
    )
    assert not calendar.current()(off)
    with pytest.raises(DayKnown):
        actions.add_day(day=off, kind=DayKind.WORK, name="x", source="x", by=chi, at=MONDAY)

    actions.remove_day(exception=exception, by=chi, at=MONDAY)

    assert calendar.current()(off)


def test_the_page_answers_received_on_due_on(chi):
    page = client_for(chi).get(
        "/quan-tri/thoi-han/", {"code": "denunciation.accept", "received": "2026-02-12"}
    )

    words = page.content.decode()
    assert "17:00 02/03/2026" in words
    assert "Giao thừa" in words


def test_the_form_wants_a_source_and_a_reason(chi):
    answer = client_for(chi).post(
        "/quan-tri/thoi-han/qa.ack/",
        {"valid_from": "2026-12-01", "amount": "2", "span": "working", "soon_days": "1"},
    )

    assert answer.status_code == 422
    assert "Căn cứ pháp lý" in answer.content.decode()
    assert queries.term(code="qa.ack", on=date(2026, 12, 1)).amount == 1


def test_the_form_changes_a_deadline(chi):
    answer = client_for(chi).post(
        "/quan-tri/thoi-han/qa.ack/",
        {
            "valid_from": "2026-12-01",
            "amount": "2",
            "span": "working",
            "source": "Quy chế 15/QC",
            "extensions": "0",
            "extension_amount": "0",
            "soon_days": "1",
            "why": "Quy chế mới",
        },
    )

    assert answer.status_code == 302
    assert queries.term(code="qa.ack", on=date(2026, 12, 1)).amount == 2


def test_the_year_page_shows_tet_by_the_lunar_calendar(chi):
    words = client_for(chi).get("/quan-tri/ngay-nghi/?nam=2027").content.decode()

    assert "06/02/2027" in words
    assert "Tết" in words


def test_the_table_comes_as_a_spreadsheet(chi):
    answer = client_for(chi).get("/quan-tri/thoi-han/?xlsx=1&q=to+cao")

    assert answer.headers["Content-Type"].endswith("sheet")
