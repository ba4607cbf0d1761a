"""Sealed cases by key: a scope of its own, made for oneself, in the very unit; each reading on record."""

import pytest

from caunoi.api.terms import OnlyForOneself, Scope
from caunoi.api.tests.machines import Machine, key_of, machine_of
from caunoi.api.tests.test_desk_deeds import done, refused
from caunoi.cases.models import Case, Opening
from caunoi.cases.tests.factories import make_case
from caunoi.kit.models import AuditEntry
from caunoi.routing.models import Body
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff

SEALED = Scope.CASES_SEALED


def sealed_case(tree, unit="bich_hao", **more):
    return make_case(unit=tree[unit], kind="denunciation", text="Trưởng xóm ăn chặn", **more)


def test_each_reading_is_on_record_under_account_and_key_and_the_queue_says_nothing(tree):
    case = sealed_case(tree)
    officer = machine_of(tree["bich_hao"], Role.SEALED_OFFICER, SEALED, name="Lê Kín")

    queue = officer.get("sealed")
    read = done(officer.get(f"sealed/{case.number}"))

    assert [r["number"] for r in done(queue)["items"]] == [case.number]
    assert case.text not in queue.content.decode()
    assert read["text"] == case.text
    assert [o["by"] for o in read["openings"]] == ["Lê Kín"]
    opened = AuditEntry.objects.get(event="cases.sealed.opened")
    assert "khóa " in opened.actor_name
    refused(officer.get(f"cases/{case.number}"), 403, code="scope")


def test_no_other_scope_and_no_key_of_a_unit_above_or_below_opens_it(tree):
    case, below = sealed_case(tree), sealed_case(tree, "bich_hao")
    every = [s for s in Scope if s not in {SEALED, Scope.AGENCY_ANSWER, Scope.WEBHOOKS_MANAGE}]
    approver = make_staff(name="Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)
    open_only = Machine(key_of(approver, tree["bich_hao"], *every)[1])
    above = make_staff(name="Tỉnh", unit_id=tree["nghe_an"].pk, role=Role.SEALED_OFFICER)

    refused(open_only.get(f"sealed/{case.number}"), 403, code="scope")
    refused(open_only.get(f"cases/{case.number}"), 404)
    for unit in ("nghe_an", "bich_hao"):
        machine = Machine(key_of(above, tree[unit], SEALED)[1])
        refused(machine.get(f"sealed/{below.number}"), 404)
        assert done(machine.get("sealed"))["items"] == []
    assert done(Machine(key_of(above, tree["nghe_an"], SEALED)[1]).get("sealed"))["below"] == 2
    assert Opening.objects.count() == 0


def test_a_key_for_sealed_cases_is_made_for_oneself_alone(tree):
    officer = make_staff(name="Kín", unit_id=tree["bich_hao"].pk, role=Role.SEALED_OFFICER)
    chi = make_staff(name="Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)

    with pytest.raises(OnlyForOneself):
        key_of(officer, tree["bich_hao"], SEALED, by=chi)


def test_it_is_accepted_written_approved_by_another_and_handed_on(tree):
    unit = tree["bich_hao"]
    case, other = sealed_case(tree), sealed_case(tree)
    officer = machine_of(unit, Role.SEALED_OFFICER, SEALED, name="Lê Kín")
    second = machine_of(unit, Role.APPROVER, SEALED, Scope.CASES_APPROVE, name="Trần Duyệt")
    at = f"sealed/{case.number}"

    assert "acceptance" in done(officer.get(f"{at}/clock"))["offered"]
    assert done(officer.post(f"{at}/acceptance", {"document": "12/TB"}))["accepted_at"]
    done(officer.post(f"{at}/notes", {"text": "Đã gọi thanh tra"}), 201)
    first = officer.put(f"{at}/draft", {"text": "Đã xác minh."})
    refused(officer.put(f"{at}/draft", {"text": "Khác"}), 428)
    done(officer.put(f"{at}/draft", {"text": "Đã kết luận."}, **{"If-Match": first["ETag"]}))
    done(officer.post(f"{at}/submit"))
    done(second.post(f"{at}/return", {"reason": "Thiếu số"}))
    done(officer.post(f"{at}/submit"))
    waiting = done(second.post(f"{at}/approve"))
    done(second.post(f"inbox/recalls/{waiting['recall']}/take-back"))

    on = f"sealed/{other.number}"
    refused(officer.post(f"{on}/referrals", {"to_unit": "xom-4", "reason": "x"}), 422)
    moved = officer.post(f"{on}/referrals", {"to_unit": "tinh-nghe-an", "reason": "Cấp tỉnh"})
    assert done(moved)["unit"]["slug"] == "tinh-nghe-an"
    refused(officer.get(on), 404)


def test_of_an_open_kind_it_lies_among_the_open_ones_and_the_other_way_round(tree):
    case = sealed_case(tree)
    officer = machine_of(tree["bich_hao"], Role.SEALED_OFFICER, SEALED, name="Lê Kín")

    said = done(
        officer.put(f"sealed/{case.number}/kind", {"kind": "report", "reason": "Là phản ánh"})
    )

    assert not said["sealed"]
    refused(officer.get(f"sealed/{case.number}"), 404)
    assert Case.objects.get(pk=case.pk).kind == "report"


def test_an_agency_that_answers_by_key_never_reads_a_sealed_case(tree):
    from caunoi.cases.models import Referral

    unit, case = tree["bich_hao"], sealed_case(tree)
    body = Body.objects.create(unit=unit, kind="police", name="CA", valid_from="2020-01-01")
    member = make_staff(name="Công an", unit_id=unit.pk, role=Role.VIEWER)
    body.members.add(Account.objects.get(pk=member.account_id))
    hop = Referral.objects.create(
        case=case, part="lead", way="out", from_unit=unit, to_body=body, to_name="CA",
        sent_at=case.opened_at,
    )  # fmt: skip
    machine = Machine(key_of(member, unit, Scope.AGENCY_ANSWER)[1])

    assert done(machine.get("asked")) == []
    refused(machine.get(f"asked/{hop.pk}"), 404)
    assert not Case.objects.filter(pk=case.pk).exclude(kind="denunciation").exists()
