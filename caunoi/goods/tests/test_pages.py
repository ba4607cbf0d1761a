"""What staff and givers see: few taps from arrival to hand-over, a board with reasons, a code that forgives, and lists that stay fast."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caunoi.campaigns.models import Gift
from caunoi.documents.models import Paper
from caunoi.files.tests.samples import photo_of_a_phone
from caunoi.goods import actions, actions_after, actions_giving, actions_teams, papers, queries
from caunoi.goods.models import Movement, Reservation, Team
from caunoi.goods.terms import Detail, Side
from caunoi.goods.tests import ground
from caunoi.kit import clock
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

DAY = ground.DAY


@pytest.fixture
def now(monkeypatch):
    class Clock:
        at = MONDAY

    hand = Clock()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


def typed(client, address, **changes):
    """Return what a form holds when it is opened, with what is typed into it."""
    page = client.get(address).content.decode()
    main = page.split("<main")[1]
    found = dict(re.findall(r'name="(\w+)" value="([^"]*)"', main))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', main, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found | changes


def photo():
    return SimpleUploadedFile("anh.jpg", photo_of_a_phone(), "image/jpeg")


def test_the_board_says_why_and_keeps_back(place, staff, campaign, now):
    gift = ground.promise(campaign, from_unit_id=place["tri_le"].pk)
    ground.need(campaign, place["bich_hao"], priority="urgent")
    client = client_for(staff["hanh"])
    page = client.get(f"/ket-noi/?qua={gift.pk}").content.decode()
    assert "Đang cần gấp." in page
    assert "Cách 2 bậc trong cây đơn vị." in page
    assert "Giúp được 10 hộ." in page
    assert "Nậm Cắn" not in page
    fields = typed(client, f"/ket-noi/?qua={gift.pk}")
    wrong = client.post("/ket-noi/giu/", fields | {"amount": "61"})
    assert wrong.status_code == 422
    assert "không còn đủ" in wrong.content.decode()
    assert 'value="61"' in wrong.content.decode()
    done = client.post("/ket-noi/giu/", fields | {"amount": "20"})
    again = client.post("/ket-noi/giu/", fields | {"amount": "20"})
    assert done.headers["Location"] == again.headers["Location"]
    made = Reservation.objects.get()
    assert "chờ đến" in client.get(done.headers["Location"]).content.decode()
    answer = client_for(staff["binh"]).post(f"/ket-noi/da-giu/{made.pk}/nhan/")
    assert answer.status_code == 302
    page = client_for(staff["binh"]).get("/ket-noi/da-giu/").content.decode()
    assert "hai bên đã xác nhận" in page
    late = client.post(f"/ket-noi/da-giu/{made.pk}/nha/", {"because": " "})
    assert late.status_code == 422


def test_a_village_takes_in_and_hands_over_in_few_taps(place, staff, campaign, now):
    ground.receive(campaign, place["bich_hao"], 12, staff["binh"])
    sent = ground.send(
        ground.heap(campaign, place["bich_hao"]), place["village"], 12, staff["binh"]
    )
    client = client_for(staff["duc"])
    assert f"/kho/so/{sent.pk}/den/" in client.get("/kho/").content.decode()
    fields = typed(client, f"/kho/so/{sent.pk}/den/")
    assert fields["good"] == "12"
    assert client.post(f"/kho/so/{sent.pk}/den/", fields | {"photo": photo()}).status_code == 302
    heap = ground.heap(campaign, place["village"])
    assert f"/kho/{heap.pk}/trao/" in client.get(f"/kho/{heap.pk}/").content.decode()
    fields = typed(client, f"/kho/{heap.pk}/trao/", recipient="6 hộ nghèo", households="6")
    wrong = client.post(f"/kho/{heap.pk}/trao/", fields)
    assert wrong.status_code == 422
    assert "6 hộ nghèo" in wrong.content.decode()
    assert queries.flows(unit_ids=[place["village"].pk])[0].stock == 12
    bad = fields | {"witness": "Lầu Bá Chò", "photo": SimpleUploadedFile("a.txt", b"khong phai")}
    assert client.post(f"/kho/{heap.pk}/trao/", bad).status_code == 422
    answer = client.post(
        f"/kho/{heap.pk}/trao/", fields | {"witness": "Lầu Bá Chò", "photo": photo()}
    )
    page = client.get(answer.headers["Location"]).content.decode()
    assert "6 hộ nghèo" in page
    assert queries.flows(unit_ids=[place["village"].pk])[0].stock == 0
    hers = client_for(staff["khanh"]).get(answer.headers["Location"])
    assert hers.status_code == 404


def test_take_in_by_form_with_another_number_than_promised(place, staff, campaign, now):
    gift = ground.promise(campaign)
    client = client_for(staff["binh"])
    fields = typed(client, f"/kho/nhan/?qua={gift.pk}", good="58", spoiled="1")
    fields["unit"] = str(place["bich_hao"].pk)
    answer = client.post("/kho/nhan/", fields)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Đến nơi nguyên vẹn" in page
    gift.refresh_from_db()
    assert gift.came == 59
    nothing = typed(client, "/kho/nhan/", good="1", unit=fields["unit"], gift="")
    assert client.post("/kho/nhan/", nothing | {"campaign": ""}).status_code == 422


def test_papers_have_numbers_names_and_the_picture(place, staff, campaign, now):
    ground.receive(campaign, place["bich_hao"], 12, staff["binh"])
    heap = ground.heap(campaign, place["bich_hao"])
    sent = ground.send(heap, place["village"], 2, staff["binh"], detail=Detail(note="Xe 37C-123"))
    done = ground.hand_over(heap, 5, staff["binh"], detail=Detail(picture=photo_of_a_phone()))
    client = client_for(staff["binh"])
    for movement in (sent, done):
        assert client.post(f"/kho/so/{movement.pk}/giay/").status_code == 302
        client.post(f"/kho/so/{movement.pk}/giay/")
        pdf = client.get(f"/kho/so/{movement.pk}/giay-in/")
        assert pdf.content.startswith(b"%PDF-")
    first, second = Paper.objects.order_by("number")
    assert (first.symbol, second.symbol) == ("01/PXK-MTTQ-BTT", "02/BB-MTTQ-BTT")
    assert (first.is_sealed, second.is_sealed) == (False, True)
    assert "Xe 37C-123" in str(first.sheet)
    assert "10 hộ nghèo Xóm 4" in str(second.sheet)
    assert "Lầu Bá Chò" in str(second.sheet)
    done.refresh_from_db()
    assert b"MayAnhBiMat" not in papers.pdf_of(movement=done, at=MONDAY)
    assert client_for(staff["khanh"]).get(f"/kho/so/{done.pk}/giay-in/").status_code == 404


def test_the_giver_follows_her_gift_and_no_name_is_told(place, staff, campaign, now):
    gift = ground.promise(campaign, 30)
    kept = ground.agreed(gift, ground.need(campaign, place["bich_hao"]), 30, staff)
    ground.receive(campaign, place["nghe_an"], 30, staff["hanh"], gift=gift)
    start = ground.heap(campaign, place["nghe_an"])
    sent = ground.send(start, place["bich_hao"], 30, staff["hanh"], reservation=kept)
    ground.arrive(sent, 30, staff["binh"])
    stock = ground.heap(campaign, place["bich_hao"], "allocated")
    done = ground.hand_over(
        stock, 30, staff["binh"], detail=Detail(note="nhà bà Y Mỷ", picture=photo_of_a_phone())
    )
    address = f"/qua/{gift.code.text}/"
    page = Client().get(address).content.decode()
    assert page.count("Xã Bích Hào") >= 2
    assert "23/11/2026" in page
    for private in ("Chò", "hộ nghèo Xóm 4", "Y Mỷ", "Nậm Cắn", "<img"):
        assert private not in page, private
    assert Client().get(f"/qua/anh/{done.pk}/").status_code == 404
    actions_after.release_picture(movement=done, looked=True, by=staff["binh"], at=MONDAY)
    assert f"/qua/anh/{done.pk}/" in Client().get(address).content.decode()
    assert Client().get(f"/qua/anh/{done.pk}/").status_code == 200
    counts = {"alive": 28, "sold": 0, "died": 2, "born": 9}
    actions_after.follow_up(movement=done, on=ground.DAY, by=staff["binh"], at=MONDAY, **counts)
    page = Client().get(address).content.decode()
    for told in ("Bây giờ ra sao?", "còn nuôi 28", "chết 2", "đẻ thêm 9"):
        assert told in page, told
    assert "Chò" not in page


def test_a_code_typed_with_o_for_0_is_read_and_a_wrong_one_explains(place, staff, campaign, now):
    gift = ground.promise(campaign)
    for _try in range(400):
        if "0" in gift.code.text:
            break
        gift = ground.promise(campaign)
    with_o = gift.code.text.lower().replace("0", "o")
    answer = Client().get("/qua/", {"ma": f" {with_o} "})
    assert answer.headers["Location"] == f"/qua/{gift.code.text}/"
    assert Client().get(f"/qua/{with_o}/").headers["Location"] == f"/qua/{gift.code.text}/"
    last = "3" if gift.code.text[-1] != "3" else "4"
    for typo, said in (
        (gift.code.text[:-1] + last, "Có một chữ hoặc số sai"),
        ("UH123", "ở đây có 3"),
        ("ABC", "Mã bắt đầu bằng UH"),
    ):
        wrong = Client().get("/qua/", {"ma": typo})
        assert wrong.status_code == 422
        assert said in wrong.content.decode()
        assert typo in wrong.content.decode()


def test_codes_are_not_guessed(place, staff, campaign, now, settings):
    settings.LIMITS_FACTOR = 0.1
    gift = ground.promise(campaign)
    client = Client()
    told = [client.get(f"/qua/UH{n:07d}/").status_code for n in range(6)]
    assert told == [404] * 3 + [429] * 3
    assert client.get(f"/qua/{gift.code.text}/").status_code == 429
    now.at = MONDAY + timedelta(hours=1)
    assert {client.get(f"/qua/{gift.code.text}/").status_code for _n in range(5)} == {200}


def test_money_is_not_pretended_to_be_traced(place, staff, campaign, now):
    gift = ground.promise(campaign, 500_000, "VND")
    page = Client().get(f"/qua/{gift.code.text}/").content.decode()
    assert "không ai nói được đồng nào đi đâu" in page
    assert "500.000" in page


def test_a_roster_shows_numbers_only_on_the_call_sheet(place, staff, campaign, now):
    client = client_for(staff["duc"])
    unit = str(place["village"].pk)
    answer = client.post("/doi-tho/moi/", {"unit": unit, "name": "Đội thợ", "commodity": "builder-day"})  # fmt: skip
    team = answer.headers["Location"]
    who = {"name": "Vi Văn Khăm", "phone": "0912 345 678", "skills": "xây", "days": "90"}
    no = client.post(f"{team}them/", who)
    assert no.status_code == 422
    assert "0912 345 678" in no.content.decode()
    client.post(f"{team}them/", who | {"agreed": "on"})
    assert "0912" not in client.get(team).content.decode()
    assert "0912 345 678" in client.get(f"{team}goi/").content.decode()
    assert client_for(staff["khanh"]).get(team).status_code == 404
    work = {"key": str(uuid.uuid4()), "campaign": campaign.slug, "amount": "3", "on": "2026-11-23"}
    bad = client.post(f"{team}cong/", work)
    assert bad.status_code == 422
    named = {"recipient": "Nhà bà Mỷ", "witness": "Chò"}
    assert client.post(f"{team}cong/", work | named).status_code == 302
    assert Movement.objects.get().amount == 3


def test_lists_of_thousands_ask_the_database_a_few_times(
    place, staff, campaign, now, django_assert_max_num_queries
):
    one = ground.need(campaign, place["bich_hao"], 10_000)
    gifts = Gift.objects.bulk_create(
        Gift(campaign=campaign, commodity_id="goat", amount=2, good_until=DAY, promised_at=MONDAY)
        for _n in range(2000)
    )
    Reservation.objects.bulk_create(
        Reservation(gift=g, need=one, amount=1, holds_until=DAY, made_at=MONDAY) for g in gifts
    )
    received = ground.receive(campaign, place["bich_hao"], 5, staff["binh"])
    first = received.posting
    from caunoi.funds import actions as funds
    from caunoi.funds.terms import Draft, Move

    drafts = [
        Draft(uuid.uuid4(), Move.RECEIVE, first.source.address, first.target.address, 1, DAY)
        for _n in range(1000)
    ]
    posted = funds.post(drafts, fund_id=campaign.fund_id, at=MONDAY)
    Movement.objects.bulk_create(
        Movement(
            id=uuid.uuid4(), kind="received", campaign=campaign, commodity_id="goat", amount=1,
            unit=place["bich_hao"], posting=p, on=DAY, at=MONDAY,
        )
        for p in posted
    )  # fmt: skip
    Team.objects.bulk_create(
        Team(unit=place["bich_hao"], name=f"Đội {n}", commodity_id="builder-day", made_at=MONDAY, made_by_id=staff["binh"].account_id)
        for n in range(500)
    )  # fmt: skip
    client = client_for(staff["hanh"])
    client.get("/kho/")
    chosen = f"/ket-noi/?qua={gifts[0].pk}"
    lists = ("/kho/", "/kho/so/", "/kho/can-doi/", "/ket-noi/", chosen, "/ket-noi/da-giu/", "/doi-tho/")  # fmt: skip
    for address in lists:
        with django_assert_max_num_queries(26):
            assert client.get(address).status_code == 200
    for address in ("/kho/?xlsx=1", "/kho/so/?xlsx=1", "/ket-noi/da-giu/?xlsx=1", "/doi-tho/?xlsx=1"):  # fmt: skip
        with django_assert_max_num_queries(18):
            assert client.get(address).content.startswith(b"PK")
    assert "Chưa có hàng ra vào" in client.get("/kho/so/?q=khongcogi").content.decode()
    assert "1.005 con dê giống" in client.get("/kho/?q=de giong").content.decode()


def test_agreed_and_sent_from_the_page(place, staff, campaign, now):
    gift, one = ground.promise(campaign), ground.need(campaign, place["bich_hao"])
    ground.receive(campaign, place["nghe_an"], 60, staff["hanh"], gift=gift)
    made = ground.reserve(gift, one, 30, staff["hanh"])
    actions.agree(reservation=made, side=Side.UNIT, by=staff["binh"], at=MONDAY)
    client = client_for(staff["hanh"])
    heap = ground.heap(campaign, place["nghe_an"])
    fields = typed(client, f"/kho/{heap.pk}/gui/")
    assert (fields["reservation"], fields["to"]) == (str(made.pk), str(place["bich_hao"].pk))
    assert client.post(f"/kho/{heap.pk}/gui/", fields).status_code == 302
    made.refresh_from_db()
    assert made.state == "on_way"
    assert Movement.objects.latest("at", "pk").earmarked or Movement.objects.filter(earmarked=True)


def test_promised_days_are_given_on_the_page_of_the_team_and_followed_by_their_giver(
    place, staff, campaign
):
    """Twenty builder-days promised, ten agreed on for a need of the commune; the team notes ten, the giver reads it, the need is met."""
    commune = place["bich_hao"]
    gift = ground.promise(campaign, 20, commodity="builder-day")
    asked = ground.need(campaign, commune, 10, commodity="builder-day")
    kept = ground.agreed(gift, asked, 10, staff)
    assert (
        "trang của đội"
        in client_for(staff["binh"])
        .get(reverse("goods:reservation", args=[kept.pk]))
        .content.decode()
    )
    team = actions_teams.begin_team(
        unit_id=commune.pk,
        name="Đội thợ Bích Hào",
        commodity="builder-day",
        by=staff["binh"],
        at=MONDAY,
    )
    page = client_for(staff["binh"])
    address = reverse("goods:team", args=[team.pk])
    assert gift.code.text in page.get(address).content.decode()
    sent = {
        "gift": str(gift.pk), "campaign": campaign.slug, "amount": 10, "recipient": "Nhà bà Lầu Y Mỷ", "witness": "Vừ Bá Xồng",
        "on": "2026-11-23", "key": str(uuid.uuid4()),
    }  # fmt: skip
    assert page.post(reverse("goods:work", args=[team.pk]), sent).status_code == 302

    gift.refresh_from_db()
    kept.refresh_from_db()
    asked.refresh_from_db()
    assert (gift.came, kept.state, asked.state) == (10, "handed_over", "met")
    assert [(m.kind, m.amount) for m in queries.story(gift=gift)] == [("worked", 10)]


def test_days_count_for_the_need_of_the_place_where_the_team_worked(place, staff, campaign):
    """One giver promised twenty days, ten agreed on with Tri Lễ first, ten with Bích Hào; the team of Bích Hào gives ten."""
    gift = ground.promise(campaign, 20, commodity="builder-day")
    other, own = (
        actions.agree(
            reservation=ground.reserve(
                gift, ground.need(campaign, place[unit], 10, commodity="builder-day"), 10, staff["hanh"]
            ),
            side=Side.UNIT, by=staff[who], at=MONDAY,
        )
        for unit, who in (("tri_le", "khanh"), ("bich_hao", "binh"))
    )  # fmt: skip
    Reservation.objects.filter(pk=other.pk).update(made_at=MONDAY - timedelta(hours=1))
    team = actions_teams.begin_team(
        unit_id=place["village"].pk, name="Đội thợ", commodity="builder-day", by=staff["binh"], at=MONDAY
    )  # fmt: skip
    actions_giving.work(
        key=uuid.uuid4(), team=team, campaign=campaign, days=10, recipient="Nhà bà Mỷ", witness="Vừ Bá Xồng", on=ground.DAY,
        by=staff["binh"], at=MONDAY, gift=gift,
    )  # fmt: skip
    other.refresh_from_db()
    own.refresh_from_db()
    assert (other.delivered, own.delivered) == (0, 10)
