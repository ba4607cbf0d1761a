"""Whoever has the file can check it alone, and a file that was touched does not hold."""

import json
import random
import uuid
from datetime import date, timedelta

import pytest

from caunoi.funds import actions, queries, rules, trees, verifying
from caunoi.funds.models import Root, Tile
from caunoi.funds.terms import PeriodClosed
from caunoi.funds.tests.books import DAY, draft, post
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(fund):
    """A fund of some days: gifts, pledges, one mistake taken back, a root a day."""
    dice = random.Random(5)
    for day in range(4):
        on, moment = DAY + timedelta(days=day), MONDAY + timedelta(days=day)
        gifts = [
            draft("receive", dice.randint(1, 10**7), on=on, word=f"Người {n}") for n in range(6)
        ]
        made = post(fund, *gifts, draft("receive", 5, commodity="goat", on=on), moment=moment)
        post(fund, draft("allocate", made[0].amount, on=on), moment=moment)
        actions.reverse(posting=made[1], key=uuid.uuid4(), on=on, at=moment)
        actions.publish_root(fund_id=fund.pk, day=on, at=moment)
    return list(queries.journal(fund_id=fund.pk))


def test_a_journal_holds_and_adds_up_to_what_the_page_says(fund, written):
    verdict = verifying.verify(written)

    assert (verdict.wrong, verdict.postings, verdict.roots) == ("", 36, 4)
    told = {
        c.value: {k: n for k, n in by.items() if n}
        for c, by in queries.columns(fund_id=fund.pk).items()
    }
    assert {c: {k: n for k, n in by.items() if n} for c, by in verdict.columns.items()} == told


def touched(lines, dice):
    """Return the file with one thing changed: a value, a posting gone, doubled or moved, a root, the end."""
    lines = list(lines)
    number = dice.randrange(1, len(lines))
    row = json.loads(lines[number])
    (kind, body), way = next(iter(row.items())), dice.randrange(4)
    if way == 0:
        del lines[number]
    elif way == 1:
        lines.insert(number, lines[number])
    elif way == 2 and number + 1 < len(lines):
        lines[number], lines[number + 1] = lines[number + 1], lines[number]
    else:
        name = dice.choice([k for k, v in body.items() if v is not None])
        value = body[name]
        if isinstance(value, int):
            body[name] = value + dice.choice([1, -1, 1000])
        else:
            place = dice.randrange(len(value))
            body[name] = value[:place] + ("1" if value[place] != "1" else "2") + value[place + 1 :]
        lines[number] = json.dumps({kind: body}, ensure_ascii=False)
    return lines


def test_a_hundred_tamperings_are_all_found(written):
    dice, unseen = random.Random(2026), []
    for _ in range(100):
        other = touched(written, dice)
        if other != written and verifying.verify(other).holds:
            unseen.append([line for line in other if line not in written])

    assert unseen == []


def test_a_cut_off_journal_does_not_hold(written):
    assert "cut off" in verifying.verify(written[:-1]).wrong


def test_a_receipt_proves_its_gift_alone(fund, written):
    gift = queries.posting(fund_id=fund.pk, seq=3)
    proof = queries.proof(posting=gift, with_word=True)

    assert verifying.verify([json.dumps(proof)]).wrong == ""
    assert proof["word"]["word"] == "Người 2"
    assert "word" not in queries.proof(posting=gift)


@pytest.mark.parametrize("name", ["size", "root", "proof", "amount", "word"])
def test_a_touched_receipt_does_not_hold(fund, written, name):
    proof = queries.proof(posting=queries.posting(fund_id=fund.pk, seq=3), with_word=True)
    if name == "size":
        proof["size"] -= 1
    elif name == "root":
        proof["root"] = proof["proof"][0]
    elif name == "proof":
        proof["proof"].pop()
    elif name == "amount":
        proof["posting"]["amount"] += 1
    else:
        proof["word"]["word"] = "Người khác"

    assert not verifying.verify([json.dumps(proof)]).holds


@pytest.mark.parametrize("amount", [True, 1.0, "1", None])
def test_an_amount_that_only_python_takes_for_one_does_not_hold(fund, amount):
    post(fund, draft("receive", 1))
    given = json.loads(list(queries.journal(fund_id=fund.pk))[1])["posting"]
    assert verifying.read_posting(given).amount == 1

    with pytest.raises(verifying.Broken):
        verifying.read_posting(given | {"amount": amount})


def test_before_a_root_is_published_there_is_no_proof(fund):
    gift = post(fund, draft("receive", 100))[0]

    assert queries.proof(posting=gift) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "no journal", '{"format":"caunoi-journal","v":2}', '{"v":1,"format":"x"}']
)
def test_something_else_is_no_journal(text):
    assert not verifying.verify([text]).holds


def test_a_root_is_published_once_a_day(fund):
    post(fund, draft("receive", 100))
    first = actions.publish_root(fund_id=fund.pk, day=DAY, at=MONDAY)
    post(fund, draft("receive", 100))

    assert actions.publish_root(fund_id=fund.pk, day=DAY, at=MONDAY).pk == first.pk
    assert Root.objects.get().size == 1
    with pytest.raises(PeriodClosed):
        actions.publish_root(fund_id=fund.pk, day=DAY - timedelta(days=1), at=MONDAY)


def test_a_tree_read_from_tiles_is_the_tree(fund):
    post(fund, *[draft("receive", 1) for _ in range(700)])
    actions.publish_root(fund_id=fund.pk, day=date(2026, 11, 24), at=MONDAY)
    leaves = list(trees.leaves(fund.pk, 0, 700))

    assert Tile.objects.count() == 2
    assert trees.root_of(fund.pk, 700) == rules.root(leaves)
    for index in (0, 255, 256, 511, 512, 699):
        assert trees.proof_of(fund.pk, index=index, size=700) == rules.path(leaves, index)
