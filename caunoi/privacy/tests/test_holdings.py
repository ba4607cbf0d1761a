"""The register of holdings is complete: no field that may hold words of a person is left undeclared."""

import pytest
from django.apps import apps

from caunoi.kit.holding import End, Whose
from caunoi.privacy import holdings

HOW = (
    "say in the room's personal.py what it holds (HOLDINGS) or why it holds nothing of a person (FREE), "
    "and how it is erased (forget)"
)


def test_every_field_that_may_hold_text_is_declared():
    missing = sorted(set(holdings.textual_fields()) - holdings.declared_fields())

    assert missing == [], HOW


def test_nothing_is_declared_that_does_not_exist():
    known = {
        f"{m._meta.label_lower}.{f.name}"
        for m in apps.get_models(include_auto_created=True)
        for f in m._meta.local_fields
    }

    assert sorted(holdings.declared_fields() - known) == []


def test_no_field_is_both_held_and_free():
    held = {f"{h.table}.{name}" for h in holdings.holdings() for name in h.fields}
    free = {f"{f.table}.{name}" for f in holdings.free() for name in f.fields}

    assert held & free == set()


def test_whatever_is_erased_of_askers_has_a_room_that_erases_it():
    rooms = {
        room.__name__.split(".")[1] for room in holdings.declarations() if hasattr(room, "forget")
    }
    asked = {h.table.split(".")[0] for h in holdings.holdings(Whose.ASKER) if h.end != End.KEPT}

    assert asked <= rooms


@pytest.mark.django_db
def test_the_public_page_says_every_holding(client):
    page = client.get("/quyen-rieng-tu/").content.decode()

    for basis in {h.basis for h in holdings.holdings(Whose.ASKER)}:
        assert basis in page
    assert "Dữ liệu về cán bộ" in page
