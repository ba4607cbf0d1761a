"""What is decided about houses without asking the database."""

from datetime import date

import pytest

from caunoi.houses import rules
from caunoi.houses.terms import HouseState, Late, Row, StageKind, Standing, Tally, Work

D = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("votes", "households", "enough"),
    [(51, 100, True), (50, 100, False), (0, 1, False), (1, 1, True)],
)
def test_more_than_half_of_all_households_of_the_village_must_be_for_it(votes, households, enough):
    assert rules.accepted(votes=votes, households=households) is enough


def test_a_list_posted_for_a_week_from_monday_stands_until_sunday():
    assert rules.last_posting_day(since=D, days=7) == date(2026, 11, 29)
    assert rules.in_time(said_on=date(2026, 11, 29), posted_from=D, posted_to=date(2026, 11, 29))
    assert not rules.in_time(
        said_on=date(2026, 11, 30), posted_from=D, posted_to=date(2026, 11, 29)
    )


def test_the_foundation_does_not_come_after_the_roof_nor_before_the_survey():
    done = [(StageKind.SURVEY, D)]
    assert not rules.goes_back(stage=StageKind.FOUNDATION, on=D, done=done)
    assert rules.goes_back(stage=StageKind.FOUNDATION, on=date(2026, 11, 22), done=done)
    assert rules.goes_back(stage=StageKind.FOUNDATION, on=D, done=[(StageKind.ROOF, D)])
    assert not rules.goes_back(stage=StageKind.ROOF, on=D, done=done), "a repair has no foundation"


def test_every_household_that_is_helped_stands_in_one_column():
    found = [rules.standing(state=s, stage=g) for s in HouseState for g in ("", "roof")]
    assert set(found) == {None, *Standing}


def test_a_house_is_late_when_its_day_has_passed_or_nothing_was_heard_for_a_month():
    about = {"state": "approved", "stage": "", "on": D, "silent_days": 30}
    assert rules.late(due_on=date(2026, 11, 22), news_on=D, **about) == [Late.PLANNED]
    assert rules.late(due_on=D, news_on=date(2026, 10, 24), **about) == []
    assert rules.late(due_on=None, news_on=date(2026, 10, 23), **about) == [Late.SILENT]
    assert rules.late(due_on=date(2020, 1, 1), news_on=D, **(about | {"state": "done"})) == []


def test_the_programme_gives_sixty_millions_for_a_new_house_and_thirty_for_a_repair():
    given = [
        rules.support(work=w, new=rules.NEW_SUPPORT, repair=rules.REPAIR_SUPPORT) for w in Work
    ]
    assert given == [60_000_000, 30_000_000]


def test_a_code_that_stands_twice_in_a_sheet_or_is_known_is_seen():
    rows = [Row(1, code="h-1"), Row(2, code="H-1"), Row(3, code="H-9"), Row(4, code="H-2")]
    assert rules.doubles(rows, ["H-9"]) == {2, 3}


def test_the_real_figures_of_one_commune_add_up():
    # 363 dilapidated houses, 173 rebuilt by the end of 2024, 44 more registered: 146 still wait.
    commune = Tally(done=173, registered=44, waiting=146)
    assert commune.needed == 363
    assert commune.open == 190
