"""Holding pen and dead letters: counted for whoever may look, on the health page and among all pages."""

import pytest

from caunoi.channels import actions as channels
from caunoi.inbox.models import RawDelivery
from caunoi.kit import clock, keyring
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests import htmx
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(monkeypatch, settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    found = small_tree()
    channel = channels.register_channel(
        unit_id=found["bich_hao"].pk,
        connector_key="loopback",
        external_id="c",
        name="Kênh",
        by=None,
        at=MONDAY,
    )
    for n in range(2):
        OutboundMessage.objects.create(
            key=f"k{n}",
            channel=channel,
            kind="private_message",
            target_ref="p",
            thread_ref="p",
            text="t",
            reference="r",
            state="dead",
            not_before=MONDAY,
            created_at=MONDAY,
        )
    RawDelivery.objects.create(
        connector_key="loopback",
        app_id="a",
        body_sha256=b"x" * 32,
        body=b"{}",
        received_at=MONDAY,
        state="failed",
    )
    return found


def numbers(viewer):
    page = htmx.whole(client_for(viewer), "/them/")
    return {
        a["href"]: a.select_one(".row-facts").get_text(strip=True)
        for a in page.select("main .row-link")
        if a.select_one(".row-facts")
    }


def test_who_may_look_sees_how_many_wait_and_where(tree):
    chi = make_staff(name="Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)

    page = htmx.whole(client_for(chi), "/quan-tri/suc-khoe/")

    assert numbers(chi)["/quan-tri/gui-di/"] == "2 chờ người xem"
    linked = {a["href"]: a.get_text(strip=True) for a in page.select("main dd > a.tap")}
    assert linked["/quan-tri/gui-di/?state=person"] == "2"
    assert "1" in linked.values()


def test_who_may_not_look_is_shown_neither_door_nor_number(tree):
    reader = make_staff(name="Xem", unit_id=tree["bich_hao"].pk, role=Role.VIEWER)

    page = htmx.whole(client_for(reader), "/them/")

    assert numbers(reader) == {}
    doors = {a["href"] for a in page.select("main .row-link")}
    assert not doors & {"/quan-tri/vu-viec-don-vi-cu/", "/quan-tri/gui-di/"}
