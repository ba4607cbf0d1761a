"""Published answers that may answer a new question: found in the database, place and dates respected."""

from datetime import date, timedelta

import pytest

from caunoi.answers import actions, index, queries, tasks
from caunoi.answers.models import IndexedQuestion, IndexMark, PublishedAnswer, TermCount
from caunoi.answers.terms import Nearness
from caunoi.answers.tests.factories import BINH, publish
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)
BIRTH = "Sau khi bỏ huyện thì làm giấy khai sinh cho con ở đâu ạ?"


@pytest.fixture
def place():
    return small_tree()


def numbers(text, **more):
    return [p.answer.number for p in queries.similar(text=text, on=ON, **more)]


@pytest.mark.parametrize(
    "text",
    ["bo huyen roi thi lam khai sinh o dau", "Bỏ huyện rồi đi mô làm khai sinh cho con?", BIRTH],
)
def test_the_answer_is_proposed_with_and_without_accents_and_in_dialect(place, text):
    birth = publish(unit_id=place["bich_hao"].pk, question=BIRTH)
    publish(unit_id=place["bich_hao"].pk, question="Bao giờ có sóng điện thoại ở bản em?")

    assert numbers(text) == [birth.number]


def test_nothing_is_proposed_when_nothing_is_near(place):
    publish(unit_id=place["bich_hao"].pk, question=BIRTH)

    assert numbers("Xe rác mấy ngày mới đến một lần") == []
    assert numbers("") == numbers("alo") == []


def test_no_more_than_three_are_proposed_and_the_same_words_only_once(place):
    for n in range(5):
        publish(unit_id=place["bich_hao"].pk, question=BIRTH, answer=f"Ở xã. {n}")
    publish(unit_id=place["bich_hao"].pk, question=BIRTH, answer="Ở xã. 1")

    found = queries.similar(text=BIRTH, on=ON)

    assert len(found) == len({p.answer.answer for p in found}) == 3


def test_answers_of_another_province_are_not_proposed(place):
    publish(unit_id=place["cao_son"].pk, question=BIRTH)

    assert numbers(BIRTH, unit_id=place["bich_hao"].pk) == []
    assert len(numbers(BIRTH)) == 1


def test_the_own_unit_comes_before_the_province_and_the_province_before_the_neighbour(place):
    beside = publish(unit_id=place["tri_le"].pk, question=BIRTH)
    above = publish(unit_id=place["nghe_an"].pk, question=BIRTH)
    own = publish(unit_id=place["bich_hao"].pk, question=BIRTH)

    found = queries.similar(text=BIRTH, on=ON, unit_id=place["bich_hao"].pk)

    assert [p.answer.number for p in found] == [own.number, above.number, beside.number]
    assert [p.nearness for p in found] == [Nearness.OWN, Nearness.ABOVE, Nearness.BESIDE]


def test_a_village_is_answered_by_its_commune(place):
    publish(unit_id=place["bich_hao"].pk, question=BIRTH)

    (found,) = queries.similar(text=BIRTH, on=ON, unit_id=place["village"].pk)

    assert found.nearness == Nearness.ABOVE


def test_an_answer_about_another_place_is_not_proposed(place):
    publish(
        unit_id=place["tri_le"].pk, question="Xã Tri Lễ có hỗ trợ gạo cho học sinh bán trú không?"
    )

    assert numbers("Xã Bích Hào có hỗ trợ gạo cho học sinh bán trú không?") == []
    assert len(numbers("Xã Tri Lễ hỗ trợ gạo cho học sinh bán trú thế nào?")) == 1


def test_an_answer_on_another_topic_stands_back(place):
    publish(unit_id=place["bich_hao"].pk, question=BIRTH, topic="thu_tuc")

    same, other = (
        queries.similar(text="lam khai sinh o dau khi bo huyen", on=ON, topic=t)[0].likeness
        for t in ("thu_tuc", "y_te")
    )

    assert other < same


