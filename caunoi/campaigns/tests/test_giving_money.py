"""What a giver sees of money: the payment code of one need, drawn in the page and read by another program; late money; the photo."""

import io
import re
import uuid
from datetime import date, timedelta

import pytest
import typst
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from caunoi.campaigns import actions_needs, queries
from caunoi.campaigns.models import Campaign
from caunoi.campaigns.tests import ground
from caunoi.funds import actions as funds
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.kit import clock
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

PAGE = "/van-dong/lu-quet-ky-son/"
ENDED = date(2027, 1, 29)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def need(campaign, tree, staff):
    return actions_needs.report(
        campaign=campaign,
        unit_id=tree["tri_le"].pk,
        commodity="VND",
        amount=9_000_000,
        fields={},
        by=staff["khanh"],
        at=MONDAY,
    )


def fields_of(text):
    """Part a payment code into its numbered fields, by its lengths alone."""
    found = {}
    while text:
        number, length = text[:2], int(text[2:4])
        found[number], text = text[4 : 4 + length], text[4 + length :]
    return found


def read(drawn):
    return fields_of(zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)))[0].text)


def as_png(svg):
    page = b'#set page(width: 8cm, height: 8cm, margin: 0cm)\n#image(bytes(sys.inputs.svg), width: 100%, format: "svg")'
    return typst.compile(page, format="png", sys_inputs={"svg": svg}, ppi=200)


def test_the_code_of_a_need_stands_in_the_page_and_says_account_and_need(campaign, need):
    page = Client().get(f"{PAGE}gop/?nhu-cau={need.pk}").content.decode()
    place = page[page.index('class="pay"') :]
    drawn = re.search(r"<svg.*?</svg>", place, re.S)[0]
    own = queries.code_text(campaign=campaign, need=need)

    inside = read(as_png(drawn))
    picture = read(Client().get(f"{PAGE}ma-qr.png?nhu-cau={need.pk}").content)

    assert inside == picture
    account = fields_of(inside["38"])
    assert account["00"] == "A000000727"
    assert fields_of(account["01"]) == {"00": "970436", "01": "1017588888"}
    assert account["02"] == "QRIBFTTA"
    assert (inside["53"], inside["58"]) == ("704", "VN")
    assert "54" not in inside  # the giver types how much
    assert fields_of(inside["62"])["08"] == own
    assert own in page


def test_a_need_of_goods_has_no_payment_code(campaign, tree, staff):
    goats = actions_needs.report(
        campaign=campaign,
        unit_id=tree["tri_le"].pk,
        commodity="goat",
        amount=9,
        fields={},
        by=staff["khanh"],
        at=MONDAY,
    )

    assert "VietQR" not in Client().get(f"{PAGE}gop/?nhu-cau={goats.pk}").content.decode()


def test_money_that_came_too_late_is_told_in_sums(campaign, monkeypatch):
    outside, waits = Address(Place.GIVERS, "VND"), Address(Place.UNMATCHED, "VND")
    back = Address(Place.RETURNED, "VND")
    steps = [
        (Move.RECEIVE_UNMATCHED, outside, waits, 500_000),
        (Move.RECEIVE_UNMATCHED, outside, waits, 200_000),
        (Move.GIVE_BACK_UNMATCHED, waits, back, 500_000),
    ]
    drafts = [
        Draft(
            id=uuid.uuid4(),
            move=move,
            source=source,
            target=target,
            amount=n,
            on=ENDED + timedelta(days=3),
        )
        for move, source, target, n in steps
    ]
    later = MONDAY + timedelta(days=71)
    funds.post(drafts, fund_id=campaign.fund_id, at=later)
    monkeypatch.setattr(clock, "now", lambda: later)

    page = Client().get(PAGE).content.decode()

    assert "500.000 đồng" in page
    assert "200.000 đồng" in page
    assert "Góp sức" not in page


def test_the_photo_of_a_campaign_is_sent_with_its_form_and_shown_to_everybody(tree, staff):
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "JPEG")
    typed = {n: v for n, v in ground.FIELDS.items() if v and n not in ("slug", "bank_name")}
    typed |= {"area": tree["nghe_an"].slug, "photo": SimpleUploadedFile("anh.jpg", out.getvalue())}
    hanh, phuc = client_for(staff["hanh"]), client_for(staff["phuc"])

    silent = hanh.post("/quan-tri/van-dong/moi/", typed)
    typed["photo"] = SimpleUploadedFile("anh.jpg", out.getvalue())
    kept = hanh.post("/quan-tri/van-dong/moi/", typed | {"picture_says": "Bản Hòa Sơn"})

    assert silent.status_code == 422
    assert kept.status_code == 302
    written = Campaign.objects.get()
    desk = f"/quan-tri/van-dong/{written.pk}/buoc/"
    assert Client().get(f"/van-dong/{written.slug}/anh/{written.picture_id}/").status_code == 404
    hanh.post(f"{desk}gui-duyet/")
    phuc.post(f"{desk}duyet/")
    page = Client().get(f"/van-dong/{written.slug}/").content.decode()
    address = f"/van-dong/{written.slug}/anh/{written.picture_id}/"
    assert f'src="{address}"' in page
    assert 'alt="Bản Hòa Sơn"' in page
    assert Client().get(address).headers["Content-Type"] == "image/webp"
