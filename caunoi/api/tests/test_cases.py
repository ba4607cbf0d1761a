"""A program does with cases what its officer does, and nothing else."""

import pytest

from caunoi.answers.models import PublishedAnswer
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import Machine, key_of, machine_of
from caunoi.cases.models import Case
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.kit.models import AuditEntry
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff


@pytest.fixture
def program(tree):
    return machine_of(tree["bich_hao"])


def opened(program, **more):
    said = {"unit": "xa-bich-hao", "text": "Bao giờ sửa cầu xóm 4?", **more}
    answer = program.post("cases", said)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_question_is_opened_listed_and_read(program):
    said = opened(program, asker_name="Lê Thị Dung", contact="0912345678")

    listed = program.get("cases?q=sửa cầu").json()
    read = program.get(f"cases/{said['number']}")

    assert [c["number"] for c in listed["items"]] == [said["number"]]
    assert read.json()["asker_name"] == "Lê Thị Dung"
    assert "0912345678" not in read.content.decode()
    assert len(said["follow_code"]) == 8


def test_from_question_to_published_answer_two_persons_and_two_keys(tree, program):
    approver = make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)
    second = Machine(key_of(approver, tree["bich_hao"], Scope.CASES_READ, Scope.CASES_APPROVE)[1])
    number = opened(program)["number"]

    program.put(f"cases/{number}/draft", {"text": "Cầu sửa xong tháng 12. Gọi 0912345678."})
    assert program.post(f"cases/{number}/submit").json()["state"] == "submitted"
    review = second.get(f"cases/{number}/review").json()
    hide = [m["key"] for m in review["marks"]]
    done = second.post(f"cases/{number}/approve", {"prints": review["prints"], "hide": hide})

    assert done.json()["state"] == "answered"
    published = PublishedAnswer.objects.get(number=number)
    assert "0912345678" not in published.answer


def test_who_wrote_the_answer_cannot_approve_it_by_any_key(tree):
    unit = tree["bich_hao"]
    approver = make_staff(name="Trần Văn Bình", unit_id=unit.pk, role=Role.APPROVER)
    scopes = (Scope.CASES_READ, Scope.CASES_WRITE, Scope.CASES_APPROVE)
    one, two = (Machine(key_of(approver, unit, *scopes)[1]) for _ in range(2))
    number = opened(one)["number"]
    one.put(f"cases/{number}/draft", {"text": "Cầu sửa xong tháng 12."})
    one.post(f"cases/{number}/submit")

    for machine in (one, two):
        answer = machine.post(f"cases/{number}/approve", {})
        assert answer.status_code == 403
        assert "Người soạn" in answer.json()["detail"]
    assert Case.objects.get(number=number).answered_at is None


def test_an_officers_key_cannot_approve(tree, program):
    number = opened(program)["number"]

    answer = program.post(f"cases/{number}/approve", {})

    assert answer.status_code == 403


def test_a_case_goes_up_is_received_and_comes_back(tree, program):
    number = opened(program)["number"]
    province = machine_of(tree["nghe_an"], name="Hồ Văn Giang")

    told = {"to_unit": "tinh-nghe-an", "reason": "Vượt thẩm quyền của xã"}
    handed = program.post(f"cases/{number}/referrals", told)
    assert handed.status_code == 201, handed.content
    assert province.post(f"cases/{number}/receive").status_code == 200
    back = province.post(f"cases/{number}/send-back", {"reason": "Việc của xã"})

    assert back.json()["unit"]["slug"] == "xa-bich-hao"
    hops = program.get(f"cases/{number}").json()["referrals"]
    assert [h["way"] for h in hops] == ["up", "back"]


