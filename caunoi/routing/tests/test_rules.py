"""Who is competent: decisions without a database."""

from datetime import date
from uuid import UUID, uuid4

from caunoi.routing import rules
from caunoi.routing.terms import BodyFacts, CaseFacts, RuleFacts, TopicWords

TODAY = date(2026, 11, 23)
NGHE_AN, BICH_HAO, XOM_4 = "na", "na.bh", "na.bh.x4"
KINH_TE = BodyFacts(uuid4(), "kinh_te", "Phòng Kinh tế xã Bích Hào", BICH_HAO)
SO_NN = BodyFacts(uuid4(), "kinh_te", "Sở Nông nghiệp và Môi trường", NGHE_AN)
CASE = CaseFacts(topic="nong_nghiep", kind="question", path=BICH_HAO, place_name="Xã Bích Hào")


def rule(number=1, **changes):
    fields = {
        "id": number,
        "topic": "nong_nghiep",
        "topic_name": "Nông nghiệp",
        "kind": "",
        "kind_name": "",
        "place_path": NGHE_AN,
        "place_name": "Tỉnh Nghệ An",
        "unit_id": None,
        "body_id": UUID(int=number),
        "office": "",
        "target_name": f"Cơ quan {number}",
        "priority": 100,
        "automatic": False,
        "legal_source": "",
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
    }
    return RuleFacts(**(fields | changes))


def proposed(*given, case=CASE, bodies=(), on=TODAY):
    return rules.propose(case=case, rules=given, bodies=bodies, on=on)


def test_the_reason_names_topic_place_and_legal_source():
    found = proposed(rule(target_name="Phòng Nông nghiệp", legal_source="QĐ 12/2026"))

    assert found.explanation == (
        "Chuyển Phòng Nông nghiệp vì chủ đề “nông nghiệp” ở xã Bích Hào. Căn cứ: QĐ 12/2026."
    )


def test_a_rule_for_another_topic_kind_or_place_does_not_hold():
    assert proposed(rule(topic="y_te")) is None
    assert proposed(rule(kind="petition")) is None
    assert proposed(rule(place_path="lc")) is None
    assert proposed(rule(place_path="na.b")) is None


def test_a_rule_holds_from_its_first_day_and_not_on_its_last():
    dated = rule(valid_from=TODAY, valid_until=date(2026, 12, 1))

    assert proposed(dated) is not None
    assert proposed(dated, on=date(2026, 11, 22)) is None
    assert proposed(dated, on=date(2026, 12, 1)) is None


def test_priority_decides_first_then_the_nearer_place_then_the_named_topic():
    wide, near = rule(1), rule(2, place_path=BICH_HAO)
    loud = rule(3, priority=10)
    open_topic = rule(4, topic="")

    assert proposed(wide, near).rule_id == 2
    assert proposed(wide, near, loud).rule_id == 3
    assert proposed(open_topic, wide).rule_id == 1


def test_between_equals_the_older_rule_stays():
    assert proposed(rule(7), rule(5)).rule_id == 5


def test_an_office_means_the_nearest_body_above_the_asker():
    by_office = rule(body_id=None, office="kinh_te", target_name="")

    near = proposed(by_office, bodies=[SO_NN, KINH_TE])
    far = proposed(by_office, bodies=[SO_NN])

    assert near.body_id == KINH_TE.id
    assert near.explanation.startswith("Chuyển Phòng Kinh tế xã Bích Hào vì")
    assert far.body_id == SO_NN.id


def test_a_rule_whose_office_nobody_holds_is_passed_over():
    by_office = rule(1, body_id=None, office="thu_y", priority=1)

    assert proposed(by_office, rule(2), bodies=[KINH_TE]).rule_id == 2


def test_a_rule_without_topic_and_kind_says_that_it_is_a_general_one():
    assert "quy tắc chung" in proposed(rule(topic="")).explanation


def test_kind_and_topic_together_are_both_named():
    found = proposed(rule(kind="question", kind_name="Hỏi"))

    assert "chủ đề “nông nghiệp” và loại việc “hỏi”" in found.explanation


FARMING = TopicWords("nong_nghiep", "Nông nghiệp", ("gieo mạ", "lúa", "dịch tả lợn"))
SCHOOL = TopicWords("giao_duc", "Giáo dục", ("trường", "bán trú"))


def test_a_topic_is_guessed_with_or_without_accents_and_says_by_which_words():
    plain = rules.topics_of("lich gieo ma vu xuan, giong lua nao", [SCHOOL, FARMING])

    assert [(g.code, g.words) for g in plain] == [("nong_nghiep", ("gieo mạ", "lúa"))]


def test_words_match_whole_and_long_phrases_weigh_more():
    assert rules.topics_of("Lửa cháy ở trường đua", [FARMING, SCHOOL])[0].code == "giao_duc"
    both = rules.topics_of("trường báo có dịch tả lợn", [FARMING, SCHOOL])

    assert [g.code for g in both] == ["nong_nghiep", "giao_duc"]


def test_accents_that_are_written_tell_words_apart():
    order = TopicWords("an_ninh", "An ninh", ("gây rối",))
    bridge = TopicWords("ha_tang", "Hạ tầng", ("cầu treo",))

    assert rules.topics_of("Cầu treo gãy rồi", [order, bridge])[0].code == "ha_tang"
    assert rules.topics_of("Thanh niên gây rối ở cau treo", [bridge, order])[0].code == "an_ninh"


def test_nothing_known_is_said_about_an_empty_text():
    assert rules.topics_of("", [FARMING]) == []
    assert rules.topics_of("👍", [FARMING]) == []


def test_keywords_come_one_a_line_or_between_commas_each_once():
    assert rules.keywords_of(" lúa \nngô, lúa;;\n  giống  mới") == ("lúa", "ngô", "giống mới")
