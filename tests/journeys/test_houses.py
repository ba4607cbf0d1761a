"""Nhà Đại đoàn kết: a village reviews, the commune agrees, many pay, neighbours build, everybody sees that it adds up."""

import io
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from caunoi.houses.models import Household, Review
from caunoi.houses.sheet import HEADER
from caunoi.houses.tests.ground import gift, photo, programme_of, world
from caunoi.kit import clock, sheets
from caunoi.staff.tests.factories import client_for
from caunoi.units import actions as units

pytestmark = pytest.mark.django_db
DESK = "/quan-tri/nha/"


@pytest.fixture
def ground():
    tree, staff = world()
    clients = {word: client_for(viewer) for word, viewer in staff.items()}
    return tree, clients, programme_of(tree["nghe_an"], staff["phuc"], name="Nhà Đại đoàn kết")


@pytest.fixture
def day(monkeypatch):
    """The calendar of the story: ``day(9)`` is nine days later."""
    start = clock.now()

    def move(days):
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=days))
        return clock.local_date(clock.now())

    return move


def told(client, address, words, **more):
    """Send a form and read the page it leads to."""
    answer = client.post(address, words, follow=True, **more)
    return answer.content.decode()


def sheet(*rows):
    body = io.BytesIO(sheets.write(HEADER, rows))
    body.name = "ho.xlsx"
    return body


def iso(day):
    return day.isoformat()


