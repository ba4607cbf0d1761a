"""Anybody promises in two steps, gets a code and a payment code that another program reads; an ended campaign takes nothing."""

import io
import uuid
from datetime import timedelta

import feedparser
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from caunoi.campaigns import actions, actions_running, queries
from caunoi.campaigns.models import Gift, Need
from caunoi.campaigns.tests import ground
from caunoi.funds import codes, vietqr
from caunoi.funds import queries as books
from caunoi.funds.terms import Column
from caunoi.kit import clock
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

WAY = "/van-dong/lu-quet-ky-son/gop/"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def send(**typed):
    first = {"thing": "VND", "amount": "500.000", "step": "what"}
    return Client().post(WAY, first | typed)


def who(**typed):
    return send(
        step="who", key=str(uuid.uuid4()), giver="Hoàng Thị Thảo", contact="0912345678", **typed
    )


def test_two_steps_give_a_code_and_a_page_without_the_name(campaign):
    second = send()
    assert "Bà con là ai?" in second.content.decode()
    assert not Gift.objects.exists()

    done = who(initials="on")

    gift = Gift.objects.get()
    assert done.headers["Location"] == f"/loi-hua/{gift.code.text}/"
    page = Client().get(done.headers["Location"]).content.decode()
    assert f'<p class="code">{gift.code.text}</p>' in page
    assert f"/loi-hua/{gift.code.text}/ma-qr.png" in page
    assert '<div class="pay" role="img"' in page
    assert "H.T.T." in page
    assert "Thảo" not in page
    assert "0912345678" not in page
    assert books.columns(fund_id=campaign.fund_id)[Column.REGISTERED] == {"VND": 500_000}


def test_sent_twice_it_is_one_promise(campaign):
    key = str(uuid.uuid4())
    for _twice in range(2):
        send(step="who", key=key, giver="A")

    assert Gift.objects.count() == 1


@pytest.mark.parametrize("form", ["png"])
def test_another_program_reads_the_payment_code_field_by_field(campaign, form):
    who()
    gift = Gift.objects.get()

    drawn = Client().get(f"/loi-hua/{gift.code.text}/ma-qr.{form}").content
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)))

    paid = vietqr.read(found[0].text)
    assert paid == vietqr.Payment("970436", "1017588888", 500_000, gift.code.text)
    assert list(codes.found_in(paid.memo)) == [gift.code.number]
    whole = Client().get("/van-dong/lu-quet-ky-son/ma-qr.png").content
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(whole)))[0].text
    assert vietqr.read(read).amount is None
    svg = Client().get("/van-dong/lu-quet-ky-son/ma-qr.svg")
    assert svg.headers["Content-Type"] == "image/svg+xml"


def needed(campaign, tree, amount):
    return Need.objects.create(
        campaign=campaign,
        unit=tree["bich_hao"],
        commodity_id="goat",
        amount=amount,
        confirmed_until=MONDAY.date() + timedelta(days=14),
        said_at=MONDAY,
        said_by_id=campaign.written_by_id,
    )


def test_what_is_met_or_not_confirmed_asks_for_nothing_of_its_own(campaign, tree):
    asked = needed(campaign, tree, 40)
    page, link = f"/van-dong/{campaign.slug}/", f"?nhu-cau={asked.pk}"
    assert link in Client().get(page).content.decode()

    actions.promise(
        campaign=campaign, commodity="goat", amount=40, at=MONDAY, fields={}, need=asked
    )
    told = Client().get(page).content.decode()
    assert link not in told
    assert "đã có đủ lời hứa" in Client().get(f"{page}gop/{link}").content.decode()

    late = needed(campaign, tree, 7)
    type(late).objects.filter(pk=late.pk).update(confirmed_until=MONDAY.date() - timedelta(days=1))
    told = Client().get(page).content.decode()
    assert "chờ đơn vị xác nhận" in told
    assert f"?nhu-cau={late.pk}" not in told


def test_a_code_is_found_with_o_for_zero_and_small_letters(campaign):
    gift = actions.promise(campaign=campaign, commodity="goat", amount=1, at=MONDAY, fields={})
    gift.code.number = 31**5 + 1
    type(gift.code).objects.filter(gift=gift).update(number=31**5 + 1)
    text = codes.code_of(31**5 + 1)
    typed = text.lower().replace("0", "o")

    found = Client().get("/loi-hua/", {"ma": f" {typed[:4]} {typed[4:]}"})
    assert found.headers["Location"] == f"/loi-hua/{text}/"
    assert Client().get(f"/loi-hua/{typed}/").headers["Location"] == f"/loi-hua/{text}/"
    wrong = Client().get("/loi-hua/", {"ma": "UH1234567"})
    assert wrong.status_code == 422
    assert "UH1234567" in wrong.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "rất nhiều"},
        {"amount": "99999999999999999999"},
        {"amount": "11 tỷ"},
        {"amount": ""},
        {"thing": "vang"},
    ],
    ids=str,
)
def test_a_wrong_amount_comes_back_as_typed_and_changes_nothing(campaign, typed):
    answer = who(**typed)

    assert answer.status_code == 422
    assert not Gift.objects.exists()
    if typed.get("amount"):
        assert typed["amount"] in answer.content.decode()


