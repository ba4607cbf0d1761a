"""A reform: everything closing units hold is decided, signed by two, carried out on the day, and every old address leads on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from caunoi.api.models import ApiKey
from caunoi.cases.models import Case
from caunoi.channels import actions as channels
from caunoi.channels.models import Channel
from caunoi.channels.terms import ChannelState
from caunoi.custody import actions_register as custody
from caunoi.documents.models import Keeping, Letterhead
from caunoi.duty.models import CallList, Shift
from caunoi.handling.models import CannedAnswer
from caunoi.journeys import ask_and_answer
from caunoi.kit import clock
from caunoi.notices.models import AudienceGroup
from caunoi.outbox import delivery
from caunoi.outbox.models import OutboundMessage
from caunoi.reform import actions, queries, running
from caunoi.reform.models import Plan, Step
from caunoi.reform.terms import (
    NotInDraft,
    NotReady,
    Outcome,
    PlanState,
    Rule,
    SamePerson,
    TooLate,
    Way,
)
from caunoi.routing.models import Body
from caunoi.routing.models import Rule as RoutingRule
from caunoi.staff.models import RoleGrant
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.subscriptions.models import Subscription
from caunoi.units import actions as tree
from caunoi.units import queries as units
from caunoi.units import undo
from caunoi.units.models import Succession
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit
from caunoi.webhooks.models import Endpoint
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
ON_THE_DAY = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)
"""Five minutes past midnight of 1/12/2026 in Việt Nam."""
LAW = "Nghị quyết 12/NQ-HĐND"


@pytest.fixture
def now(monkeypatch):
    class Clock:
        at = MONDAY

    hand = Clock()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def ground(place, loopback, an, now):
    """Bích Hào holds a page with a question, a group, a form question, a sealed one, an officer and a follower; it merges with Tri Lễ."""
    bich_hao = place["bich_hao"].pk
    channels.register_channel(
        unit_id=bich_hao, connector_key="hand_posted", external_id="g1", name="Nhóm Zalo xã Bích Hào", by=None, at=MONDAY
    )  # fmt: skip
    asked = ask_and_answer.ask_on_web(
        unit_id=bich_hao, text="Bao giờ có nước sạch ở xóm 4?", form_key="f", is_public=True, at=MONDAY
    )  # fmt: skip
    ask_and_answer.ask_on_web(
        unit_id=bich_hao, text="Tôi khiếu nại quyết định số 5", form_key="s", at=MONDAY
    )
    Subscription.objects.create(
        way="email", unit_id=bich_hao, sealed_address=b"x", address_hash=b"h", asked_at=MONDAY, confirmed_at=MONDAY
    )  # fmt: skip
    new = tree.merge_units(
        unit_ids=[bich_hao, place["tri_le"].pk], full_name="Xã Bích Lễ", code="17000", on=DAY, legal_reference=LAW, by=None, at=MONDAY
    )  # fmt: skip
    return place | {"new": new, "asked": asked}


@pytest.fixture
def chi(place):
    return make_staff(name="Lê Thị Chi", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)


@pytest.fixture
def dao(place):
    return make_staff(name="Hoàng Văn Đạo", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)


def drawn_up(ground, chi):
    return actions.draw_up(
        root_id=ground["nghe_an"].pk, on=DAY, legal_reference=LAW, by=chi, at=MONDAY
    )


def decided(plan, by):
    """Keep the group, close the page, keep roles, pass followers."""
    for holder, kind, outcome in (
        ("channels", "hand_posted", Outcome.KEPT),
        ("channels", "loopback", Outcome.CLOSED),
        ("roles", "", Outcome.KEPT),
        ("followers", "", Outcome.MERGED),
    ):
        actions.decide_by_rule(plan=plan, rule=Rule(holder, outcome, kind), by=by, at=MONDAY)


def signed(plan, chi, dao):
    actions.sign(plan=plan, by=chi, at=MONDAY)
    return actions.sign(plan=plan, by=dao, at=MONDAY)


def test_a_merged_commune_leaves_nothing_behind_and_every_old_address_leads_on(
    ground, loopback, chi, dao, an, now
):
    plan = drawn_up(ground, chi)
    assert {s.holder for s in plan.steps.all()} == {
        "channels",
        "doors",
        "cases",
        "roles",
        "followers",
    }
    with pytest.raises(NotReady):
        actions.sign(plan=plan, by=chi, at=MONDAY)
    decided(plan, chi)
    tried = running.rehearse(plan=plan, at=MONDAY)
    assert tried["failed"] == {}
    assert tried["open"] == 0
    assert Channel.objects.filter(unit=ground["new"]).count() == 0

    actions.sign(plan=plan, by=chi, at=MONDAY)
    with pytest.raises(SamePerson):
        actions.sign(plan=plan, by=chi, at=MONDAY)
    actions.sign(plan=plan, by=dao, at=MONDAY)
    assert running.run_due(at=MONDAY) == 0

    late = ask_and_answer.ask_on_web(
        unit_id=ground["bich_hao"].pk, text="Chợ xã mở ngày nào?", form_key="late", at=MONDAY
    )
    now.at = ON_THE_DAY
    while running.run_due(at=ON_THE_DAY, limit=2):
        pass

    plan.refresh_from_db()
    assert plan.state == PlanState.DONE
    gone = [ground["bich_hao"].pk, ground["tri_le"].pk]
    assert not Channel.objects.filter(unit_id__in=gone).exists()
    assert not Case.objects.filter(owner_id__in=gone).exists()
    late.refresh_from_db()
    assert late.owner_id == ground["new"].pk
    page, group = (Channel.objects.get(connector_key=k) for k in ("loopback", "hand_posted"))
    assert (page.state, page.name) == (ChannelState.RETIRED, "MTTQ xã Bích Hào")
    assert (group.state, group.name) == (ChannelState.ACTIVE, "Nhóm Zalo xã Bích Lễ")
    held = RoleGrant.objects.get(account_id=an.account_id, unit_id=ground["new"].pk)
    assert held.valid.lower == DAY
    assert Subscription.objects.get().unit_id == ground["new"].pk
    every_old_address_leads_on("xa-bich-hao", "xa-bich-le", "Xã Bích Lễ")
    question = Client().get(f"/hoi/{ground['asked'].number}/").content.decode()
    assert "Xã Bích Lễ" in question
    assert "Xã Bích Hào" in question


def every_old_address_leads_on(old, new, new_name):
    """Follow each sort of address printed before the reform; each ends at the successor and says so."""
    web = Client()
    for address in (
        f"/xa/{old}/",
        f"/hoi/?don-vi={old}",
        f"/nhan-tin/?don-vi={old}",
        f"/gan-day/?noi={old}",
        f"/hoi-dap/?don-vi={old}",
        f"/don-vi/{old}/",
    ):
        answer = web.get(address, follow=True)
        assert answer.status_code == 200, address
        assert new_name in answer.content.decode(), address
    feed = web.get(f"/hoi-dap/don-vi/{old}/atom.xml", follow=True)
    assert new_name in feed.content.decode()
    assert web.get(f"/xa/{old}/").headers["Location"].startswith(f"/don-vi/{new}/")
    assert "nay là" in web.get(f"/xa/{old}/", follow=True).content.decode()


def test_until_the_day_everything_can_be_taken_back_and_after_it_nothing(ground, chi, dao, now):
    plan = drawn_up(ground, chi)
    decided(plan, chi)
    signed(plan, chi, dao)
    with pytest.raises(NotInDraft):
        actions.decide_by_rule(
            plan=plan, rule=Rule("roles", Outcome.CLOSED, only_open=False), by=chi, at=MONDAY
        )

    back = actions.take_back(plan=plan, by=dao, at=MONDAY)

    assert (back.state, back.second_by_id) == (PlanState.DRAFT, None)
    assert running.run_due(at=ON_THE_DAY) == 0
    signed(plan, chi, dao)
    running.run_due(at=ON_THE_DAY)
    with pytest.raises(TooLate):
        actions.take_back(plan=plan, by=dao, at=ON_THE_DAY)


def test_a_step_that_fails_harms_no_neighbour_is_tried_again_and_then_waits_for_a_person(
    ground, chi, dao, monkeypatch, now
):
    plan = drawn_up(ground, chi)
    decided(plan, chi)
    signed(plan, chi, dao)
    from caunoi.channels import successions

    real = successions.pass_channels
    broken = Channel.objects.get(connector_key="hand_posted").pk

    def fails(passings, **more):
        if failing and any(p.channel_id == broken for p in passings):
            raise RuntimeError("the power went")
        return real(passings, **more)

    failing = True
    monkeypatch.setattr(successions, "pass_channels", fails)
    for _ in range(6):
        running.run_due(at=ON_THE_DAY)
    plan.refresh_from_db()
    step = plan.steps.exclude(state="done").get()
    assert (plan.state, step.state, step.attempts) == (PlanState.RUNNING, "failed", 5)
    assert not Case.objects.filter(owner_id=ground["bich_hao"].pk).exists()

    failing = False
    now.at = ON_THE_DAY
    client_for(chi).post(f"/quan-tri/sap-xep/{plan.pk}/thu-lai/")
    running.run_due(at=ON_THE_DAY)
    running.run_due(at=ON_THE_DAY)

    plan.refresh_from_db()
    assert plan.state == PlanState.DONE
    assert Channel.objects.get(pk=broken).unit_id == ground["new"].pk


def test_a_split_asks_which_part_and_an_unknown_successor_blocks_until_somebody_decides(
    place, loopback, an, chi, dao, now
):
    parts = tree.split_unit(
        unit_id=place["bich_hao"].pk, into=[("Xã Bích Đông", "17001"), ("Xã Bích Tây", "17002")],
        below={place["village"].pk: 0}, on=DAY, legal_reference=LAW, by=None, at=MONDAY,
    )  # fmt: skip
    tree.dissolve_unit(
        unit_id=place["tri_le"].pk, successor_id=None, on=DAY, legal_reference="?", by=None, at=MONDAY
    )  # fmt: skip
    plan = drawn_up(place, chi)
    decided(plan, chi)
    ways = {c.name: (c.way, c.target_id) for c in plan.closings.all()}
    assert ways == {"Xã Bích Hào": (Way.SPLIT, None), "Xã Tri Lễ": (Way.UNKNOWN, None)}
    page = client_for(chi).get(f"/quan-tri/sap-xep/{plan.pk}/don-vi/").content.decode()
    assert "Xã Bích Đông" in page
    assert "chưa rõ" in page.lower()
    with pytest.raises(NotReady):
        actions.sign(plan=plan, by=chi, at=MONDAY)

    split, unknown = plan.closings.get(way="split"), plan.closings.get(way="unknown")
    client = client_for(chi)
    client.post(f"/quan-tri/sap-xep/{plan.pk}/don-vi/{split.pk}/", {"to": str(parts[1].pk)})
    client.post(
        f"/quan-tri/sap-xep/{plan.pk}/don-vi/{unknown.pk}/", {"unit": "Xã Bích Tây", "reason": LAW}
    )
    signed(plan, chi, dao)
    now.at = ON_THE_DAY
    while running.run_due(at=ON_THE_DAY):
        pass

    assert Channel.objects.get(connector_key="loopback").unit_id == parts[1].pk
    assert queries.moved_to(unit_ids=[place["tri_le"].pk]) == {place["tri_le"].pk: parts[1].pk}
    split_page = Client().get("/xa/xa-bich-hao/", follow=True).content.decode()
    assert "Xã Bích Đông" in split_page
    assert "Xã Bích Tây" in split_page
    assert "Xã Bích Tây" in Client().get("/xa/xa-tri-le/", follow=True).content.decode()


def test_the_wizard_is_walked_through_by_hand_from_the_day_to_the_second_signature(
    ground, chi, dao, now
):
    first, second = client_for(chi), client_for(dao)
    began = first.post(
        "/quan-tri/sap-xep/moi/",
        {"root": "tinh-nghe-an", "on": DAY.isoformat(), "legal_reference": LAW},
    )
    plan = Plan.objects.get()
    address = f"/quan-tri/sap-xep/{plan.pk}/"
    assert began.headers["Location"] == address
    page = first.get(address).content.decode()
    for words in ("Xã Bích Hào", "MTTQ xã Bích Hào", "Nhóm Zalo xã Bích Hào", "Nguyễn Thị An"):
        assert words in page
    looked = first.post(f"{address}quy-tac/", {"holder": "channels", "outcome": "archived"})
    assert "MTTQ xã Bích Hào" in looked.content.decode()
    assert not plan.steps.filter(outcome="archived").exists()
    first.post(f"{address}quy-tac/", {"holder": "channels", "outcome": "archived", "confirm": "1"})
    assert plan.steps.filter(outcome="archived").count() == 2
    one = plan.steps.get(kind="hand_posted")
    first.post(f"{address}buoc/{one.pk}/", {"outcome": "kept", "new_name": "Nhóm xã Bích Lễ mới"})
    for holder, outcome in (("roles", "kept"), ("followers", "merged")):
        first.post(f"{address}quy-tac/", {"holder": holder, "outcome": outcome, "confirm": "1"})
    first.post(f"{address}thu/")
    running.rehearse_asked(at=MONDAY)
    assert "Có 0 việc không làm được" in first.get(address).content.decode()
    assert first.get(f"{address}?xlsx=1").headers["Content-Type"].endswith("sheet")
    assert "Xã Bích Lễ" in first.get(f"{address}in/").content.decode()
    first.post(f"{address}ky/")
    assert "người khác" in first.post(f"{address}ky/", follow=True).content.decode()
    second.post(f"{address}ky/")
    plan.refresh_from_db()
    assert plan.state == PlanState.SIGNED
    now.at = ON_THE_DAY
    while running.run_due(at=ON_THE_DAY):
        pass
    assert Channel.objects.get(connector_key="hand_posted").name == "Nhóm xã Bích Lễ mới"
    assert "Đã thực hiện" in first.get(address).content.decode()


def test_history_reads_as_it_was_papers_and_threads_are_read_by_the_successor(
    ground, loopback, chi, dao, an, now
):
    from caunoi.documents import actions as documents
    from caunoi.documents.terms import PaperType

    paper = documents.issue_paper(
        unit_id=ground["bich_hao"].pk, paper_type=PaperType.REMINDER, subject="Đôn đốc", addressee="Sở", paragraphs=["…"],
        reference=f"case:{ground['asked'].pk}", by=an, at=MONDAY,
    )  # fmt: skip
    plan = drawn_up(ground, chi)
    decided(plan, chi)
    signed(plan, chi, dao)
    now.at = ON_THE_DAY
    while running.run_due(at=ON_THE_DAY):
        pass

    paper.refresh_from_db()
    assert paper.unit_id == ground["bich_hao"].pk
    assert Keeping.objects.get().kept_by_id == ground["new"].pk
    shown = client_for(an).get(f"/van-ban/{paper.pk}/")
    assert shown.status_code == 200
    assert paper.symbol in shown.content.decode()


def test_what_colleagues_work_with_goes_on_in_the_successor_once_or_ends_on_the_day(
    ground, chi, dao, an, now
):
    old, other, new = (ground[n].pk for n in ("bich_hao", "tri_le", "new"))
    tools_of(old, by=an)
    tools_of(other, by=an)
    plan = drawn_up(ground, chi)
    decided(plan, chi)
    for holder, outcome in (
        ("rosters", Outcome.MERGED),
        ("canned", Outcome.MERGED),
        ("bodies", Outcome.KEPT),
        ("endpoints", Outcome.KEPT),
        ("keys", Outcome.CLOSED),
    ):
        actions.decide_by_rule(plan=plan, rule=Rule(holder, outcome), by=chi, at=MONDAY)
    assert running.rehearse(plan=plan, at=MONDAY)["failed"] == {}
    signed(plan, chi, dao)
    now.at = ON_THE_DAY
    while running.run_due(at=ON_THE_DAY):
        pass

    assert not plan.steps.exclude(state="done").exists()
    assert CallList.objects.get().unit_id == new
    assert Shift.objects.get().unit_id == new
    shortcuts = CannedAnswer.objects.filter(unit_id=new).values_list("shortcut", flat=True)
    assert sorted(shortcuts) == ["nuoc", "nuoc-2"]
    bodies = Body.objects.filter(unit_id=new).order_by("pk")
    assert sorted(b.office for b in bodies) == ["", "dia-chinh"]
    assert {b.name for b in bodies} == {"Địa chính xã Bích Lễ"}
    running_rules = RoutingRule.objects.filter(valid_until=None)
    assert [(r.place_id, r.valid_from) for r in running_rules] == [(new, DAY)]
    assert RoutingRule.objects.filter(place_id=old, valid_until=DAY).exists()
    groups = AudienceGroup.objects.filter(unit_id=new).values_list("name", flat=True)
    assert sorted(groups) == ["Các xóm", "Các xóm (2)"]
    assert set(Endpoint.objects.values_list("unit_id", "state")) == {(new, "on")}
    assert {k.ends_on for k in ApiKey.objects.all()} == {DAY - timedelta(days=1)}
    assert Letterhead.objects.filter(pk__in=[old, other]).count() == 2


def tools_of(unit_id, *, by):
    """A shift and a place on the call list, canned words, an agency, a rule, an audience, a letterhead, an address, a key."""
    account = by.account_id
    CallList.objects.create(unit_id=unit_id, account_id=account, place=1)
    Shift.objects.create(
        unit_id=unit_id, account_id=account, begins_at=ON_THE_DAY, ends_at=ON_THE_DAY + timedelta(days=1)
    )  # fmt: skip
    CannedAnswer.objects.create(
        unit_id=unit_id, title="Nước", shortcut="nuoc", text="…", changed_at=MONDAY, changed_by_id=account
    )  # fmt: skip
    name = units.name_of(unit_id=unit_id, on=MONDAY.date())
    Body.objects.create(
        unit_id=unit_id, kind="office", name=f"Địa chính {name[:1].lower() + name[1:]}", office="dia-chinh", valid_from=MONDAY.date()
    )  # fmt: skip
    RoutingRule.objects.create(place_id=unit_id, to_office="dia-chinh", valid_from=MONDAY.date())
    AudienceGroup.objects.create(
        unit_id=unit_id, name="Các xóm", lines=[], made_at=MONDAY, made_by_id=account
    )
    Letterhead.objects.create(unit_id=unit_id, upper_lines="", body_line="", symbol="MTTQ", place="", signer_title="")  # fmt: skip
    Endpoint.objects.create(
        unit_id=unit_id, name="iOffice", url="https://example.vn", events=[], made_at=MONDAY, made_by_id=account
    )  # fmt: skip
    ApiKey.objects.create(
        prefix=str(unit_id)[:8], hashed=b"x", name="Cổng", unit_id=unit_id, account_id=account, made_by_id=account,
        scopes=[], made_at=MONDAY, ends_on=DAY + timedelta(days=90),
    )  # fmt: skip


def test_a_page_that_is_merged_says_where_to_go_and_the_look_up_says_the_same(
    ground, loopback, chi, dao, an, now
):
    taker = channels.register_channel(
        unit_id=ground["tri_le"].pk, connector_key="loopback", external_id="page-2", name="MTTQ xã Tri Lễ",
        url="https://example.vn/tri-le", secrets={"access_token": "t"}, by=None, at=MONDAY,
    )  # fmt: skip
    Channel.objects.filter(external_id="page").update(url="https://example.vn/bich-hao")
    custody.adopt_channels(at=MONDAY)
    plan = drawn_up(ground, chi)
    decided(plan, chi)
    client, address = client_for(chi), f"/quan-tri/sap-xep/{plan.pk}/"
    stays = plan.steps.get(ref=str(taker.pk))
    client.post(f"{address}buoc/{stays.pk}/", {"outcome": "kept"})
    page = plan.steps.get(label="MTTQ xã Bích Hào", holder="channels")
    refused = client.post(f"{address}buoc/{page.pk}/", {"outcome": "merged", "into": "x"})
    assert refused.status_code == 422
    client.post(f"{address}buoc/{page.pk}/", {"outcome": "merged", "into": str(taker.pk)})
    words = client.get(f"{address}loi-ghim/").content.decode()
    for said in ("Xã Bích Lễ tiếp nhận công việc của Xã Bích Hào", LAW, "/xa/xa-bich-hao/"):
        assert said in words
    assert running.rehearse(plan=plan, at=MONDAY)["failed"] == {}
    assert not OutboundMessage.objects.filter(reference__startswith="last-words:").exists()
    signed(plan, chi, dao)
    now.at = ON_THE_DAY
    while running.run_due(at=ON_THE_DAY):
        pass
    while delivery.deliver_once(worker="w", now=lambda: ON_THE_DAY, limit=10):
        pass

    assert Channel.objects.get(external_id="page").state == ChannelState.RETIRED
    said = OutboundMessage.objects.get(reference__startswith="last-words:")
    assert said.channel.external_id == "page"
    assert said.state in {"sent", "confirmed"}
    assert "MTTQ xã Bích Lễ: https://example.vn/tri-le" in said.content.text
    looked = Client().get("/kenh-chinh-thuc/", {"q": "https://example.vn/bich-hao"})
    assert "https://example.vn/tri-le" in looked.content.decode()
    assert "đã đăng" in client.get(f"{address}loi-ghim/").content.decode().lower()


def test_a_thing_of_a_split_unit_may_go_to_another_part_and_a_changed_tree_stops_the_plan(
    place, loopback, an, chi, dao, now
):
    parts = tree.split_unit(
        unit_id=place["bich_hao"].pk, into=[("Xã Bích Đông", "17001"), ("Xã Bích Tây", "17002")],
        below={place["village"].pk: 0}, on=DAY, legal_reference=LAW, by=None, at=MONDAY,
    )  # fmt: skip
    plan = drawn_up(place, chi)
    decided(plan, chi)
    closing, client = plan.closings.get(), client_for(chi)
    address = f"/quan-tri/sap-xep/{plan.pk}/"
    client.post(f"{address}don-vi/{closing.pk}/", {"to": str(parts[0].pk)})
    page = plan.steps.get(kind="loopback")
    assert "Xã Bích Tây" in client.get(f"{address}buoc/{page.pk}/").content.decode()
    client.post(f"{address}buoc/{page.pk}/", {"outcome": "kept", "to": str(parts[1].pk)})
    signed(plan, chi, dao)
    assert running.check_signed(at=MONDAY) == 0

    tree.dissolve_unit(
        unit_id=place["tri_le"].pk, successor_id=parts[0].pk, on=DAY, legal_reference=LAW, by=None, at=MONDAY
    )  # fmt: skip
    assert running.run_due(at=ON_THE_DAY) == 0

    plan.refresh_from_db()
    assert (plan.state, plan.second_by_id) == (PlanState.DRAFT, None)
    assert {c.name for c in plan.closings.all()} == {"Xã Bích Hào", "Xã Tri Lễ"}
    assert "cây đơn vị đã thay đổi" in client.get(address).content.decode().lower()
    page.refresh_from_db()
    assert page.target_id == parts[1].pk
    now.at = ON_THE_DAY
    signed(plan, chi, dao)
    while running.run_due(at=ON_THE_DAY):
        pass
    assert Channel.objects.get(connector_key="loopback").unit_id == parts[1].pk
    assert not Case.objects.filter(owner_id=place["bich_hao"].pk).exists()


def test_a_plan_that_is_given_up_holds_no_unit_of_an_event_that_is_undone(ground, chi, now):
    plan = drawn_up(ground, chi)
    event = Succession.objects.filter(old_unit=ground["bich_hao"]).first().event_id
    actions.drop(plan=plan, by=chi, at=MONDAY)

    undo.undo_event(event_id=event, today=MONDAY.date(), by=None, at=MONDAY)

    assert units.as_of(unit_id=ground["bich_hao"].pk, on=DAY) is not None


def test_the_plan_of_a_province_that_ends_belongs_to_whoever_took_over(place, chi, dao, now):
    other = make_unit(name="Tỉnh Hà Tĩnh", level=Level.PROVINCE, code="42")
    eva = make_staff(name="Phan Thị Eva", unit_id=other.pk, role=Role.ADMINISTRATOR)
    channels.register_channel(
        unit_id=place["nghe_an"].pk, connector_key="hand_posted", external_id="p", name="Nhóm tỉnh Nghệ An", by=None, at=MONDAY
    )  # fmt: skip
    joined = tree.merge_units(
        unit_ids=[place["nghe_an"].pk, other.pk], full_name="Tỉnh Nghệ Tĩnh", code="40", on=DAY, legal_reference=LAW, by=None, at=MONDAY
    )  # fmt: skip
    make_staff(name="Người Mới", unit_id=joined.pk, role=Role.ADMINISTRATOR, on=DAY)
    plan = actions.draw_up(
        root_id=place["nghe_an"].pk, on=DAY, legal_reference=LAW, by=chi, at=MONDAY
    )
    assert {c.name for c in plan.closings.all()} == {"Tỉnh Nghệ An"}
    for holder in ("channels", "roles"):
        rule = Rule(holder, Outcome.KEPT)
        actions.decide_by_rule(plan=plan, rule=rule, by=chi, at=MONDAY)
    signed(plan, chi, dao)
    assert client_for(eva).get(f"/quan-tri/sap-xep/{plan.pk}/").status_code == 404
    now.at = ON_THE_DAY
    while running.run_due(at=ON_THE_DAY):
        pass

    plan.refresh_from_db()
    assert plan.state == PlanState.DONE
    group = Channel.objects.get(external_id="p")
    assert (group.unit_id, group.name) == (joined.pk, "Nhóm tỉnh Nghệ Tĩnh")
    page = client_for(chi).get(f"/quan-tri/sap-xep/{plan.pk}/")
    assert page.status_code == 200
    assert "Đã thực hiện" in page.content.decode()


def test_the_lists_of_a_plan_ask_the_same_few_questions_for_thousands_of_things(
    ground, chi, now, django_assert_max_num_queries
):
    plan = drawn_up(ground, chi)
    closing = plan.closings.first()
    Step.objects.bulk_create(
        Step(plan=plan, closing=closing, holder="channels", ref=f"{n:036d}", kind="loopback", label=f"Trang {n}", outcome="archived")
        for n in range(3000)
    )  # fmt: skip
    Plan.objects.bulk_create(
        Plan(root=plan.root, on_date=DAY, legal_reference=str(n), state="dropped", made_at=MONDAY, made_by_id=chi.account_id)
        for n in range(300)
    )  # fmt: skip
    client = client_for(chi)
    address = f"/quan-tri/sap-xep/{plan.pk}/"
    client.get(address)

    for page, most in (
        ("/quan-tri/sap-xep/", 10),
        (f"{address}?text=trang&holder=channels&page=7", 16),
        (f"{address}don-vi/?q=xa", 16),
        (f"{address}loi-ghim/", 10),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200, page
