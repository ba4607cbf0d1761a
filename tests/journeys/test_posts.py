"""The page's own posts are places to ask; deliveries that could not be read are read again."""

from datetime import timedelta

import pytest

from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.channels.contract import MessageRemoved, OwnPost
from caunoi.channels.models import Channel
from caunoi.inbox import actions, queries
from caunoi.inbox.models import Post, RawDelivery
from caunoi.journeys import work
from caunoi.kit import keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tree(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def fanpage(tree):
    return channels.register_channel(
        unit_id=tree["bich_hao"].pk,
        connector_key="facebook_page",
        external_id="1",
        name="MTTQ xã Bích Hào",
        by=None,
        at=MONDAY,
    )


@pytest.fixture
def chi(tree):
    return make_staff(name="Hoàng Thị Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)


def posted(fanpage, number="1_9", text="Họp xóm tối nay", at=MONDAY, link="https://fb/1_9"):
    return actions.keep_post(channel=fanpage, post=OwnPost("1", number, text, link, at))


def test_a_post_told_twice_is_kept_once_and_brought_up_to_date(fanpage):
    posted(fanpage)
    posted(fanpage, text="Họp xóm dời sang mai")

    assert Post.objects.get().text == "Họp xóm dời sang mai"


def test_the_page_is_known_to_be_alive_by_its_newest_post(fanpage):
    posted(fanpage, "1_10", at=MONDAY + DAY)
    posted(fanpage, "1_9", at=MONDAY)

    assert Channel.objects.get().last_posted_at == MONDAY + DAY


def test_a_post_taken_back_is_no_place_to_ask_any_more(fanpage, tree):
    posted(fanpage)

    work.do(fanpage, MessageRemoved("1", "1_9", MONDAY), MONDAY)

    assert queries.places_to_ask(unit_id=tree["bich_hao"].pk, since=MONDAY - DAY) == []
    assert Post.objects.get().text == ""


def test_the_newest_posts_of_a_unit_are_places_to_ask(fanpage, tree):
    for n in range(5):
        posted(fanpage, f"1_{n}", at=MONDAY + n * DAY)
    posted(fanpage, "1_old", at=MONDAY - 60 * DAY)
    posted(fanpage, "1_nolink", at=MONDAY + 9 * DAY, link="")

    found = queries.places_to_ask(unit_id=tree["bich_hao"].pk, since=MONDAY - 30 * DAY)

    assert [p.external_id for p in found] == ["1_4", "1_3", "1_2"]
    assert queries.places_to_ask(unit_id=tree["cao_son"].pk, since=MONDAY - 30 * DAY) == []


def test_a_lost_page_is_no_place_to_ask(fanpage, tree):
    posted(fanpage)
    Channel.objects.update(state="reconnect_needed")

    assert queries.places_to_ask(unit_id=tree["bich_hao"].pk, since=MONDAY - DAY) == []


def test_staff_see_how_often_people_asked_under_a_post(fanpage, chi):
    posted(fanpage)
    comment = {
        "item": "comment",
        "verb": "add",
        "post_id": "1_9",
        "comment_id": "9_1",
        "parent_id": "1_9",
        "from": {"id": "7", "name": "Dung"},
        "message": "Mấy giờ họp ạ?",
        "created_time": int(MONDAY.timestamp()),
    }
    reader = registry.connector_for("facebook_page")
    raw = work.RawDelivery({}, _body(comment), MONDAY)
    for said in reader.read(raw):
        work.do(fanpage, said, MONDAY)

    (place,) = queries.posts_of(chi, channel=fanpage)
    page = client_for(chi).get(f"/quan-tri/kenh/{fanpage.pk}/bai-dang/").content.decode()

    assert place.asked == 1
    assert "1 lượt hỏi" in page
    assert "Họp xóm tối nay" in page


def _body(value):
    import json

    entry = {"id": "1", "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def test_a_residents_post_on_the_page_is_a_question_and_the_pages_own_is_not(fanpage):
    reader = registry.connector_for("facebook_page")

    def read(author):
        value = {
            "item": "status",
            "verb": "add",
            "post_id": "1_77",
            "from": {"id": author},
            "message": "Đường hỏng ai sửa?",
            "created_time": int(MONDAY.timestamp()),
        }
        return reader.read(work.RawDelivery({}, _body(value), MONDAY))[0]

    assert isinstance(read("1"), OwnPost)
    assert (read("7").thread_ref, read("7").text) == ("1_77", "Đường hỏng ai sửa?")


def failed(number, reason="No unit registered this page or account here. [42]"):
    return RawDelivery.objects.create(
        connector_key="facebook_page",
        app_id="a",
        body_sha256=str(number).encode().ljust(32),
        body=b"{}",
        received_at=MONDAY,
        state="failed",
        attempts=6,
        trouble=reason,
    )


def test_deliveries_that_could_not_be_read_are_shown_in_vietnamese_and_read_again(chi):
    rows = [failed(n) for n in range(3)]
    client = client_for(chi)

    shown = client.get("/quan-tri/tin-den/").content.decode()
    client.post(f"/quan-tri/tin-den/{rows[0].pk}/doc-lai/")
    one = RawDelivery.objects.filter(state="waiting").count()
    client.post("/quan-tri/tin-den/doc-lai/")

    assert "Chưa đơn vị nào đăng ký trang hoặc tài khoản này ở đây. (42)" in shown
    assert one == 1
    assert RawDelivery.objects.filter(state="waiting", attempts=0).count() == 3


def test_a_delivery_that_breaks_the_reader_is_put_back_and_its_neighbours_are_read(
    fanpage, monkeypatch
):
    from caunoi.connectors.facebook_page import reader

    real = reader.read

    def break_on(delivery):
        if delivery.body == b"break":
            raise IndexError("a bug of a plug-in")
        return real(delivery)

    monkeypatch.setattr(reader, "read", break_on)
    bad, good = failed(1), failed(2)
    RawDelivery.objects.update(state="waiting", attempts=0)
    RawDelivery.objects.filter(pk=bad.pk).update(body=b"break")
    RawDelivery.objects.filter(pk=good.pk).update(body=_body({"item": "reaction"}))

    work.work_inbox_once(worker="w", at=MONDAY)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == ("waiting", "done")
    assert bad.trouble.endswith("[IndexError]")
