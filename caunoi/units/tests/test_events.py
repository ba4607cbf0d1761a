"""What may and may not happen to the tree."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit.models import AuditEntry
from caunoi.units import actions, queries
from caunoi.units.models import UnitVersion
from caunoi.units.terms import (
    AlreadyKnown,
    CodeTaken,
    LaterChangeExists,
    Level,
    MovesBelowItself,
    NoSuccessor,
    NotOnThatDay,
    NotTogether,
    PartUnknown,
    Share,
    UnitsOfItsOwn,
)
from caunoi.units.tests.factories import make_unit, small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)
LAW = {"legal_reference": "Nghị quyết 1/NQ", "by": None, "at": MONDAY}


def checked():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_renamed_commune_keeps_its_identity_and_its_history():
    tree = small_tree()

    actions.rename_unit(unit_id=tree["tri_le"].pk, full_name="Phường Tri Lễ", on=NEW_YEAR, **LAW)

    checked()
    assert queries.name_of(unit_id=tree["tri_le"].pk, on=date(2025, 12, 31)) == "Xã Tri Lễ"
    assert queries.as_of(unit_id=tree["tri_le"].pk, on=NEW_YEAR).type == "phuong"


def test_moving_a_commune_takes_its_villages_along():
    tree = small_tree()

    actions.move_unit(unit_id=tree["bich_hao"].pk, parent_id=tree["lao_cai"].pk, on=NEW_YEAR, **LAW)

    checked()
    assert queries.within(unit_id=tree["village"].pk, root_id=tree["lao_cai"].pk, on=NEW_YEAR)
    assert queries.within(
        unit_id=tree["village"].pk, root_id=tree["nghe_an"].pk, on=date(2025, 12, 31)
    )


def test_merging_two_communes_makes_a_new_one_that_holds_their_villages():
    tree = small_tree()

    new = actions.merge_units(
        unit_ids=[tree["bich_hao"].pk, tree["tri_le"].pk],
        full_name="Xã Bích Lễ",
        code="17000",
        on=NEW_YEAR,
        **LAW,
    )

    checked()
    assert [u.id for u in queries.children(unit_id=new.pk, on=NEW_YEAR)] == [tree["village"].pk]
    (heir,) = queries.successors(unit_id=tree["tri_le"].pk, on=NEW_YEAR)
    assert heir.unit.id == new.pk


def test_a_split_commune_has_two_heirs_in_part():
    tree = small_tree()

    actions.split_unit(
        unit_id=tree["tri_le"].pk, into=[("Xã Tri", "1"), ("Xã Lễ", "2")], on=NEW_YEAR, **LAW
    )

    checked()
    heirs = queries.successors(unit_id=tree["tri_le"].pk, on=NEW_YEAR)
    assert [(h.unit.full_name, h.share, h.is_default) for h in heirs] == [
        ("Xã Tri", Share.PART, True),
        ("Xã Lễ", Share.PART, False),
    ]


def test_a_unit_with_villages_cannot_simply_end():
    tree = small_tree()

    with pytest.raises(UnitsOfItsOwn):
        actions.dissolve_unit(unit_id=tree["bich_hao"].pk, successor_id=None, on=NEW_YEAR, **LAW)


def test_an_unknown_successor_is_recorded_once_with_its_legal_reference():
    tree = small_tree()
    actions.dissolve_unit(unit_id=tree["tri_le"].pk, successor_id=None, on=NEW_YEAR, **LAW)
    heir = {"unit_id": tree["tri_le"].pk, "successor_id": tree["bich_hao"].pk, **LAW}

    actions.record_successor(**heir)

    assert (
        queries.successors(unit_id=tree["tri_le"].pk, on=NEW_YEAR)[0].unit.id == tree["bich_hao"].pk
    )
    with pytest.raises(AlreadyKnown):
        actions.record_successor(**heir)


def test_a_unit_cannot_move_below_its_own_village():
    tree = small_tree()

    with pytest.raises(MovesBelowItself):
        actions.move_unit(
            unit_id=tree["bich_hao"].pk, parent_id=tree["village"].pk, on=NEW_YEAR, **LAW
        )


def test_two_communes_cannot_bear_one_code_on_the_same_day():
    tree = small_tree()

    with pytest.raises(CodeTaken):
        make_unit(name="Xã Khác", level=Level.COMMUNE, parent=tree["nghe_an"], code="17818")


def test_changes_are_entered_in_order_of_time():
    tree = small_tree()
    actions.rename_unit(unit_id=tree["tri_le"].pk, full_name="Xã Mới", on=NEW_YEAR, **LAW)

    with pytest.raises(LaterChangeExists):
        actions.rename_unit(
            unit_id=tree["tri_le"].pk, full_name="Xã Cũ", on=date(2025, 6, 1), **LAW
        )


def test_a_unit_is_not_there_before_its_first_day():
    tree = small_tree()

    with pytest.raises(NotOnThatDay):
        actions.rename_unit(unit_id=tree["tri_le"].pk, full_name="Xã X", on=date(2010, 1, 1), **LAW)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"valid": DateRange(date(2022, 1, 1), None)}, "unit_one_version_a_day"),
        ({"valid": DateRange(date(2010, 1, 1), date(2011, 1, 1))}, "no fitting parent"),
        (
            {"valid": DateRange(date(2010, 1, 1), date(2011, 1, 1)), "parent": None},
            "unit_only_provinces_stand_alone",
        ),
    ],
)
def test_the_database_refuses_overlap_and_orphans(change, constraint):
    tree = small_tree()
    version = UnitVersion.objects.get(unit=tree["tri_le"])
    fields = {
        f: getattr(version, f)
        for f in ("unit", "level", "type", "name", "full_name", "parent", "path")
    }

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        UnitVersion.objects.create(**fields | {"code": "1", **change})
        checked()


def test_the_database_refuses_a_cycle():
    tree = small_tree()
    village = UnitVersion.objects.get(unit=tree["village"])

    with pytest.raises(IntegrityError, match="no fitting parent"), transaction.atomic():
        UnitVersion.objects.filter(unit=tree["bich_hao"]).update(
            parent=tree["village"], path=f"{village.path}.{tree['bich_hao'].pk.hex}"
        )
        checked()


def test_the_database_refuses_to_pull_the_parent_away():
    tree = small_tree()

    with pytest.raises(IntegrityError, match="no fitting parent"), transaction.atomic():
        UnitVersion.objects.filter(unit=tree["bich_hao"]).update(
            valid=DateRange(date(2020, 1, 1), NEW_YEAR)
        )
        checked()


def test_every_event_leaves_one_audit_row():
    tree = small_tree()
    before = AuditEntry.objects.count()

    actions.rename_unit(unit_id=tree["tri_le"].pk, full_name="Xã Mới", on=NEW_YEAR, **LAW)

    assert AuditEntry.objects.count() == before + 1


def test_a_split_commune_gives_each_village_to_the_part_that_was_named():
    tree = small_tree()
    other = make_unit(name="Xóm 5", level=Level.VILLAGE, parent=tree["bich_hao"])

    parts = actions.split_unit(
        unit_id=tree["bich_hao"].pk,
        into=[("Xã Bích", "1"), ("Xã Hào", "2")],
        below={tree["village"].pk: 1, other.pk: 0},
        on=NEW_YEAR,
        **LAW,
    )

    checked()
    below = [[u.id for u in queries.children(unit_id=p.pk, on=NEW_YEAR)] for p in parts]
    assert below == [[other.pk], [tree["village"].pk]]


def test_a_split_that_forgets_a_village_is_refused():
    tree = small_tree()

    with pytest.raises(PartUnknown):
        actions.split_unit(
            unit_id=tree["bich_hao"].pk, into=[("Xã A", "1"), ("Xã B", "2")], on=NEW_YEAR, **LAW
        )


def test_a_unit_does_not_split_into_one():
    tree = small_tree()

    with pytest.raises(NotTogether):
        actions.split_unit(unit_id=tree["tri_le"].pk, into=[("Xã A", "1")], on=NEW_YEAR, **LAW)


@pytest.mark.parametrize("words", [["tri_le"], ["tri_le", "tri_le"], ["tri_le", "cao_son"]])
def test_only_units_that_stand_together_merge(words):
    tree = small_tree()

    with pytest.raises(NotTogether):
        actions.merge_units(
            unit_ids=[tree[w].pk for w in words], full_name="Xã X", code="9", on=NEW_YEAR, **LAW
        )


def test_a_commune_that_ends_takes_its_villages_along_to_its_successor():
    tree = small_tree()

    actions.dissolve_unit(
        unit_id=tree["bich_hao"].pk,
        successor_id=tree["tri_le"].pk,
        take_along=True,
        on=NEW_YEAR,
        **LAW,
    )

    checked()
    assert queries.within(unit_id=tree["village"].pk, root_id=tree["tri_le"].pk, on=NEW_YEAR)
    assert queries.as_of(unit_id=tree["bich_hao"].pk, on=NEW_YEAR) is None


@pytest.mark.parametrize("heir", ["bich_hao", "nghe_an", "village"])
def test_a_successor_is_another_unit_of_the_same_level(heir):
    tree = small_tree()

    with pytest.raises(NoSuccessor):
        actions.dissolve_unit(
            unit_id=tree["bich_hao"].pk, successor_id=tree[heir].pk, on=NEW_YEAR, **LAW
        )


def test_forty_villages_change_their_commune_in_as_many_statements_as_one(
    django_assert_max_num_queries,
):
    tree = small_tree()
    for number in range(40):
        make_unit(name=f"Xóm {number}", level=Level.VILLAGE, parent=tree["bich_hao"])

    with django_assert_max_num_queries(32):
        new = actions.merge_units(
            unit_ids=[tree["bich_hao"].pk, tree["tri_le"].pk],
            full_name="Xã Bích Lễ",
            code="17000",
            on=NEW_YEAR,
            **LAW,
        )

    checked()
    assert len(queries.children(unit_id=new.pk, on=NEW_YEAR)) == 41


def test_what_stands_deeper_goes_along_in_its_place():
    tree = small_tree()
    district = make_unit(name="Huyện Cũ", level=Level.DISTRICT, parent=tree["nghe_an"])
    actions.move_unit(unit_id=tree["bich_hao"].pk, parent_id=district.pk, on=NEW_YEAR, **LAW)

    actions.move_unit(unit_id=district.pk, parent_id=tree["lao_cai"].pk, on=date(2026, 6, 1), **LAW)

    checked()
    above = queries.ancestors(unit_id=tree["village"].pk, on=date(2026, 6, 1))
    assert [u.full_name for u in above] == ["Tỉnh Lào Cai", "Huyện Cũ", "Xã Bích Hào"]


def test_a_village_with_a_later_change_holds_its_commune_in_place():
    tree = small_tree()
    actions.rename_unit(unit_id=tree["village"].pk, full_name="Xóm Bốn", on=date(2026, 6, 1), **LAW)

    with pytest.raises(LaterChangeExists):
        actions.move_unit(
            unit_id=tree["bich_hao"].pk, parent_id=tree["lao_cai"].pk, on=NEW_YEAR, **LAW
        )
