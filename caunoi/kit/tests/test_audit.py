"""The audit trail cannot be changed unseen."""

import random

import pytest
from django.db import DatabaseError, connection, transaction

from caunoi.kit import audit
from caunoi.kit.models import AuditEntry, AuditHead
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def head():
    return AuditHead.objects.get(pk=1)


def ten_entries(subject):
    for n in range(10):
        with transaction.atomic():
            audit.record("kit.thing.counted", on=subject, at=MONDAY, after={"n": n})


def tamper(statement):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kit_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE kit_auditentry ENABLE TRIGGER USER")


def test_ten_actions_make_a_whole_chain_of_ten(head):
    ten_entries(head)

    verdict = audit.verify()

    assert verdict.whole
    assert verdict.entries == 10


def test_an_action_that_was_rolled_back_leaves_no_gap(head):
    ten_entries(head)
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("kit.thing.lost", on=head, at=MONDAY)
        raise RuntimeError

    assert audit.verify().entries == 10
    assert audit.verify().whole


@pytest.mark.parametrize(
    "statement", ["UPDATE kit_auditentry SET event = 'x'", "DELETE FROM kit_auditentry"]
)
def test_the_database_refuses_to_change_or_delete(head, statement):
    ten_entries(head)

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE kit_auditentry SET after = '{"n": 99}' WHERE seq = 4""",
        "UPDATE kit_auditentry SET actor_name = 'Ai đó' WHERE seq = 10",
        "DELETE FROM kit_auditentry WHERE seq = 5",
        "DELETE FROM kit_auditentry WHERE seq > 7",
        "UPDATE kit_auditentry SET seq = CASE seq WHEN 2 THEN 30 WHEN 3 THEN 2 END WHERE seq IN (2, 3)",
        "INSERT INTO kit_auditentry (event, at, actor_name, object_type, object_id, before, after, seq, hash)"
        " VALUES ('x', now(), '', '', '', '{}', '{}', 11, sha256('x'))",
    ],
    ids=["edited", "signed by another", "one deleted", "end cut off", "swapped", "inserted"],
)
def test_tampering_is_found(head, statement):
    ten_entries(head)

    tamper(statement)

    assert not audit.verify().whole


def test_a_hundred_random_changes_are_all_found(head):
    ten_entries(head)
    dice = random.Random(456)
    found = 0
    for _ in range(100):
        seq, letter = dice.randint(1, 10), dice.choice("abcdefgh")
        before = AuditEntry.objects.get(seq=seq).object_id
        tamper(f"UPDATE kit_auditentry SET object_id = object_id || '{letter}' WHERE seq = {seq}")
        found += not audit.verify().whole
        tamper(f"UPDATE kit_auditentry SET object_id = '{before}' WHERE seq = {seq}")

    assert found == 100
    assert audit.verify().whole