def test_from_the_list_of_the_village_to_the_key_in_the_door(ground, day):
    _tree, people, programme = ground
    duc, binh, phuc, quy = (people[w] for w in ("duc", "binh", "phuc", "quy"))
    board = f"{DESK}{programme.pk}/"

    # The village cadre brings the commune's list; two rows are wrong, and nothing is kept.
    today = day(0)
    bad = sheet(
        ["H-1", "Lầu Y Mỷ", "Xóm 4", 5, "Hộ nghèo", "", "nhà lá", "làm mới", "", ""],
        ["H-1", "Vi Văn Khăm", "Xóm 99", 3, "", "", "tạm", "sửa", "abc", ""],
    )
    page = duc.post(f"{board}nhap/", {"file": bad})
    words = page.content.decode()
    assert page.status_code == 422
    assert "2 dòng phải sửa" in words
    assert "loại nhà ghi “tạm” hoặc “dột nát”" in words
    assert "mã hộ bị trùng" in words
    assert "không có thôn nào của anh/chị" in words
    assert not Household.objects.exists()

    # Corrected, she sees the rows, then they are written down.
    good = sheet(
        [
            "H-1",
            "Lầu Y Mỷ",
            "Xóm 4",
            5,
            "Hộ nghèo",
            "Cạnh suối",
            "dột nát",
            "làm mới",
            "120.000.000",
            "",
        ],
        ["H-2", "Vi Văn Khăm", "17818-04", 3, "", "", "tạm", "sửa", 40000000, ""],
    )
    looked = duc.post(f"{board}nhap/", {"file": good})
    assert "Sẽ ghi 2 hộ" in looked.content.decode()
    told(duc, f"{board}nhap/", {"keep": "1", "rows": looked.context["packed"]})
    mỷ, khăm = Household.objects.order_by("code")
    assert (mỷ.estimate, khăm.work) == (120_000_000, "repair")

    # The village meets: 60 of 100 households are for her, 50 for him; he is not accepted.
    votes = {f"v_{mỷ.pk}": 60, f"v_{khăm.pk}": 50}
    meeting = {"met_on": iso(today), "minutes_number": "07/BB", "households": 100, "present": 80}
    told(duc, f"{board}binh-xet/moi/?thon={mỷ.village.slug}", meeting | votes)
    review = Review.objects.get()
    page = f"{DESK}binh-xet/{review.pk}/"
    posted = {"since": iso(today), "until": iso(today + timedelta(days=6)), "where": "Nhà văn hoá"}
    told(duc, f"{page}niem-yet/", posted)
    assert duc.get(f"{page}to-niem-yet/").content[:5] == b"%PDF-"
    public = Client().get(f"/nha/{programme.slug}/danh-sach/{review.pk}/").content.decode()
    assert "Hộ mã H-1" in public
    assert "Lầu" not in public

    # A neighbour objects in time and is answered; one who comes after the period is told where to go.
    told(
        duc,
        f"{page}y-kien/",
        {
            "said_on": iso(today),
            "said_by": "",
            "words": "Có họ hàng với cán bộ",
            "household": str(mỷ.pk),
        },
    )
    objection = review.objections.get()
    told(
        duc,
        f"{page}ket-luan/",
        {"objection": objection.pk, "upheld": "no", "decision": "Đã kiểm tra, hộ đúng đối tượng"},
    )
    today = day(8)
    late = duc.post(f"{page}y-kien/", {"said_on": iso(today), "words": "Tôi không đồng ý"})
    assert late.status_code == 422
    assert "Ý kiến sau ngày đó là kiến nghị" in late.content.decode()
    assert "Tôi không đồng ý" in late.content.decode()

    # Who hands it in does not approve it.
    told(binh, f"{page}trinh/", {})
    assert "phải khác người trình" in told(binh, f"{page}duyet/", {})
    assert "Có thể khởi công" in told(phuc, f"{page}duyet/", {})
    assert set(Household.objects.values_list("state", flat=True)) == {"approved", "refused"}

    # One house, many sources: the fund through the books, a firm, the clan's days of work.
    gift(programme, 100_000_000)
    house = f"{DESK}ho/{mỷ.pk}/"
    over = quy.post(
        f"{house}tien/", {"amount": "70.000.000", "on": iso(today), "key": uuid.uuid4()}
    )
    assert over.status_code == 422
    assert "nhiều nhất 60.000.000 đồng" in over.content.decode()
    assert "70.000.000" in over.content.decode()
    told(quy, f"{house}tien/", {"amount": "60.000.000", "on": iso(today), "key": uuid.uuid4()})
    # Above the amount at which two decide, one person alone hands nothing over.
    assert "Người khác đồng ý" in told(quy, f"{house}tien/", {"hand_over": mỷ.money.get().pk})
    assert "Đồng ý khoản này" in phuc.get(house).content.decode()
    told(phuc, f"{house}tien/dong-y/", {"money": mỷ.money.get().pk})
    told(quy, f"{house}tien/", {"hand_over": mỷ.money.get().pk})
    firm = {
        "source": "firm",
        "commodity": "VND",
        "amount": "40 000 000",
        "giver": "Công ty Mẫu",
        "on": iso(today),
        "key": uuid.uuid4(),
    }
    told(duc, f"{house}nguon/", firm)
    told(duc, f"{house}nguon/", firm)
    told(
        duc,
        f"{house}nguon/",
        firm
        | {
            "source": "labour",
            "commodity": "builder-day",
            "amount": "30",
            "giver": "",
            "key": uuid.uuid4(),
        },
    )
    assert "100.000.000 đ" in duc.get(house).content.decode()
    assert mỷ.money.count() == 3

    # On her phone the cadre opens the house and sends a photo; nobody outside sees it.
    assert "Lầu Y Mỷ" in duc.get(f"{DESK}di-tham/").content.decode()
    shot = io.BytesIO(photo())
    shot.name = "mong.jpg"
    told(
        duc,
        f"{house}tham/",
        {
            "photo": shot,
            "stage": "foundation",
            "finished": "on",
            "on": iso(today),
            "key": uuid.uuid4(),
        },
    )
    news = mỷ.news.get()
    assert duc.get(f"{house}anh/{news.pk}/").headers["Content-Type"] == "image/webp"
    assert Client().get(f"/nha/{programme.slug}/anh/{news.pk}/").status_code == 404

    # The family agrees to be named and shown; everybody sees name, village, amount, and no more.
    for topic in ("name", "photo"):
        told(
            duc,
            f"{house}dong-y/",
            {"topic": topic, "way": "signed", "given_on": iso(today), "given_by": "Lầu Y Mỷ"},
        )
    public = Client().get(f"/nha/{programme.slug}/").content.decode()
    assert "Lầu Y Mỷ" in public
    assert "100.000.000 đ" in public
    assert "Cạnh suối" not in public
    assert "Hộ nghèo" not in public
    assert Client().get(f"/nha/{programme.slug}/anh/{news.pk}/").status_code == 200

    # The roof, then the key; the survey comes too late.
    today = day(40)
    assert "lâu không có tin" in duc.get(house).content.decode()
    for stage in ("roof", "hand_over"):
        told(
            duc,
            f"{house}anh/",
            {"stage": stage, "finished": "on", "on": iso(today), "key": uuid.uuid4()},
        )
    back = duc.post(
        f"{house}anh/",
        {
            "stage": "frame",
            "finished": "on",
            "on": iso(today),
            "note": "Tường",
            "key": uuid.uuid4(),
        },
    )
    assert back.status_code == 422
    assert "Tường" in back.content.decode()
    told(binh, f"{house}bien-ban/", {"actual": "118.000.000"})
    assert binh.get(f"{house}bien-ban.pdf").content[:5] == b"%PDF-"

    public = Client().get(f"/nha/{programme.slug}/").content.decode()
    assert "1 đã bàn giao + 0 đang làm + 0 đã duyệt + 0 chờ bình xét = 1 nhà cần làm" in public

    # She changes her mind: name and photo are gone at once.
    for topic in ("name", "photo"):
        told(duc, f"{house}lay-lai/", {"topic": topic})
    assert "Lầu Y Mỷ" not in Client().get(f"/nha/{programme.slug}/").content.decode()
    assert Client().get(f"/nha/{programme.slug}/anh/{news.pk}/").status_code == 404