def test_whoever_gives_goods_may_say_where_they_lie_and_nobody_is_asked_where_money_lies(
    campaign, tree
):
    assert "Để ở đâu" not in send().content.decode()
    goods = {"thing": "rice-10kg", "amount": "20"}
    assert "Để ở đâu" in send(**goods).content.decode()

    wrong = who(**goods, place="Xã Không Có")
    assert wrong.status_code == 422
    assert "Xã Không Có" in wrong.content.decode()
    assert not Gift.objects.exists()
    who(**goods, place="xa-bich-hao")
    assert Gift.objects.get().from_unit_id == tree["bich_hao"].pk


def test_an_ended_campaign_takes_nothing_and_says_why(campaign, staff, monkeypatch):
    actions_running.end_early(campaign=campaign, reason="Đã đủ", by=staff["phuc"], at=MONDAY)
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(days=1))

    answer = who()
    page = Client().get("/van-dong/lu-quet-ky-son/").content.decode()

    assert answer.status_code == 410
    assert "đã kết thúc ngày 23/11/2026" in answer.content.decode()
    assert not Gift.objects.exists()
    assert "Tiền đến muộn không được giữ" in page
    assert "Đã đủ" in page
    assert Client().get("/van-dong/lu-quet-ky-son/ma-qr.png").status_code == 404


def test_before_its_first_day_a_campaign_says_so_at_once_and_shows_no_payment_code(
    campaign, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: MONDAY - timedelta(days=40))

    first, typed = Client().get(WAY), who()

    assert (first.status_code, typed.status_code) == (200, 422)
    assert "nhận đóng góp từ ngày 01/11/2026" in first.content.decode()
    assert "<form" not in first.content.decode().partition("<main")[2].partition("</main")[0]
    assert not Gift.objects.exists()
    assert Client().get("/van-dong/lu-quet-ky-son/ma-qr.png").status_code == 404


def test_a_pledge_never_paid_lapses_and_the_books_say_so(campaign):
    gift = actions.promise(campaign=campaign, commodity="VND", amount=900_000, at=MONDAY, fields={})
    actions.note_came(gift=gift, amount=300_000, on=MONDAY.date(), at=MONDAY)

    assert actions.lapse_gifts(at=MONDAY + timedelta(days=30)) == 0
    assert actions.lapse_gifts(at=MONDAY + timedelta(days=31)) == 1
    assert actions.lapse_gifts(at=MONDAY + timedelta(days=31)) == 0

    gift.refresh_from_db()
    assert gift.state == "lapsed"
    assert books.columns(fund_id=campaign.fund_id)[Column.REGISTERED] == {"VND": 300_000}
    late = actions.note_came(gift=gift, amount=100_000, on=MONDAY.date(), at=MONDAY)
    assert (late.state, late.came) == ("lapsed", 400_000)


def test_who_does_not_handle_gifts_reads_no_names(campaign, staff):
    who()
    runs = client_for(staff["hanh"]).get(f"/quan-tri/van-dong/{campaign.pk}/loi-hua/")
    assert "Hoàng Thị Thảo" in runs.content.decode()
    assert (
        client_for(staff["binh"]).get(f"/quan-tri/van-dong/{campaign.pk}/loi-hua/").status_code
        == 404
    )


def test_the_page_carries_its_picture_feed_and_facts(campaign, staff):
    actions_running.tell(campaign=campaign, text="Đã dựng 12 nhà.", by=staff["hanh"], at=MONDAY)
    page = Client().get("/van-dong/lu-quet-ky-son/").content.decode()

    assert queries.code_text(campaign=campaign) in page
    assert '"@type": "DonateAction"' in page
    assert "/van-dong/lu-quet-ky-son/anh-chia-se.png" in page
    image = Image.open(io.BytesIO(Client().get("/van-dong/lu-quet-ky-son/anh-chia-se.png").content))
    assert image.size == (1200, 630)
    feed = feedparser.parse(Client().get("/van-dong/lu-quet-ky-son/tin.xml").content)
    assert not feed.bozo
    assert feed.entries[0].title == "Đã dựng 12 nhà."
    table = b"".join(Client().get("/van-dong/lu-quet-ky-son/?csv=1").streaming_content).decode()
    assert table.splitlines()[0].endswith("Đã trao")


def test_a_draft_is_not_there_for_the_public(tree, staff):
    ground.draft(tree, staff)

    assert Client().get("/van-dong/lu-quet-ky-son/").status_code == 404
