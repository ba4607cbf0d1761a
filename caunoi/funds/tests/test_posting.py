"""What the books take and what they refuse, by the action and by the database itself."""

import uuid
from datetime import date, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from caunoi.funds import actions, queries, rules
from caunoi.funds.models import Account, Fund, Posting, Receipt, Word
from caunoi.funds.terms import (
    AlreadyReversed,
    AnotherPosting,
    Column,
    Move,
    NotBalanced,
    NotEnough,
    PeriodClosed,
)
from caunoi.funds.tests.books import DAY, at, draft, post
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


def stands(fund):
    found = queries.balances(fund_id=fund.pk)
    return {str(a): n for a, n in found.items() if n and a.place not in rules.OUTSIDE}


def test_sixty_goats_go_from_offer_to_stable(fund):
    post(fund, draft("pledge", 60, commodity="goat"))
    post(fund, draft("fulfil", 60, commodity="goat"), draft("receive", 60, commodity="goat"))
    post(fund, draft("allocate", 60, commodity="goat"))
    post(fund, draft("hand_over", 58, commodity="goat"))

    assert stands(fund) == {"allocated/goat//": 2}
    assert queries.columns(fund_id=fund.pk) == {
        Column.REGISTERED: {"goat": 60},
        Column.RECEIVED: {"goat": 60},
        Column.ALLOCATED: {"goat": 60},
        Column.DELIVERED: {"goat": 58},
    }


def test_nobody_hands_over_what_is_not_there(fund):
    post(fund, draft("receive", 100))

    with pytest.raises(NotEnough):
        post(fund, draft("allocate", 60), draft("allocate", 41))

    assert stands(fund) == {"on_hand/VND//": 100}
    assert Posting.objects.count() == 1


def test_nothing_is_taken_before_it_came_even_in_one_deed(fund):
    post(fund, draft("receive", 100))

    with pytest.raises(NotEnough):
        post(fund, draft("hand_over", 60), draft("allocate", 60))
    post(fund, draft("allocate", 60), draft("hand_over", 60), draft("allocate", 40))

    assert stands(fund) == {"allocated/VND//": 40}


def test_a_bound_gift_is_not_used_for_another_purpose(fund):
    post(fund, draft("receive", 100, purpose="nha-o"))

    with pytest.raises(NotBalanced):
        post(
            fund,
            draft("allocate", 10, source=at("on_hand", purpose="nha-o"), target=at("allocated")),
        )
    with pytest.raises(NotEnough):
        post(fund, draft("allocate", 10))


def test_a_purpose_with_a_slash_could_not_be_read_back(fund):
    with pytest.raises(NotBalanced):
        post(fund, draft("receive", 100, purpose="nha/o"))


def test_the_same_key_twice_is_one_posting(fund):
    one = draft("receive", 100)

    first, again = post(fund, one)[0], post(fund, one)[0]

    assert first.pk == again.pk
    assert Posting.objects.count() == 1
    assert stands(fund) == {"on_hand/VND//": 100}


def test_the_same_key_for_something_else_is_refused(fund):
    one = draft("receive", 100)
    post(fund, one)

    with pytest.raises(AnotherPosting):
        post(fund, draft("receive", 101, key=one.id))


def test_a_reversal_is_the_contrary_and_happens_once(fund):
    wrong = post(fund, draft("receive", 100))[0]
    actions.reverse(posting=wrong, key=uuid.uuid4(), on=DAY, at=MONDAY)

    assert stands(fund) == {}
    assert queries.columns(fund_id=fund.pk)[Column.RECEIVED] == {"VND": 0}
    with pytest.raises(AlreadyReversed):
        actions.reverse(posting=wrong, key=uuid.uuid4(), on=DAY, at=MONDAY)


def test_what_was_spent_cannot_be_taken_back(fund):
    gift = post(fund, draft("receive", 100))[0]
    post(fund, draft("allocate", 100))

    with pytest.raises(NotEnough):
        actions.reverse(posting=gift, key=uuid.uuid4(), on=DAY, at=MONDAY)


def test_closed_books_take_nothing_more(fund):
    actions.close_books(fund_id=fund.pk, through=DAY, at=MONDAY)

    with pytest.raises(PeriodClosed):
        post(fund, draft("receive", 100))
    post(fund, draft("receive", 100, on=DAY + timedelta(days=1)))

    assert actions.close_books(fund_id=fund.pk, through=date(2026, 1, 31), at=MONDAY)
    assert Fund.objects.get().closed_through == DAY


def test_receipts_of_a_unit_and_year_have_no_gap(fund, unit, django_user_model):
    by = type("By", (), {"account_id": officer(), "name": "Cô Thủ quỹ"})()
    made = [post(fund, draft("receive", n))[0] for n in (1, 2, 3)]
    first = actions.issue_receipt(posting=made[0], unit_id=unit.pk, year=2026, at=MONDAY, by=by)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.issue_receipt(posting=made[1], unit_id=unit.pk, year=2026, at=MONDAY, by=by)
        raise RuntimeError("the power fails")
    third = actions.issue_receipt(posting=made[2], unit_id=unit.pk, year=2026, at=MONDAY, by=by)
    again = actions.issue_receipt(posting=made[2], unit_id=unit.pk, year=2026, at=MONDAY, by=by)

    assert (first.number, third.number, again.pk) == (1, 2, third.pk)
    assert Receipt.objects.count() == 2


