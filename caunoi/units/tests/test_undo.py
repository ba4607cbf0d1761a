"""Events whose day has not come can be taken back; a rehearsal leaves nothing behind."""

from datetime import date, timedelta

import pytest
from django.db import connection

from caunoi.kit.models import AuditEntry
from caunoi.units import actions, queries
from caunoi.units.models import Succession, Unit, UnitEvent, UnitVersion
from caunoi.units.rehearsal import rehearse
from caunoi.units.terms import AlreadyHappened, Level, OthersRestOnIt
from caunoi.units.tests.factories import make_unit, small_tree
from caunoi.units.undo import undo_event
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
NEW_YEAR = date(2027, 1, 1)
LAW = {"legal_reference": "Nghị quyết 1/NQ", "by": None, "at": MONDAY}
ON = {"on": NEW_YEAR, **LAW}


def tree_now():
    """Everything the register says, row by row."""
    fields = ("unit_id", "valid", "level", "type", "code", "name", "full_name", "parent_id", "path")
    versions = sorted(str(v) for v in UnitVersion.objects.values_list(*fields))
    return versions, set(Unit.objects.values_list("pk", flat=True)), Succession.objects.count()


def undo(**words):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    event = words.pop("event", None) or UnitEvent.objects.latest("pk")
    return undo_event(event_id=event.pk, today=words.pop("today", TODAY), by=None, at=MONDAY)


EVENTS = {
    "create": lambda t: actions.create_unit(
        full_name="Xã Mới", code="1", level=Level.COMMUNE, parent_id=t["nghe_an"].pk, **ON
    ),
    "rename": lambda t: actions.rename_unit(
        unit_id=t["bich_hao"].pk, full_name="Phường Bích Hào", code="1", **ON
    ),
    "move": lambda t: actions.move_unit(unit_id=t["bich_hao"].pk, parent_id=t["lao_cai"].pk, **ON),
    "merge": lambda t: actions.merge_units(
        unit_ids=[t["bich_hao"].pk, t["tri_le"].pk], full_name="Xã Bích Lễ", code="17818", **ON
    ),
    "split": lambda t: actions.split_unit(
        unit_id=t["bich_hao"].pk,
        into=[("Xã Bích", "1"), ("Xã Hào", "2")],
        below={t["village"].pk: 1},
        **ON,
    ),
    "dissolve": lambda t: actions.dissolve_unit(
        unit_id=t["bich_hao"].pk, successor_id=t["tri_le"].pk, take_along=True, **ON
    ),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_taken_back_leaves_the_tree_as_if_it_had_never_been_entered(kind):
    tree = small_tree()
    before = tree_now()
    EVENTS[kind](tree)
    assert tree_now() != before

    undo()

    assert tree_now() == before
    assert AuditEntry.objects.latest("pk").event == "units.event.undone"


@pytest.mark.parametrize("kind", EVENTS)
def test_a_rehearsal_changes_nothing(kind):
    tree = small_tree()
    before, audit = tree_now(), AuditEntry.objects.count()

    rehearse(lambda: EVENTS[kind](tree))

    assert tree_now() == before
    assert AuditEntry.objects.count() == audit


def test_a_rehearsed_merger_says_what_ends_begins_and_moves():
    tree = small_tree()
    group = make_unit(name="Xóm 9", level=Level.VILLAGE, parent=tree["tri_le"])

    seen = rehearse(lambda: EVENTS["merge"](tree))

    assert [u.full_name for u in seen.ends] == ["Xã Bích Hào", "Xã Tri Lễ"]
    assert [u.full_name for u in seen.begins] == ["Xã Bích Lễ"]
    assert {old.id for old, _ in seen.moves} == {tree["village"].pk, group.pk}
    assert seen.on == NEW_YEAR


def test_a_rehearsed_move_counts_what_only_follows():
    tree = small_tree()

    seen = rehearse(lambda: EVENTS["move"](tree))

    assert [(old.full_name, new.parent_id) for old, new in seen.moves] == [
        ("Xã Bích Hào", tree["lao_cai"].pk)
    ]
    assert seen.along == {Level.VILLAGE: 1}


@pytest.mark.parametrize("days", [0, -1])
def test_history_is_not_taken_back(days):
    tree = small_tree()
    EVENTS["merge"](tree)

    with pytest.raises(AlreadyHappened):
        undo(today=NEW_YEAR - timedelta(days=days))


def test_the_event_on_top_must_go_first():
    tree = small_tree()
    merged = EVENTS["merge"](tree)
    first = UnitEvent.objects.latest("pk")
    actions.rename_unit(unit_id=merged.pk, full_name="Xã Khác", on=date(2027, 3, 1), **LAW)

    with pytest.raises(OthersRestOnIt):
        undo(event=first)

    undo()
    undo(event=first)
    assert queries.as_of(unit_id=tree["tri_le"].pk, on=date(2028, 1, 1)).full_name == "Xã Tri Lễ"


def test_a_village_renamed_on_the_day_its_commune_moves_holds_both_events_together():
    tree = small_tree()
    EVENTS["move"](tree)
    moved = UnitEvent.objects.latest("pk")
    actions.rename_unit(unit_id=tree["village"].pk, full_name="Xóm Bốn", **ON)

    for event in (moved, UnitEvent.objects.latest("pk")):
        with pytest.raises(OthersRestOnIt):
            undo(event=event)