def test_a_commune_that_is_dissolved_loses_no_house_and_its_successor_goes_on(ground, day):
    tree, people, programme = ground
    today = day(0)
    told(
        people["binh"],
        f"{DESK}{programme.pk}/ho/moi/",
        {
            "village": str(tree["bich_hao"].pk),
            "code": "B-1",
            "head": "Lương Thị Xoan",
            "people": 2,
            "grade": "temporary",
            "work": "new",
        },
    )
    units.merge_units(
        unit_ids=[tree["bich_hao"].pk, tree["tri_le"].pk], full_name="Xã Bích Lễ", code="17000",
        on=today - timedelta(days=1), legal_reference="Nghị quyết thử", by=None, at=clock.now(),
    )  # fmt: skip

    page = people["phuc"].get(f"{DESK}{programme.pk}/").content.decode()
    assert "Xã Bích Lễ" in page
    house = Household.objects.get()
    page = people["phuc"].get(f"{DESK}ho/{house.pk}/").content.decode()
    assert "nay thuộc Xã Bích Lễ" in page
    assert people["binh"].get(f"{DESK}ho/{house.pk}/").status_code == 404, (
        "her role ended with the unit"
    )


def test_a_household_that_leaves_is_public_nowhere(ground, day):
    tree, people, programme = ground
    day(0)
    told(
        people["duc"],
        f"{DESK}{programme.pk}/ho/moi/",
        {
            "village": str(tree["village"].pk),
            "code": "R-1",
            "head": "Hờ A Chống",
            "people": 4,
            "grade": "temporary",
            "work": "new",
        },
    )
    house = Household.objects.get()
    told(people["duc"], f"{DESK}ho/{house.pk}/rut/", {"because": "Con đón về ở cùng"})
    page = people["duc"].get(f"{DESK}ho/{house.pk}/").content.decode()
    assert "đã rút" in page
    assert (
        "Chưa có hộ nào" in Client().get(f"/nha/{programme.slug}/").content.decode()
        or "0 nhà" in Client().get(f"/nha/{programme.slug}/").content.decode()
    )


def test_a_code_that_is_taken_keeps_what_was_typed(ground, day):
    tree, people, programme = ground
    day(0)
    words = {
        "village": str(tree["village"].pk),
        "code": "D-1",
        "head": "Hờ A Chống",
        "people": 4,
        "grade": "temporary",
        "work": "new",
        "hardship": "Hộ cận nghèo",
    }
    told(people["duc"], f"{DESK}{programme.pk}/ho/moi/", words)
    again = people["duc"].post(f"{DESK}{programme.pk}/ho/moi/", words | {"head": "Hờ A Dơ"})
    assert again.status_code == 422
    assert "Mã hộ này đã có" in again.content.decode()
    assert "Hờ A Dơ" in again.content.decode()
    assert Household.objects.count() == 1
