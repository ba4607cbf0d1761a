"""A published answer is never silently changed: every text stays with its day and its reason."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from caunoi.answers import actions, queries
from caunoi.answers.models import HelpTally
from caunoi.answers.rules import compared
from caunoi.answers.terms import (
    Change,
    EndsBeforeItBegins,
    NothingChanged,
    SayWhy,
    Standing,
    Withdrawn,
)
from caunoi.answers.tests.factories import BINH, publish
from caunoi.kit.models import AuditEntry
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


@pytest.fixture
def published():
    place = small_tree()
    return publish(
        unit_id=place["bich_hao"].pk,
        question="Làm khai sinh ở đâu khi bỏ huyện?",
        answer="Ở huyện. Không mất phí.",
    )


def correct(published, text="Ở xã. Không mất phí.", why="Huyện không còn", at=TUESDAY):
    return actions.correct_answer(published=published, answer=text, why=why, by=BINH, at=at)


def test_a_correction_keeps_the_text_before_it_with_its_day_and_says_why(published):
    correct(published)
    correct(published, text="Ở xã, bất kỳ xã nào.", why="Luật mới", at=TUESDAY + timedelta(days=1))

    shown = queries.history(answer=published)

    assert [s.version.text for s in shown] == [
        "Ở xã, bất kỳ xã nào.",
        "Ở xã. Không mất phí.",
        "Ở huyện. Không mất phí.",
    ]
    assert [s.version.why for s in shown] == ["Luật mới", "Huyện không còn", ""]
    assert shown[2].version.from_at == MONDAY


def test_the_words_that_went_and_came_are_told_apart():
    pieces = compared("Ở huyện. Không mất phí.", "Ở xã. Không mất phí.")

    assert [(p.change, p.text.strip()) for p in pieces] == [
        (Change.KEPT, "Ở"),
        (Change.GONE, "huyện."),
        (Change.NEW, "xã."),
        (Change.KEPT, "Không mất phí."),
    ]


def test_an_answer_that_was_never_changed_has_no_history(published):
    assert queries.history(answer=published) == []


def test_a_correction_without_a_reason_or_without_a_change_is_refused(published):
    with pytest.raises(SayWhy):
        correct(published, why="  ")
    with pytest.raises(NothingChanged):
        correct(published, text="Ở huyện. Không mất phí.")

    assert queries.history(answer=published) == []


def test_personal_data_is_masked_in_corrections_too(published):
    changed = correct(published, text="Gọi chị Dung 0912345678.")

    assert "0912345678" not in changed.answer


def test_a_withdrawn_answer_cannot_be_changed_any_more(published):
    actions.withdraw_answer(published=published, why="Sai", by=BINH, at=TUESDAY)

    with pytest.raises(Withdrawn):
        correct(published)
    assert queries.how_it_stands(queries.by_number(number=published.number), on=ON) == (
        Standing.WITHDRAWN
    )


def test_each_change_leaves_one_row_in_the_record(published):
    before = AuditEntry.objects.count()
    correct(published)
    actions.mark_law_changed(published=published, note="Luật 97/2025", by=BINH, at=TUESDAY)
    actions.unmark_law_changed(published=published, by=BINH, at=TUESDAY)
    actions.set_validity(published=published, valid_from=ON, valid_until=None, by=BINH, at=TUESDAY)
    actions.withdraw_answer(published=published, why="Sai", by=BINH, at=TUESDAY)

    events = AuditEntry.objects.order_by("pk").values_list("event", flat=True)[before:]

    assert list(events) == [
        "answers.answer.corrected",
        "answers.answer.law_changed",
        "answers.answer.law_unmarked",
        "answers.answer.validity_set",
        "answers.answer.withdrawn",
    ]


def test_an_answer_whose_law_has_changed_is_marked_and_no_longer_proposed(published):
    marked = actions.mark_law_changed(published=published, note="Luật mới", by=BINH, at=TUESDAY)

    assert queries.how_it_stands(marked, on=ON) == Standing.LAW_CHANGED
    assert queries.similar(text=published.question, on=ON) == []

    actions.unmark_law_changed(published=published, by=BINH, at=TUESDAY)

    assert len(queries.similar(text=published.question, on=ON)) == 1


@pytest.mark.parametrize(
    ("first", "last", "stands"),
    [
        (None, None, Standing.VALID),
        (ON, ON, Standing.VALID),
        (ON + timedelta(days=1), None, Standing.NOT_YET),
        (None, ON - timedelta(days=1), Standing.ENDED),
    ],
)
def test_an_answer_holds_from_its_first_to_its_last_day(published, first, last, stands):
    changed = actions.set_validity(
        published=published, valid_from=first, valid_until=last, by=BINH, at=MONDAY
    )

    assert queries.how_it_stands(changed, on=ON) == stands
    assert bool(queries.similar(text=published.question, on=ON)) == (stands == Standing.VALID)
    assert queries.published(on=ON, old=False).exists() == (stands == Standing.VALID)


def test_a_validity_that_ends_before_it_begins_is_refused_twice(published):
    with pytest.raises(EndsBeforeItBegins):
        actions.set_validity(
            published=published,
            valid_from=ON,
            valid_until=ON - timedelta(days=1),
            by=BINH,
            at=MONDAY,
        )
    published.valid_from, published.valid_until = ON, ON - timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        published.save()


def test_help_is_counted_by_month_and_names_nobody(published):
    for helped in (True, True, False):
        actions.count_help(published=published, helped=helped, at=MONDAY)
    actions.count_help(published=published, helped=True, at=MONDAY + timedelta(days=31))

    counted = HelpTally.objects.order_by("month").values_list("month", "helped", "not_helped")

    assert list(counted) == [(date(2026, 11, 1), 2, 1), (date(2026, 12, 1), 1, 0)]