def test_a_withdrawn_answer_is_not_proposed_and_its_words_are_no_longer_counted(place):
    birth = publish(unit_id=place["bich_hao"].pk, question=BIRTH)
    actions.withdraw_answer(published=birth, why="Sai", by=BINH, at=MONDAY)

    assert numbers(BIRTH) == []
    assert not TermCount.objects.filter(texts__gt=0).exists()


def test_an_answer_is_proposed_until_its_last_day(place):
    birth = publish(unit_id=place["bich_hao"].pk, question=BIRTH)
    PublishedAnswer.objects.update(valid_until=ON)

    assert numbers(BIRTH) == [birth.number]
    assert queries.similar(text=BIRTH, on=ON + timedelta(days=1)) == []


def test_the_cases_own_answer_can_be_left_out(place):
    birth = publish(unit_id=place["bich_hao"].pk, question=BIRTH)

    assert numbers(BIRTH, without=(birth.number,)) == []


def test_building_the_index_anew_gives_the_index_that_grew(place):
    for question in (BIRTH, "Bao giờ có sóng điện thoại?", "Quỹ Vì người nghèo thu bao nhiêu?"):
        publish(unit_id=place["bich_hao"].pk, question=question)
    grown = _stand()

    assert index.rebuild() == 3
    assert _stand() == grown


def test_an_index_kept_up_change_by_change_is_the_index_built_anew(place):
    """Published, corrected, withdrawn, marked, unmarked, removed: whatever happens, the full rebuild finds nothing to mend."""
    texts = (BIRTH, "Bao giờ có sóng?", "Quỹ thu bao nhiêu?", "Xe rác mấy giờ tới?", "Nước đục quá")
    first, second, third, fourth, fifth = (
        publish(unit_id=place["bich_hao"].pk, question=q) for q in texts
    )
    more: dict = {"by": BINH, "at": MONDAY}
    actions.correct_answer(published=first, answer="Làm ở trung tâm xã.", why="Rõ hơn", **more)
    actions.withdraw_answer(published=second, why="Sai", **more)
    actions.mark_law_changed(published=third, note="Luật mới", **more)
    actions.mark_law_changed(published=fourth, note="Luật mới", **more)
    actions.unmark_law_changed(published=fourth, **more)
    actions.remove_answer(number=fifth.number, **more)
    grown = _stand()

    index.rebuild()

    assert set(grown[0]) == {first.pk, fourth.pk}
    assert _stand() == grown


def test_answers_changed_while_the_index_is_built_stand_rightly_at_its_end(place, monkeypatch):
    withdrawn, kept = (publish(unit_id=place["bich_hao"].pk, question=q) for q in (BIRTH, "Sóng?"))
    monkeypatch.setattr(index, "BATCH", 1)
    fresh = []

    def meanwhile(done):
        if done == 1:
            actions.withdraw_answer(published=withdrawn, why="Sai", by=BINH, at=MONDAY)
            fresh.append(publish(unit_id=place["bich_hao"].pk, question="Đường bê tông xóm 4"))

    index.rebuild(say=meanwhile)

    during = _stand()
    assert set(during[0]) == {kept.pk, fresh[0].pk}
    index.rebuild()
    assert _stand() == during


def test_the_worker_builds_anew_only_after_the_word_lists_changed(place):
    publish(unit_id=place["bich_hao"].pk, question=BIRTH)
    index.rebuild()
    assert tasks.reindex(MONDAY) == 0

    IndexMark.objects.update(lists="of an older release")

    assert tasks.reindex(MONDAY) == 1
    assert index.is_current()


def _stand():
    return (
        dict(IndexedQuestion.objects.values_list("answer_id", "terms")),
        dict(TermCount.objects.filter(texts__gt=0).values_list("term", "texts")),
    )


def test_the_number_of_queries_does_not_grow_with_the_library(place, django_assert_max_num_queries):
    for n in range(30):
        publish(
            unit_id=place["bich_hao"].pk, question=f"{BIRTH} Nhà em ở xóm {n}.", answer=f"Ở xã {n}"
        )
    numbers(BIRTH)

    with django_assert_max_num_queries(16):
        numbers(BIRTH, unit_id=place["bich_hao"].pk)
