"""Rules kept in the database: whom they mean, who may change them, and the pages of the administrator."""

import csv
from datetime import date
from pathlib import Path

import pytest

from caunoi.kit.models import AuditEntry
from caunoi.routing import actions, queries
from caunoi.routing.models import Body, Rule, Topic
from caunoi.routing.terms import BodyKind, CodeTaken, Mode, NoTarget, OutsideReach, TopicsAreShared
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def chi(place):
    return make_staff(name="Lê Chi", unit_id=place["nghe_an"].pk, role=Role.ADMINISTRATOR)


@pytest.fixture
def commune_chief(place):
    return make_staff(name="Võ Đào", unit_id=place["bich_hao"].pk, role=Role.ADMINISTRATOR)


def make_body(unit, name, *, by=None, office="", kind=BodyKind.DEPARTMENT, **more):
    return actions.save_body(
        body=None, unit_id=unit.pk, kind=kind, name=name, office=office, valid_from=JANUARY, by=by, at=MONDAY, **more
    )  # fmt: skip


def make_rule(place, *, by=None, **more):
    return actions.save_rule(
        rule=None, place_id=place.pk, valid_from=JANUARY, by=by, at=MONDAY, **more
    )


def proposal(unit, topic="nong_nghiep", kind="question"):
    return queries.proposal_for(unit_id=unit.pk, topic=topic, kind=kind, on=MONDAY.date())


def test_one_rule_of_the_province_serves_each_commune_through_its_own_office(place, chi):
    make_body(place["bich_hao"], "Phòng Kinh tế xã Bích Hào", office="kinh_te")
    make_body(place["tri_le"], "Phòng Kinh tế xã Tri Lễ", office="kinh_te")
    make_rule(place["nghe_an"], topic="nong_nghiep", to_office="kinh_te", by=chi)

    assert proposal(place["bich_hao"]).target_name == "Phòng Kinh tế xã Bích Hào"
    assert proposal(place["village"]).target_name == "Phòng Kinh tế xã Bích Hào"
    assert proposal(place["tri_le"]).target_name == "Phòng Kinh tế xã Tri Lễ"
    assert proposal(place["cao_son"]) is None


def test_a_rule_may_name_a_unit_and_a_kind(place, chi):
    make_rule(place["nghe_an"], kind="voter_petition", to_unit_id=place["nghe_an"].pk, by=chi)

    found = proposal(place["bich_hao"], topic="", kind="voter_petition")

    assert found.unit_id == place["nghe_an"].pk
    assert found.explanation == "Chuyển Tỉnh Nghệ An vì loại việc “kiến nghị cử tri” ở xã Bích Hào."


def test_a_body_that_has_ended_is_proposed_no_more(place):
    ended = make_body(place["nghe_an"], "Sở cũ", valid_until=date(2026, 7, 1))
    make_rule(place["nghe_an"], topic="nong_nghiep", to_body_id=ended.pk)

    assert proposal(place["bich_hao"]) is None


def test_a_rule_ended_today_no_longer_holds_and_the_act_is_on_record(place, chi):
    body = make_body(place["nghe_an"], "Sở Y tế")
    made = make_rule(place["nghe_an"], topic="y_te", to_body_id=body.pk, by=chi)

    actions.end_rule(rule=made, by=chi, at=MONDAY)

    assert proposal(place["bich_hao"], topic="y_te") is None
    assert AuditEntry.objects.filter(event="routing.rule.ended", actor_id=chi.account_id).exists()


def test_a_commune_administrator_makes_rules_for_her_commune_only(place, commune_chief):
    body = make_body(place["bich_hao"], "Phòng Văn hoá", by=commune_chief)
    make_rule(place["bich_hao"], to_body_id=body.pk, by=commune_chief)

    with pytest.raises(OutsideReach):
        make_rule(place["tri_le"], to_body_id=body.pk, by=commune_chief)
    with pytest.raises(OutsideReach):
        make_body(place["nghe_an"], "Sở", by=commune_chief)


def test_a_rule_names_exactly_one_target(place, chi):
    with pytest.raises(NoTarget):
        make_rule(place["nghe_an"], by=chi)
    with pytest.raises(NoTarget):
        make_rule(place["nghe_an"], to_unit_id=place["tri_le"].pk, to_office="kinh_te", by=chi)