def test_small_things_of_the_desk(tree, program):
    number = opened(program)["number"]
    colleague = make_staff(name="Vi Thị Em", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    assert program.post(f"cases/{number}/notes", {"text": "Đã gọi xóm"}).status_code == 201
    named = {p["name"]: p["id"] for p in program.get(f"cases/{number}/assignees").json()}
    given = program.put(f"cases/{number}/assignee", {"account": named["Vi Thị Em"]}).json()
    assert given["assignee"] == {"id": colleague.account_id, "name": "Vi Thị Em"}
    assert program.put(f"cases/{number}/topic", {"topic": "ha_tang"}).json()["topic"] == "ha_tang"
    until = "2099-01-01T00:00:00+07:00"
    assert program.put(f"cases/{number}/snooze", {"until": until}).status_code == 422
    assert program.put(f"cases/{number}/snooze", {"until": None}).status_code == 200
    kind = {"kind": "report", "reason": "Là phản ánh"}
    assert program.put(f"cases/{number}/kind", kind).json()["kind"] == "report"
    closed = program.post(f"cases/{number}/close", {"reason": "Đã làm"})
    assert closed.json()["state"] == "closed"
    assert program.post(f"cases/{number}/reopen").json()["state"] == "open"
    assert program.post(f"cases/{number}/reopen").status_code == 409


def test_the_same_question_is_joined_and_parted(program):
    first, second = opened(program)["number"], opened(program, asker_name="Vi Văn K")["number"]

    joined = program.post(f"cases/{second}/join", {"into": first})
    assert joined.status_code == 200, joined.content
    assert program.get(f"cases/{first}").json()["waiting_here"] == [second]
    parted = program.post(f"cases/{second}/part")

    assert parted.json()["state"] == "open"


def test_strangers_get_404_and_readers_403(tree, program):
    number = opened(program)["number"]
    stranger = machine_of(tree["tri_le"], name="Người khác")
    viewer = machine_of(tree["bich_hao"], Role.VIEWER, Scope.CASES_READ, name="Người xem")
    editor = machine_of(
        tree["bich_hao"], Role.EDITOR, Scope.CASES_READ, Scope.CASES_WRITE, name="Biên tập"
    )

    assert stranger.get(f"cases/{number}").status_code == 404
    assert stranger.post(f"cases/{number}/close", {"reason": "x"}).status_code == 404
    assert stranger.get("cases").json()["items"] == []
    assert viewer.get(f"cases/{number}").status_code == 200
    assert viewer.post(f"cases/{number}/close", {"reason": "x"}).status_code == 403
    assert editor.post(f"cases/{number}/close", {"reason": "x"}).status_code == 403


def test_no_key_opens_a_sealed_case(tree):
    unit = tree["bich_hao"]
    approver = make_staff(name="Trần Văn Bình", unit_id=unit.pk, role=Role.APPROVER)
    machine = Machine(key_of(approver, unit, Scope.CASES_READ, Scope.CASES_WRITE)[1])
    case = make_case(unit=unit, kind="denunciation")

    assert machine.get(f"cases/{case.number}").status_code == 404
    assert machine.get("cases?view=all").json()["items"] == []
    assert machine.post(f"cases/{case.number}/notes", {"text": "x"}).status_code == 404


def test_a_draft_is_never_written_over_unseen(tree, program):
    number = opened(program)["number"]
    first = program.put(f"cases/{number}/draft", {"text": "Một"})
    other = machine_of(tree["bich_hao"], name="Vi Thị Em")

    blind = other.put(f"cases/{number}/draft", {"text": "Hai"})
    seen = other.get(f"cases/{number}/draft")
    program.put(f"cases/{number}/draft", {"text": "Ba"}, **{"If-Match": first["ETag"]})
    late = other.put(f"cases/{number}/draft", {"text": "Hai"}, **{"If-Match": seen["ETag"]})

    assert blind.status_code == 428
    assert late.status_code == 412
    assert other.get(f"cases/{number}/draft").json()["text"] == "Ba"


def test_the_list_asks_as_often_for_5000_cases_as_for_one(tree, program, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_case(unit=tree["bich_hao"])
    program.get("cases?view=all")
    with CaptureQueriesContext(
        connection,
    ) as few:
        program.get("cases?view=all")
    many_cases(unit=tree["bich_hao"], n=5000)

    with django_assert_num_queries(len(few)):
        listed = program.get("cases?view=all").json()

    assert len(listed["items"]) == 50
    assert listed["total_is_more"] is True
    assert listed["next"] == 2


def test_every_write_is_on_record_with_the_key(program):
    number = opened(program)["number"]
    program.post(f"cases/{number}/notes", {"text": "Đã gọi xóm"})

    noted = AuditEntry.objects.get(event="cases.case.noted")
    used = AuditEntry.objects.filter(event="api.key.used").order_by("pk")

    assert "khóa " in noted.actor_name
    assert [u.after["operation"] for u in used] == [
        "POST api/v1/cases",
        "POST api/v1/cases/<number>/notes",
    ]
