"""What is typed is kept, colleagues see each other, a name in a note finds its person."""

from datetime import timedelta

import pytest

from caunoi.cases.terms import NotYourCase
from caunoi.cases.tests.factories import make_case
from caunoi.handling import actions_writing, queries_writing, rules
from caunoi.handling.models import Mention, Presence, Scratch
from caunoi.handling.terms import Doing, Field, ScratchMoved
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
ON = MONDAY.date()


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def case(tree):
    return make_case(unit=tree["bich_hao"])


def officer(tree, name, unit="bich_hao", role=Role.CASE_OFFICER):
    return make_staff(name=name, unit_id=tree[unit].pk, role=role)


@pytest.fixture
def an(tree):
    return officer(tree, "Nguyễn Thị An")


@pytest.fixture
def binh(tree):
    return officer(tree, "Trần Văn Bình")


def typed(case, by, text, seen=0, field=Field.ANSWER, at=MONDAY):
    return actions_writing.keep_scratch(case=case, field=field, text=text, seen=seen, by=by, at=at)


def test_what_is_typed_is_kept_for_its_writer_alone_and_changes_nothing_of_the_case(case, an, binh):
    before = AuditEntry.objects.count()
    first = typed(case, an, "Chào bác")
    second = typed(case, an, "Chào bác, xã đã", seen=first.version)

    assert (first.version, second.version) == (1, 2)
    assert queries_writing.scratches_of(an, case=case)[Field.ANSWER].text == "Chào bác, xã đã"
    assert queries_writing.scratches_of(binh, case=case) == {}
    assert AuditEntry.objects.count() == before
    assert not case.drafts.exists()


def test_two_windows_of_one_person_do_not_write_over_each_other(case, an):
    first = typed(case, an, "một")
    typed(case, an, "một hai", seen=first.version)

    with pytest.raises(ScratchMoved):
        typed(case, an, "một ba", seen=first.version)

    assert Scratch.objects.get().text == "một hai"
    assert typed(case, an, "một hai", seen=0).text == "một hai"


def test_nobody_keeps_words_in_a_case_she_may_not_work_on(tree, case):
    for name, unit, role in (
        ("Tráng A Páo", "tri_le", Role.CASE_OFFICER),
        ("Vũ Thị Mai", "bich_hao", Role.VIEWER),
    ):
        with pytest.raises(NotYourCase):
            typed(case, officer(tree, name, unit, role), "x")
    sealed = make_case(unit=tree["bich_hao"], kind="denunciation")
    with pytest.raises(NotYourCase):
        typed(sealed, officer(tree, "Lê Văn Cường"), "x")


def test_colleagues_see_who_writes_and_it_fades_by_itself(case, an, binh):
    actions_writing.say_here(case=case, doing=Doing.READING, by=binh, at=MONDAY)
    actions_writing.say_here(case=case, doing=Doing.WRITING, by=binh, at=MONDAY + SECOND)

    here = queries_writing.others_here(an, case=case, at=MONDAY + 20 * SECOND)
    assert [(h.name, h.writes) for h in here] == [("Trần Văn Bình", True)]
    assert queries_writing.others_here(binh, case=case, at=MONDAY + 20 * SECOND) == []
    assert queries_writing.others_here(an, case=case, at=MONDAY + 60 * SECOND) == []


def test_whoever_is_named_in_a_note_finds_it_until_she_opens_the_case(case, an, binh):
    actions_writing.leave_note(
        case=case, text="@Nguyễn Thị An xem giúp", mentioned=[an.account_id], by=binh, at=MONDAY
    )

    (waiting,) = queries_writing.mentions_waiting(an, on=ON)
    assert waiting.step.note == "@Nguyễn Thị An xem giúp"
    assert queries_writing.mentions_waiting(binh, on=ON) == []

    actions_writing.see_mentions(case=case, by=an, at=MONDAY)
    assert queries_writing.mentions_waiting(an, on=ON) == []
    assert queries_writing.mentions(an, on=ON).count() == 1


def test_a_mention_in_a_case_she_may_no_longer_see_is_not_shown(tree, case, an, binh):
    actions_writing.leave_note(case=case, text="@An", mentioned=[an.account_id], by=binh, at=MONDAY)
    case.owner = tree["cao_son"]
    case.save(update_fields=["owner"])

    assert queries_writing.mentions(an, on=ON).count() == 0


def test_only_colleagues_who_may_see_the_case_can_be_named(tree, case, an, binh):
    chi = officer(tree, "Hoàng Thị Chi", "nghe_an", Role.ADMINISTRATOR)
    officer(tree, "Tráng A Páo", "tri_le")
    sealed = make_case(unit=tree["bich_hao"], kind="tip_off")
    approver = officer(tree, "Lê Văn Cường", role=Role.APPROVER)

    named = [a.pk for a in queries_writing.may_be_mentioned(an, case=case, on=ON)]
    assert set(named) == {binh.account_id, chi.account_id, approver.account_id}
    kept_close = [a.pk for a in queries_writing.may_be_mentioned(an, case=sealed, on=ON)]
    assert kept_close == [approver.account_id]


def test_a_note_that_was_left_is_no_longer_a_scratch_and_names_nobody_twice(case, an, binh):
    typed(case, binh, "đang gõ", field=Field.NOTE)

    actions_writing.leave_note(
        case=case,
        text="xong",
        mentioned=[an.account_id, an.account_id, binh.account_id],
        by=binh,
        at=MONDAY,
    )

    assert not Scratch.objects.exists()
    assert Mention.objects.get().account_id == an.account_id


def test_old_scratches_and_heartbeats_are_forgotten(case, an):
    typed(case, an, "cũ")
    actions_writing.say_here(case=case, doing=Doing.READING, by=an, at=MONDAY)

    assert actions_writing.forget_old(at=MONDAY + timedelta(days=29)) == 0
    assert actions_writing.forget_old(at=MONDAY + timedelta(days=31)) == 1
    assert not Presence.objects.exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Trần Văn Bình xem", {1}),
        ("nhờ @trần văn bình và @Nguyễn Thị An.", {1, 2}),
        ("@Trần Văn Bình Minh", {3}),
        ("Trần Văn Bình không có dấu a còng", set()),
        ("@Trần", set()),
    ],
)
def test_names_are_taken_whole_and_the_longest_first(text, named):
    people = {1: "Trần Văn Bình", 2: "Nguyễn Thị An", 3: "Trần Văn Bình Minh"}

    assert rules.named_in(text, people) == named
