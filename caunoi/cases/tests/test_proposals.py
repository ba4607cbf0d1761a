"""Who should get a case: proposed with its reason, accepted in one click, applied at once only where a rule says so."""

import pytest

from caunoi.cases import actions, proposals
from caunoi.cases.models import Referral, RouteProposal, Step
from caunoi.cases.terms import NotNow, Origin, ProposalState, State
from caunoi.routing.models import Body, Rule
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
PIGS = "Lợn nhà em chết 3 con nghi dịch tả lợn, báo cho ai?"


@pytest.fixture
def place():
    return small_tree()


@pytest.fixture
def an(place):
    return make_staff(name="Nguyễn Thị An", unit_id=place["bich_hao"].pk, role=Role.CASE_OFFICER)


@pytest.fixture
def farming(place):
    return Body.objects.create(
        unit=place["bich_hao"], kind="office", name="Phòng Kinh tế", valid_from=MONDAY.date()
    )


def rule(place, body=None, **more):
    return Rule.objects.create(place=place, to_body=body, valid_from=MONDAY.date(), **more)


def opened(unit, text=PIGS, *, topic="", ref="p-1"):
    case, _ = actions.open_case(
        unit_id=unit.pk, text=text, topic=topic, origin=Origin.WEB_FORM, origin_ref=ref, at=MONDAY
    )
    return case


def test_a_new_case_shows_the_proposal_with_the_guessed_topic_and_one_click_does_both(
    place, an, farming
):
    rule(place["nghe_an"], farming, topic_id="nong_nghiep", legal_source="QĐ 12/2026")
    case = opened(place["bich_hao"])
    proposal = RouteProposal.objects.get()
    assert proposal.explanation == (
        "Chuyển Phòng Kinh tế vì chủ đề “nông nghiệp” ở xã Bích Hào. Căn cứ: QĐ 12/2026."
    )
    assert "dịch tả" in proposal.topic_words

    proposals.accept_proposal(case=case, by=an, at=TUESDAY)

    case.refresh_from_db()
    assert (case.topic, case.state) == ("nong_nghiep", State.REFERRED)
    assert Referral.objects.get().to_body == farming
    assert Step.objects.get(kind="routed").note == proposal.explanation
    with pytest.raises(NotNow):
        proposals.accept_proposal(case=case, by=an, at=TUESDAY)


def test_an_automatic_rule_waits_for_a_confirmed_topic(place, an, farming):
    rule(place["nghe_an"], farming, topic_id="nong_nghiep", mode="automatic")
    guessed = opened(place["bich_hao"])
    assert not Referral.objects.exists()

    proposals.set_topic(case=guessed, topic="nong_nghiep", by=an, at=TUESDAY)

    assert Referral.objects.get().case == guessed
    assert RouteProposal.objects.get().state == ProposalState.AUTOMATIC


def test_an_automatic_rule_for_a_chosen_topic_is_applied_when_the_case_opens(place, farming):
    rule(place["nghe_an"], None, to_unit=place["tri_le"], topic_id="nong_nghiep", mode="automatic")
    case = opened(place["bich_hao"], topic="nong_nghiep")

    case.refresh_from_db()
    assert case.owner_id == place["tri_le"].pk
    hop = Referral.objects.get()
    assert hop.sent_by is None
    assert "nông nghiệp" in hop.reason


def test_another_topic_changes_the_proposal_and_no_rule_removes_it(place, an, farming):
    rule(place["nghe_an"], farming, topic_id="nong_nghiep")
    case = opened(place["bich_hao"])

    proposals.set_topic(case=case, topic="y_te", by=an, at=TUESDAY)

    assert not RouteProposal.objects.exists()


def test_a_declined_proposal_stays_declined_and_the_reason_stays(place, an, farming):
    rule(place["nghe_an"], farming, topic_id="nong_nghiep")
    case = opened(place["bich_hao"])
    proposals.decline_proposal(case=case, by=an, at=TUESDAY)

    proposals.set_topic(case=case, topic="nong_nghiep", by=an, at=TUESDAY)

    proposal = RouteProposal.objects.get()
    assert proposal.state == ProposalState.DECLINED
    assert proposal.decided_by_id == an.account_id


def test_the_reason_stays_when_the_rule_changed(place, an, farming):
    made = rule(place["nghe_an"], farming, topic_id="nong_nghiep")
    case = opened(place["bich_hao"])
    proposals.accept_proposal(case=case, by=an, at=TUESDAY)

    made.delete()

    assert "nông nghiệp" in RouteProposal.objects.get(case=case).explanation


def test_a_sealed_case_is_never_routed_by_rule(place, farming):
    rule(place["nghe_an"], farming, mode="automatic")

    opened(place["bich_hao"], "Tôi tố cáo trưởng thôn")

    assert not RouteProposal.objects.exists()
    assert not Referral.objects.exists()