def officer():
    from caunoi.staff.models import Account as Person

    return Person.objects.create(email="quy@caunoi.example", full_name="Cô Thủ quỹ").pk


def test_a_name_is_sealed_and_can_be_forgotten_without_breaking_the_chain(fund):
    gift = post(fund, draft("receive", 100, word="Nguyễn Thị Lành"))[0]
    word = Word.objects.get()

    assert rules.commitment(bytes(word.salt), "Nguyễn Thị Lành") == bytes(gift.commitment)
    assert "Lành" not in "".join(queries.journal(fund_id=fund.pk))
    assert actions.erase_word(posting_id=gift.pk, at=TUESDAY)
    assert not Word.objects.exists()


REFUSED = {
    "a posting is changed": "UPDATE funds_posting SET amount = 1",
    "a posting is deleted": "DELETE FROM funds_posting",
    "the postings are emptied": "TRUNCATE funds_posting CASCADE",
    "a balance is written by hand": "UPDATE funds_account SET came_in = came_in + 1",
    "the head of the chain is written by hand": "UPDATE funds_fund SET seq = 7",
    "the receipts are emptied": "TRUNCATE funds_receipt CASCADE",
    "a closed period is opened again": "UPDATE funds_fund SET closed_through = '2026-02-01';"
    " UPDATE funds_fund SET closed_through = '2026-01-01'",
    "a closing is forgotten": "UPDATE funds_fund SET closed_through = '2026-02-01';"
    " UPDATE funds_fund SET closed_through = NULL",
    "a root is changed": "UPDATE funds_root SET size = 0",
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses_by_itself(fund, what):
    post(fund, draft("receive", 100))
    actions.publish_root(fund_id=fund.pk, day=DAY, at=MONDAY)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REFUSED[what])


INSERTED = """INSERT INTO funds_posting (id, fund_id, seq, move, source_id, target_id, commodity_id, amount, "on", at, commitment, leaf, link)
    SELECT gen_random_uuid(), fund_id, {seq}, '{move}', {source}, {target}, '{commodity}', {amount}, '{on}', at, commitment, leaf,
    sha256(link || leaf) FROM funds_posting WHERE seq = 2"""
FINE = {
    "seq": 3, "move": "allocate", "source": "source_id", "target": "target_id",
    "commodity": "VND", "amount": 10, "on": "2026-11-23",
}  # fmt: skip
WRONG = {
    "a gap": {"seq": 4},
    "more than there is": {"amount": 1000},
    "nothing": {"amount": 0},
    "a way that does not exist": {"move": "hand_over"},
    "another thing than the account holds": {"commodity": "goat"},
    "a closed day": {"on": "2026-01-01"},
    "from an account of another fund": {"source": "(SELECT max(id) FROM funds_account)"},
}


@pytest.fixture
def two_postings(fund, unit):
    post(fund, draft("receive", 100), draft("allocate", 10))
    actions.close_books(fund_id=fund.pk, through=date(2026, 1, 31), at=MONDAY)
    from caunoi.funds.tests.books import fund_of

    other = fund_of(unit, "Quỹ khác")
    post(other, draft("receive", 100), moment=MONDAY)
    return fund


def test_a_posting_made_by_hand_as_it_should_be_is_taken(two_postings):
    with connection.cursor() as cursor:
        cursor.execute(INSERTED.format(**FINE) + f" AND fund_id = '{two_postings.pk}'")

    assert stands(two_postings) == {"on_hand/VND//": 80, "allocated/VND//": 20}


@pytest.mark.parametrize("what", WRONG)
def test_the_database_refuses_a_wrong_posting_by_itself(two_postings, what):
    sql = INSERTED.format(**FINE | WRONG[what]) + f" AND fund_id = '{two_postings.pk}'"

    with (
        pytest.raises(DatabaseError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert isinstance(refused.value.__cause__, psycopg.errors.IntegrityError)


def test_the_ways_of_the_database_are_those_of_the_rules(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT move, source, target, keeps_purpose FROM funds_way")
        found = {(m, s, t, keeps) for m, s, t, keeps in cursor.fetchall()}

    assert found == {
        (m.value, s.value, t.value, m in rules.KEEPS_PURPOSE) for m, (s, t) in rules.WAYS.items()
    }


def test_every_move_has_a_way_or_is_a_reversal():
    assert set(rules.WAYS) == set(Move) - {Move.REVERSE}


def test_one_posting_costs_the_same_however_many_there_are(fund, django_assert_max_num_queries):
    post(fund, *[draft("receive", 1) for _ in range(300)])

    with django_assert_max_num_queries(9):
        post(fund, *[draft("receive", 1) for _ in range(300)])

    assert Account.objects.get(place="on_hand").balance == 600
