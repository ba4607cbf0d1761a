"""An official channel belongs to its unit: opened in steps, held by two, handed over with minutes, and anybody can ask."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from caunoi.channels import actions as channels
from caunoi.channels.models import Alert
from caunoi.custody import actions, actions_register, queries
from caunoi.custody.models import Asset, Keeper, Report
from caunoi.custody.terms import AssetKind, AssetState, SamePerson, Standing, TooFewKeepers
from caunoi.documents.models import Paper
from caunoi.kit import clock
from caunoi.reform import actions as reform
from caunoi.reform import running
from caunoi.reform.terms import Outcome, Rule
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.facebook.com/mttqxabichhao"


@pytest.fixture
def now(monkeypatch):
    class Clock:
        at = MONDAY

    hand = Clock()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def people(place, now):
    def make(name, unit, role=Role.ADMINISTRATOR):
        return make_staff(name=name, unit_id=place[unit].pk, role=role)

    return {
        "an": make("Nguyễn Thị An", "bich_hao"),
        "binh": make("Trần Văn Bình", "bich_hao"),
        "chi": make("Lê Thị Chi", "nghe_an"),
        "dao": make("Hoàng Văn Đạo", "nghe_an"),
    }


def account(who):
    return Account.objects.get(pk=who.account_id)


def registered(place, people):
    """A SIM of Bích Hào that went through every step."""
    asset = actions.ask(
        unit_id=place["bich_hao"].pk, kind=AssetKind.SIM, name="SIM đuôi 456 xã Bích Hào", reason="Đứng tên trang", by=people["an"], at=MONDAY
    )  # fmt: skip
    actions.move_on(asset=asset, to=AssetState.CHECKED, by=people["chi"], at=MONDAY)
    with pytest.raises(SamePerson):
        actions.move_on(asset=asset, to=AssetState.APPROVED, by=people["an"], at=MONDAY)
    actions.move_on(asset=asset, to=AssetState.APPROVED, by=people["chi"], at=MONDAY)
    actions.add_keeper(asset=asset, account=account(people["an"]), since=MONDAY.date(), by=people["chi"], at=MONDAY)  # fmt: skip
    with pytest.raises(TooFewKeepers):
        actions.move_on(asset=asset, to=AssetState.REGISTERED, by=people["chi"], at=MONDAY)
    actions.add_keeper(asset=asset, account=account(people["binh"]), since=MONDAY.date(), by=people["chi"], at=MONDAY)  # fmt: skip
    return actions.move_on(asset=asset, to=AssetState.REGISTERED, by=people["chi"], at=MONDAY)


def test_a_sim_is_opened_in_steps_by_two_held_by_two_and_handed_over_with_numbered_minutes(
    place, people
):
    asset = registered(place, people)
    client = client_for(people["chi"])
    address = f"/quan-tri/tai-san-kenh/{asset.pk}/"

    secret = client.post(f"{address}sua/", {"name": asset.name, "envelope": "mật khẩu: Abc12345"})
    assert secret.status_code == 422
    client.post(
        f"{address}sua/",
        {"name": asset.name, "number": "0912000456", "envelope": "Két văn phòng, phong bì 3"},
    )
    client.post(
        f"{address}ban-giao/",
        {"leaving": people["an"].account_id, "to": people["dao"].account_id, "handed": "SIM, phong bì số 3"},
    )  # fmt: skip

    paper = Paper.objects.get()
    assert paper.symbol.startswith("01/BB")
    held = Keeper.objects.get(account_id=people["an"].account_id)
    assert (held.until, held.minutes_id) == (MONDAY.date(), paper.pk)
    assert Keeper.objects.filter(until=None).count() == 2
    page = client.get(address).content.decode()
    signers = [tuple(pair) for pair in paper.sheet["signers"]]
    assert signers == [("BÊN GIAO", "Nguyễn Thị An"), ("BÊN NHẬN", "Hoàng Văn Đạo")]
    for words in ("Két văn phòng, phong bì 3", "Hoàng Văn Đạo", paper.symbol):
        assert words in page
    for ending, begin in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert client.get(f"/van-ban/{paper.pk}/{ending}/").content.startswith(begin)
    assert "0912000456" in str(paper.sheet)


def test_anybody_asks_whether_a_page_is_official_and_one_letter_more_is_another_page(
    place, people, loopback
):
    channels.register_channel(
        unit_id=place["bich_hao"].pk, connector_key="facebook_page", external_id="12345", name="MTTQ xã Bích Hào", url=ADDRESS, by=None, at=MONDAY
    )  # fmt: skip
    (at_once,) = queries.look_up(text=ADDRESS)
    assert (at_once.standing, at_once.asset_id) == (Standing.OFFICIAL, None)
    assert "Chính thức" in Client().get("/kenh-chinh-thuc/", {"q": ADDRESS}).content.decode()
    actions_register.adopt_channels(at=MONDAY)
    assert actions_register.adopt_channels(at=MONDAY) == 0

    for asked in (
        ADDRESS,
        "m.facebook.com/mttqxabichhao/",
        "facebook.com/MTTQxabichhao?ref=1",
        "mttq xa bich hao",
    ):
        (answer,) = queries.look_up(text=asked)
        assert answer.standing == Standing.OFFICIAL, asked
    for asked in (f"{ADDRESS}1", "facebook.com/mttqxabichha", "https://faceb00k.com/mttqxabichhao"):
        assert queries.look_up(text=asked) == [], asked
    web = Client()
    assert "Chính thức" in web.get("/kenh-chinh-thuc/", {"q": ADDRESS}).content.decode()
    page = web.get("/kenh-chinh-thuc/", {"q": f"{ADDRESS}-that"}).content.decode()
    assert "bao-gia-mao" in page
    asset = Asset.objects.get()
    shown = web.get(f"/kenh-chinh-thuc/{asset.pk}/").content.decode()
    assert "data:image/svg" in shown
    assert "Xã Bích Hào" in shown

    assert actions_register.ring_for_orphans(at=MONDAY) == 1
    assert actions_register.ring_for_orphans(at=MONDAY) == 0
    assert Alert.objects.get().kind == "orphan"
    orphans = client_for(people["chi"]).get("/quan-tri/tai-san-kenh/?orphans=1").content.decode()
    assert "MTTQ xã Bích Hào" in orphans


def test_a_report_of_an_impostor_reaches_only_the_province_and_keeps_nobody(place, people):
    web = Client()
    sent = {
        "unit": "xa-bich-hao",
        "address": "fb.com/mttq-gia",
        "words": "Xin tiền, gọi 0912 345 678",
    }
    for _ in range(5):
        assert web.post("/kenh-chinh-thuc/bao-gia-mao/", sent).status_code == 200
    assert web.post("/kenh-chinh-thuc/bao-gia-mao/", sent).status_code == 429

    report = Report.objects.first()
    assert report.unit_id == place["nghe_an"].pk
    assert "0912" not in report.words
    chi, an = client_for(people["chi"]), client_for(people["an"])
    assert "mttq-gia" in chi.get("/quan-tri/tai-san-kenh/bao-gia-mao/").content.decode()
    assert "mttq-gia" not in an.get("/quan-tri/tai-san-kenh/bao-gia-mao/").content.decode()
    chi.post("/quan-tri/tai-san-kenh/bao-gia-mao/", {"report": report.pk})
    report.refresh_from_db()
    assert report.settled_by_id == people["chi"].account_id


def test_after_a_reform_the_look_up_says_where_an_ended_page_goes_on_and_sims_have_a_holder(
    place, people, loopback, now
):
    sim = registered(place, people)
    channels.register_channel(
        unit_id=place["bich_hao"].pk, connector_key="facebook_page", external_id="12345", name="MTTQ xã Bích Hào", url=ADDRESS, by=None, at=MONDAY
    )  # fmt: skip
    actions_register.adopt_channels(at=MONDAY)
    day = date(2026, 12, 1)
    new = tree.merge_units(
        unit_ids=[place["bich_hao"].pk, place["tri_le"].pk], full_name="Xã Bích Lễ", code="17000", on=day, legal_reference="NQ", by=None, at=MONDAY
    )  # fmt: skip
    chi, dao = people["chi"], people["dao"]
    plan = reform.draw_up(
        root_id=place["nghe_an"].pk, on=day, legal_reference="NQ", by=chi, at=MONDAY
    )
    for holder, outcome in (
        ("channels", Outcome.CLOSED),
        ("assets", Outcome.KEPT),
        ("roles", Outcome.KEPT),
    ):
        reform.decide_by_rule(plan=plan, rule=Rule(holder, outcome), by=chi, at=MONDAY)
    reform.sign(plan=plan, by=chi, at=MONDAY)
    reform.sign(plan=plan, by=dao, at=MONDAY)
    now.at = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)
    while running.run_due(at=now.at):
        pass

    sim.refresh_from_db()
    assert (sim.unit_id, sim.state) == (new.pk, AssetState.REGISTERED)
    (answer,) = queries.look_up(text=ADDRESS)
    assert (answer.standing, answer.on, answer.unit_id) == (Standing.ENDED, day, new.pk)
    page = Client().get("/kenh-chinh-thuc/", {"q": ADDRESS}).content.decode()
    assert "từng là chính thức" in page
    assert "/don-vi/xa-bich-le/" in page


def test_the_register_asks_the_same_few_questions_for_thousands_of_entries(
    place, people, django_assert_max_num_queries
):
    Asset.objects.bulk_create(
        Asset(unit=place["bich_hao"], kind="page", name=f"Trang {n}", state="registered", asked_at=MONDAY, changed_at=MONDAY)
        for n in range(3000)
    )  # fmt: skip
    client = client_for(people["chi"])

    with django_assert_max_num_queries(20):
        page = client.get("/quan-tri/tai-san-kenh/?text=trang&orphans=1")
    with django_assert_max_num_queries(20):
        client.get("/quan-tri/tai-san-kenh/?against=1")

    assert "Trang" in page.content.decode()
    assert client.get("/quan-tri/tai-san-kenh/?xlsx=1").headers["Content-Type"].endswith("sheet")


def test_a_sim_that_one_person_holds_rings_once_a_day_until_another_is_named(
    place, people, mailoutbox
):
    asset = registered(place, people)
    assert actions_register.ring_for_orphans(at=MONDAY) == 0
    Account.objects.filter(pk=people["binh"].account_id).update(is_active=False)

    assert actions_register.ring_for_orphans(at=MONDAY) == 1
    assert actions_register.ring_for_orphans(at=MONDAY) == 0
    assert {m.to[0] for m in mailoutbox} >= {account(people["an"]).email}
    assert f"/quan-tri/tai-san-kenh/{asset.pk}/" in mailoutbox[0].body
    assert actions_register.ring_for_orphans(at=MONDAY + timedelta(days=1)) == 1
    actions.add_keeper(asset=asset, account=account(people["dao"]), since=MONDAY.date(), by=people["chi"], at=MONDAY)  # fmt: skip
    assert actions_register.ring_for_orphans(at=MONDAY + timedelta(days=2)) == 0


def test_the_province_says_where_its_pages_lead_and_the_register_shows_what_does_not_follow(
    place, people
):
    asset = Asset.objects.create(
        unit=place["bich_hao"], kind="page", name="MTTQ xã Bích Hào", url=ADDRESS, state="registered", asked_at=MONDAY, changed_at=MONDAY
    )  # fmt: skip
    client = client_for(people["chi"])
    rules = {
        "pattern": "MTTQ {unit}",
        "must_link": "https://mttq.example.vn/don-vi/{slug}/",
        "may_link": "example.vn\nnghean.gov.vn",
    }
    client.post("/quan-tri/tai-san-kenh/dat-ten/", rules)
    address = f"/quan-tri/tai-san-kenh/{asset.pk}/"
    words = {"name": asset.name, "url": ADDRESS, "look_ok": "on"}

    bare = client.get(address).content.decode()
    assert "Thiếu địa chỉ phải có" in bare
    client.post(f"{address}sua/", words | {"links": "https://ban-hang.example.com/x"})
    assert "trang web không được phép" in client.get(address).content.decode()
    client.post(
        f"{address}sua/",
        words | {"links": "mttq.example.vn/don-vi/xa-bich-hao\nhttps://www.nghean.gov.vn/a"},
    )
    assert "Chưa đúng quy định" not in client.get(address).content.decode()
    asset.refresh_from_db()
    assert "nghean.gov.vn" in asset.links


def test_a_village_group_without_an_address_and_a_sender_of_messages_need_holders_too(
    place, people, loopback
):
    group = channels.register_channel(
        unit_id=place["bich_hao"].pk, connector_key="hand_posted", external_id="nhom-1", name="Nhóm Zalo xóm Bích Thị", by=people["an"], at=MONDAY
    )  # fmt: skip
    channels.register_channel(
        unit_id=place["bich_hao"].pk, connector_key="web_form", external_id="wf", name="Form", by=people["an"], at=MONDAY
    )  # fmt: skip
    (at_once,) = queries.look_up(text="nhom zalo xom bich thi")
    assert at_once.standing == Standing.OFFICIAL

    assert actions_register.adopt_channels(at=MONDAY) == 1
    entry = Asset.objects.get()
    assert (entry.channel_id, entry.kind, entry.asked_by_id) == (
        group.pk,
        AssetKind.GROUP,
        people["an"].account_id,
    )
    assert actions_register.ring_for_orphans(at=MONDAY) == 1
    (known,) = queries.look_up(text="Nhóm Zalo xóm Bích Thị")
    assert (known.standing, known.asset_id) == (Standing.OFFICIAL, entry.pk)


def test_what_was_connected_without_a_request_waits_for_a_second_person_and_a_request_is_filled(
    place, people, loopback
):
    asked = actions.ask(
        unit_id=place["bich_hao"].pk, kind=AssetKind.PAGE, name="MTTQ xã Bích Hào", reason="Trang của xã", by=people["an"], at=MONDAY
    )  # fmt: skip
    for step in (AssetState.CHECKED, AssetState.APPROVED):
        actions.move_on(asset=asked, to=step, by=people["chi"], at=MONDAY)
    today = client_for(people["dao"]).get("/hom-nay/").content.decode()
    assert "/quan-tri/tai-san-kenh/?state=open" in today
    for name, number in (("MTTQ XÃ BÍCH HÀO", "1"), ("Trang thứ hai", "2")):
        channels.register_channel(
            unit_id=place["bich_hao"].pk, connector_key="facebook_page", external_id=number, name=name, url=f"{ADDRESS}{number}", by=people["an"], at=MONDAY
        )  # fmt: skip
    actions_register.adopt_channels(at=MONDAY)

    asked.refresh_from_db()
    assert (asked.state, asked.url) == (AssetState.REGISTERED, f"{ADDRESS}1")
    second = Asset.objects.get(name="Trang thứ hai")
    assert Asset.objects.count() == 2
    confirm = {"asset": [second.pk, asked.pk]}
    client_for(people["an"]).post("/quan-tri/tai-san-kenh/xac-nhan/", confirm)
    second.refresh_from_db()
    assert second.approved_by_id is None
    dao = client_for(people["dao"])
    assert "/quan-tri/tai-san-kenh/?unconfirmed=1" in dao.get("/hom-nay/").content.decode()
    page = dao.get("/quan-tri/tai-san-kenh/?unconfirmed=1").content.decode()
    assert "Trang thứ hai" in page
    assert "MTTQ xã Bích Hào" not in page
    dao.post("/quan-tri/tai-san-kenh/xac-nhan/", {"asset": [second.pk]})
    second.refresh_from_db()
    assert second.approved_by_id == people["dao"].account_id
    assert "unconfirmed=1" not in dao.get("/hom-nay/").content.decode()


def test_whoever_was_named_by_mistake_is_taken_out_with_the_reason_but_not_whom_minutes_name(
    place, people
):
    asset = registered(place, people)
    wrong = actions.add_keeper(asset=asset, account=account(people["dao"]), since=MONDAY.date(), by=people["chi"], at=MONDAY)  # fmt: skip
    client = client_for(people["chi"])
    address = f"/quan-tri/tai-san-kenh/{asset.pk}/"
    out = f"{address}nguoi-giu/{wrong.pk}/ghi-nham/"

    assert client.post(out, {"why": " "}).status_code == 422
    assert client.post(out, {"why": "Trùng tên"}).status_code == 302
    wrong.refresh_from_db()
    assert (wrong.until, wrong.mistake) == (MONDAY.date(), "Trùng tên")
    assert "Trùng tên" in client.get(address).content.decode()
    client.post(
        f"{address}ban-giao/",
        {"leaving": people["an"].account_id, "to": people["dao"].account_id, "handed": "SIM"},
    )
    by_minutes = Keeper.objects.get(account_id=people["dao"].account_id, until=None)
    refused = client.post(f"{address}nguoi-giu/{by_minutes.pk}/ghi-nham/", {"why": "x"})
    assert refused.status_code == 422
    assert "biên bản" in refused.content.decode()


def test_the_office_reads_of_a_false_page_once_by_mail_and_on_its_first_page(
    place, people, mailoutbox
):
    sent = {"unit": "xa-bich-hao", "address": "fb.com/mttq-gia", "words": "Xin tiền"}
    Client().post("/kenh-chinh-thuc/bao-gia-mao/", sent)

    assert actions_register.tell_of_reports(at=MONDAY) == 1
    assert actions_register.tell_of_reports(at=MONDAY) == 0
    assert {m.to[0] for m in mailoutbox} == {account(people[who]).email for who in ("chi", "dao")}
    assert "fb.com/mttq-gia" in mailoutbox[0].body
    of_office = client_for(people["chi"]).get("/hom-nay/").content.decode()
    assert "/quan-tri/tai-san-kenh/bao-gia-mao/" in of_office
    of_commune = client_for(people["an"]).get("/hom-nay/").content.decode()
    assert "/quan-tri/tai-san-kenh/bao-gia-mao/" not in of_commune


def test_what_the_province_rules_binds_its_communes_whose_own_rules_only_add(place, people):
    Asset.objects.create(
        unit=place["bich_hao"], kind="page", name="Trang vui xã", url=ADDRESS, state="registered", look_ok=True, asked_at=MONDAY, changed_at=MONDAY
    )  # fmt: skip
    chi, an = client_for(people["chi"]), client_for(people["an"])
    chi.post("/quan-tri/tai-san-kenh/dat-ten/", {"pattern": "MTTQ {unit}"})
    for pattern in ("", "Trang vui"):
        an.post(
            "/quan-tri/tai-san-kenh/dat-ten/", {"pattern": pattern, "may_link": "nghean.gov.vn"}
        )

        brand = queries.brand_for(unit_id=place["bich_hao"].pk, on=MONDAY.date())
        assert (brand.pattern, brand.may_link) == ("MTTQ {unit}", ("nghean.gov.vn",))
    assert "MTTQ {unit}" in an.get("/quan-tri/tai-san-kenh/dat-ten/").content.decode()
    wrong = an.get("/quan-tri/tai-san-kenh/?against=1").content.decode()
    assert "Trang vui xã" in wrong
    Asset.objects.update(name="MTTQ Xã Bích Hào")
    assert "Xã Bích Hào</a>" not in an.get("/quan-tri/tai-san-kenh/?against=1").content.decode()


@pytest.mark.parametrize("typed", ["0912 000 456", "+84 912.000.456", "84912000456", "0912000456"])
def test_a_subscriber_number_is_found_however_it_is_written(place, people, typed):
    asset = registered(place, people)
    words = {"name": asset.name, "number": "+84 912 000 456", "envelope": ""}
    client_for(people["chi"]).post(f"/quan-tri/tai-san-kenh/{asset.pk}/sua/", words)

    (found,) = queries.look_up(text=typed)
    assert found.asset_id == asset.pk
    assert queries.look_up(text="0912 000 457") == []
