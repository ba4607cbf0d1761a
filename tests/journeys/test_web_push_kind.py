"""Browsers are one kind of channel of an audience: counted, taken out of a notice, told in totals on the board; never a list of persons."""

import pytest
from django.test import Client

from caunoi.channels import actions as channels
from caunoi.notices.terms import Line
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.subscriptions import tasks
from caunoi.subscriptions.models import Subscription
from caunoi.subscriptions.terms import About
from tests.cast import MONDAY, TUESDAY
from tests.journeys.test_followers import (  # noqa: F401
    bosses,
    follow,
    goes_out,
    now,
    phone,
    writer,
)

pytestmark = pytest.mark.django_db


def follows_in_browser(phone):  # noqa: F811
    Client().post("/nhan-tin/thong-bao/?don-vi=xa-bich-hao&tin=thong-bao", phone.fields())


def crowd(unit, count):
    """So many browsers more; one of them wants warnings only."""
    Subscription.objects.bulk_create(
        Subscription(
            way="push",
            unit=unit,
            about=About.NOTICES,
            only_warnings=n == 0,
            sealed_address=b"x",
            address_hash=f"browser-{n}".encode(),
            asked_at=MONDAY,
            confirmed_at=MONDAY,
        )
        for n in range(count)
    )


def composer(place):
    editor = make_staff(name="Trần Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)
    return client_for(editor)


@pytest.fixture
def group(place):
    return channels.register_channel(
        unit_id=place["bich_hao"].pk,
        connector_key="hand_posted",
        external_id="g1",
        name="Nhóm Zalo xã",
        by=None,
        at=MONDAY,
    )


def said(page):
    return " ".join(page.content.decode().split())


def test_the_picker_counts_browsers_and_hides_a_number_that_would_say_who(place, phone, now, group):  # noqa: F811
    desk = composer(place)
    assert "Báo trên trình duyệt của người theo dõi" in said(desk.get("/quan-tri/thong-bao/moi/"))
    follows_in_browser(phone)
    few = said(desk.get("/quan-tri/thong-bao/moi/"))
    crowd(place["bich_hao"], 6)

    many = said(desk.get("/quan-tri/thong-bao/moi/"))
    typed = {"kind": "notice", "audience": "public", "reach": "self", "title": "Họp", "do": "count"}
    without = said(desk.post("/quan-tri/thong-bao/moi/", typed | {"kinds": ["hand_posted"]}))
    warns = said(desk.post("/quan-tri/thong-bao/moi/", typed | {"kind": "warning"}))
    inside = said(desk.post("/quan-tri/thong-bao/moi/", typed | {"audience": "internal"}))

    assert "Báo trên trình duyệt của người theo dõi dưới 5" in few
    assert "Báo trên trình duyệt của người theo dõi 6" in many
    assert "Báo trên trình duyệt của người theo dõi 7" in warns
    for page in (without, inside):
        assert "người theo dõi 6" not in page
        assert "người theo dõi dưới 5" not in page


def test_a_notice_without_browsers_is_told_by_letter_and_not_in_the_browser(
    place,
    writer,  # noqa: F811
    bosses,  # noqa: F811
    phone,  # noqa: F811
    now,  # noqa: F811
    group,
):
    follows_in_browser(phone)
    follow("xa-bich-hao")
    own = place["bich_hao"].pk

    goes_out(place, writer, bosses[0], lines=[Line(own, connector_keys=("hand_posted",))])
    tasks.tell(TUESDAY)
    assert phone.got == []
    with_it = goes_out(
        place, writer, bosses[0], lines=[Line(own, connector_keys=("hand_posted", "web_push"))]
    )
    tasks.tell(TUESDAY)

    assert len(phone.got) == 1
    now.at = TUESDAY
    board = f"/quan-tri/thong-bao/{with_it.number}/ket-qua/kenh/"
    officer = make_staff(name="Lò Văn Ón", unit_id=place["bich_hao"].pk, role=Role.APPROVER)
    rows = client_for(officer).get(board).context["rows"]
    (row,) = [r for r in rows if r["name"] == "Báo trên trình duyệt của người theo dõi"]
    assert row["sum"] == dict(row["numbers"])["đã đăng"] == 1
