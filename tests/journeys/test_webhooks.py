"""What happens to a case is told to other systems in the same transaction, or not at all."""

import pytest
from django.db import transaction

from caunoi.answers import actions as answers
from caunoi.cases import actions as cases
from caunoi.cases import referrals
from caunoi.cases.terms import Origin
from caunoi.cases.tests.factories import make_case
from caunoi.journeys import ask_and_answer
from caunoi.kit import keyring
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.units.tests.factories import small_tree
from caunoi.webhooks.models import Delivery, Event
from caunoi.webhooks.tests.factories import administrator, endpoint_of
from tests.cast import MONDAY, TUESDAY


@pytest.fixture
def tree(db, settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


def test_from_question_to_corrected_answer_each_event_is_told_once(tree):
    unit = tree["bich_hao"]
    endpoint_of(unit)
    an = make_staff(name="Nguyễn Thị An", unit_id=unit.pk, role=Role.CASE_OFFICER)
    binh = make_staff(name="Trần Văn Bình", unit_id=unit.pk, role=Role.APPROVER)

    case = ask_and_answer.ask_on_web(
        unit_id=unit.pk, text="Bao giờ sửa cầu xóm 4?", form_key="f", at=MONDAY
    )
    cases.save_draft(case=case, text="Cầu sửa xong tháng 12.", by=an, at=MONDAY)
    cases.submit_draft(case=case, by=an, at=MONDAY)
    published = ask_and_answer.answer_and_publish(case=case, approver=binh, at=TUESDAY)
    answers.correct_answer(
        published=published, answer="Cầu sửa xong tháng 1.", why="Lũ về", by=binh, at=TUESDAY
    )

    told = list(Event.objects.order_by("at", "deliveries__pk").values_list("type", "number"))
    number = case.number
    assert told == [
        ("case.opened", number),
        ("case.answered", number),
        ("answer.published", number),
        ("answer.corrected", number),
    ]


def test_what_did_not_happen_is_not_told(tree):
    endpoint_of(tree["bich_hao"])
    case = make_case(unit=tree["bich_hao"])
    officer = make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    with pytest.raises(RuntimeError), transaction.atomic():
        cases.close_case(case=case, reason="Nhầm", by=officer, at=MONDAY)
        raise RuntimeError
    assert Event.objects.count() == 0
    cases.close_case(case=case, reason="Nhầm", by=officer, at=MONDAY)
    assert Event.objects.get().type == "case.closed"


def test_both_units_hear_when_a_case_is_handed_on(tree):
    by = administrator(tree["nghe_an"])
    endpoint_of(tree["bich_hao"], by=by, name="xã")
    endpoint_of(tree["tri_le"], by=by, name="xã kia")
    case = make_case(unit=tree["bich_hao"])
    officer = make_staff(name="Nguyễn Thị An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    referrals.refer_case(
        case=case, to_unit_id=tree["tri_le"].pk, reason="Việc của xã", by=officer, at=MONDAY
    )

    assert set(Delivery.objects.values_list("endpoint__name", flat=True)) == {"xã", "xã kia"}


def test_nobody_is_told_of_a_sealed_case(tree):
    endpoint_of(tree["bich_hao"])

    cases.open_case(
        unit_id=tree["bich_hao"].pk,
        text="Tôi tố cáo ông chủ tịch xã nhận tiền",
        origin=Origin.WEB_FORM,
        origin_ref="x:1",
        at=MONDAY,
    )

    assert Event.objects.count() == 0