def test_one_unit_has_one_body_for_an_office(place, chi):
    make_body(place["bich_hao"], "Phòng Kinh tế", office="kinh_te", by=chi)

    with pytest.raises(CodeTaken):
        make_body(place["bich_hao"], "Phòng khác", office="kinh_te", by=chi)


def test_topics_are_changed_at_the_top_only(place, chi, commune_chief):
    fields = {"name": "Cầu treo", "keywords": "cầu treo", "position": 55, "is_active": True}
    actions.save_topic(code="cau_treo", new=True, by=chi, at=MONDAY, **fields)

    assert queries.guess_topics(text="Cầu treo bản tôi hỏng")[0].name == "Cầu treo"
    with pytest.raises(TopicsAreShared):
        actions.save_topic(code="cau_treo", by=commune_chief, at=MONDAY, **fields)
    with pytest.raises(CodeTaken):
        actions.save_topic(code="cau_treo", new=True, by=chi, at=MONDAY, **fields)


def test_the_first_topics_recognise_most_sample_questions():
    """Fifty-four of sixty at first place when written; the words were chosen with these questions at hand."""
    file = Path(__file__).resolve().parents[3] / "tests" / "chaos" / "questions.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))

    right = [
        q for q in rows if (g := queries.guess_topics(text=q["text"])) and g[0].code == q["topic"]
    ]

    assert {q["topic"] for q in rows} <= set(Topic.objects.values_list("pk", flat=True))
    assert len(right) >= 54, sorted({q["id"] for q in rows} - {q["id"] for q in right})


def test_the_administrator_writes_a_rule_and_tries_it(place, chi):
    body = make_body(place["nghe_an"], "Sở Nông nghiệp và Môi trường")
    client = client_for(chi)
    fields = {
        "topic": "nong_nghiep",
        "place": "tinh nghe an",
        "to_body": str(body.pk),
        "mode": "propose",
        "priority": "100",
        "valid_from": "01/01/2026",
    }

    kept = client.post("/quan-tri/dieu-phoi/moi/", fields)
    page = client.get(
        "/quan-tri/dieu-phoi/",
        {"text": "lợn nhà em chết nghi dịch tả", "place": "xa bich hao"},
    ).content.decode()

    assert kept.status_code == 302
    assert "Sở Nông nghiệp và Môi trường vì chủ đề “nông nghiệp” ở xã Bích Hào" in page


def test_a_rule_without_target_comes_back_with_what_to_do(place, chi):
    page = client_for(chi).post(
        "/quan-tri/dieu-phoi/moi/",
        {"place": "Tỉnh Nghệ An", "mode": "propose", "priority": "1", "valid_from": "01/01/2026"},
    )

    assert "Chọn đúng một nơi" in page.content.decode()
    assert not Rule.objects.exists()


def test_members_of_a_body_are_accounts_named_by_address(place, chi):
    member = make_staff(name="Hồ Em", unit_id=place["tri_le"].pk, role=Role.VIEWER)
    fields = {
        "name": "Sở Y tế",
        "kind": "department",
        "unit": "Tỉnh Nghệ An",
        "valid_from": "01/01/2026",
    }
    client = client_for(chi)

    client.post("/quan-tri/co-quan/moi/", fields | {"members": member.email})
    wrong = client.post("/quan-tri/co-quan/moi/", fields | {"members": "ai@do.example"})

    assert [a.pk for a in Body.objects.get().members.all()] == [member.account_id]
    assert "ai@do.example" in wrong.content.decode()
    assert queries.bodies_of_member(account_id=member.account_id, on=MONDAY.date())


def test_a_list_of_many_rules_takes_a_fixed_number_of_queries(
    place, chi, django_assert_max_num_queries
):
    body = make_body(place["nghe_an"], "Sở Y tế")
    for number in range(60):
        make_rule(place["bich_hao"], topic="y_te", to_body_id=body.pk, priority=number)
    client = client_for(chi)

    with django_assert_max_num_queries(24):
        assert client.get("/quan-tri/dieu-phoi/").status_code == 200
    assert (
        client.get("/quan-tri/dieu-phoi/?xlsx=1").headers["Content-Disposition"].endswith('.xlsx"')
    )


def test_the_mode_says_whether_it_happens_at_once(place):
    body = make_body(place["nghe_an"], "Sở Y tế")
    make_rule(place["nghe_an"], topic="y_te", to_body_id=body.pk, mode=Mode.AUTOMATIC)

    assert proposal(place["bich_hao"], topic="y_te").automatic
