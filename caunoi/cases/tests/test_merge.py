"""One asker, two cases; one message, two questions."""

from datetime import timedelta

import pytest

from caunoi.cases import actions, actions_merge, queries
from caunoi.cases.merge_models import Merge
from caunoi.cases.models import Case
from caunoi.cases.terms import CannotMerge, EmptyAnswer, Kind, NotNow, NotYourCase, Origin, State
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.kit import keyring
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def an(tree):
    return make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)


def merged(case, into, by):
    return actions_merge.merge_case(case=case, into=into, by=by, at=MONDAY)


def test_the_joined_case_is_closed_and_the_earlier_deadline_holds(tree, an):
    early = make_case(unit=tree["bich_hao"], due_at=MONDAY + DAY)
    late = make_case(unit=tree["bich_hao"], due_at=MONDAY + 5 * DAY)

    merged(early, late, an)

    early.refresh_from_db(), late.refresh_from_db()
    assert (early.state, late.state) == (State.CLOSED, State.OPEN)
    assert late.due_at == MONDAY + DAY
    assert early.steps.get().note == late.number
    assert AuditEntry.objects.filter(event="cases.case.merged").count() == 1


def test_taken_out_again_it_is_what_it_was(tree, an):
    case, other = many_cases(unit=tree["bich_hao"], n=2, state="referred")
    merged(case, other, an)

    actions_merge.unmerge_case(case=case, by=an, at=TUESDAY)

    case.refresh_from_db()
    assert (case.state, case.closed_at, case.reopened_at) == (State.REFERRED, None, None)
    assert not Merge.objects.exists()


def test_after_the_answer_it_stays_joined(tree, an):
    case, other = many_cases(unit=tree["bich_hao"], n=2)
    merged(case, other, an)
    Case.objects.filter(pk=other.pk).update(state="answered", answered_at=MONDAY)

    with pytest.raises(NotNow):
        actions_merge.unmerge_case(case=case, by=an, at=TUESDAY)


def test_what_cannot_be_joined_is_refused_with_the_reason(tree, an):
    case, other, third = many_cases(unit=tree["bich_hao"], n=3)
    closed = make_case(unit=tree["bich_hao"], state="closed", closed_at=MONDAY)
    waiting = make_case(unit=tree["bich_hao"], state="submitted")
    foreign = make_case(unit=tree["tri_le"])

    with pytest.raises(CannotMerge):
        merged(case, case, an)
    for bad in (closed, waiting):
        with pytest.raises(NotNow):
            merged(case, bad, an)
    with pytest.raises(NotYourCase):
        merged(case, foreign, an)
    merged(case, other, an)
    with pytest.raises(CannotMerge):
        merged(other, third, an)


def test_new_words_in_the_conversation_go_to_the_case_that_runs(tree, an):
    from uuid import uuid4

    thread = uuid4()
    older = make_case(unit=tree["bich_hao"], thread_id=thread, at=MONDAY - DAY)
    newer = make_case(unit=tree["bich_hao"], thread_id=thread)
    merged(newer, older, an)

    assert queries.running_case(thread_id=thread, kind=Kind.QUESTION) == older


@pytest.fixture
def asked(tree, settings, tmp_path):
    from uuid import uuid4

    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    case, _ = actions.open_case(
        unit_id=tree["bich_hao"].pk,
        text="Bao giờ có nước sạch? Và đường xóm 4 bao giờ sửa?",
        origin=Origin.PRIVATE_MESSAGE,
        origin_ref="message:c1:m1",
        thread_id=uuid4(),
        contact="0912 345 678",
        asker_name="Lê Thị Dung",
        at=MONDAY,
    )
    return case


def split(case, by, first="Bao giờ có nước sạch?", second="Đường xóm 4 bao giờ sửa?"):
    return actions_merge.split_case(
        case=case, first_text=first, second_text=second, by=by, at=TUESDAY
    )


def test_a_split_off_question_has_its_own_number_and_the_same_asker_code_and_clock(asked, an):
    part = split(asked, an)

    asked.refresh_from_db()
    assert asked.text == "Bao giờ có nước sạch?"
    assert (part.text, part.title) == ("Đường xóm 4 bao giờ sửa?",) * 2
    assert part.number != asked.number
    for same in ("follow_code", "due_at", "opened_at", "owner_id", "thread_id", "asker_name"):
        assert getattr(part, same) == getattr(asked, same), same
    assert actions.reveal_contact(case=part, by=an, at=TUESDAY) == "0912 345 678"


def test_a_message_can_be_split_more_than_once_and_a_cry_for_help_in_it_is_kept_private(asked, an):
    split(asked, an)
    part = split(asked, an, second="Nhà tôi bị sạt lở vùi mất người, cứu với")

    assert part.kind == "emergency"
    assert not part.is_public
    assert part.due_at < asked.due_at
    assert Case.objects.count() == 3


def test_a_split_needs_words_on_both_sides_a_message_and_a_running_case(tree, asked, an):
    with pytest.raises(EmptyAnswer):
        split(asked, an, second="  ")
    with pytest.raises(NotNow):
        split(make_case(unit=tree["bich_hao"]), an)
    Case.objects.filter(pk=asked.pk).update(state="closed", closed_at=MONDAY)
    with pytest.raises(NotNow):
        split(asked, an)
