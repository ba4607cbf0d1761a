"""The unpaid allowances once more, from the village to the delegation and back: nobody opens a page, three units' programs do everything by key."""

from datetime import timedelta

import pytest
from django.test import Client

from caunoi.answers.models import PublishedAnswer
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import Machine, key_of
from caunoi.files.tests.samples import photo
from caunoi.journeys import recalling
from caunoi.kit import clock
from caunoi.kit.models import AuditEntry
from caunoi.routing.models import Body
from caunoi.staff.models import Account
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
QUESTION = (
    "Chúng tôi là cộng tác viên dân số, đi rà từng nhà mấy tháng chống dịch mà chưa được nhận phụ cấp. "
    "Bao giờ có? Gọi tôi 0912 345 678."
)
SAME = "Bao giờ trả phụ cấp chống dịch cho cộng tác viên dân số?"
ANSWER = "Phụ cấp trả một lần trước ngày 15/12 theo danh sách xã đã lập. Bà con không phải nộp thêm hồ sơ."
READ, WRITE, APPROVE = Scope.CASES_READ, Scope.CASES_WRITE, Scope.CASES_APPROVE


@pytest.fixture
def now(monkeypatch):
    class Hand:
        at = MONDAY

        def on(self, **more):
            self.at += timedelta(**more)
            return self.at

    hand = Hand()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def delegation(place):
    return Body.objects.create(
        unit=place["nghe_an"],
        name="Đoàn đại biểu Quốc hội tỉnh Nghệ An",
        kind="na_delegation",
        valid_from=MONDAY.date(),
    )


@pytest.fixture
def by_key(place, delegation, now):
    def program(name, unit, role, *scopes):
        staff = make_staff(name=name, unit_id=place[unit].pk, role=role)
        if Scope.AGENCY_ANSWER in scopes:
            delegation.members.add(Account.objects.get(pk=staff.account_id))
        return Machine(key_of(staff, place[unit], *scopes, at=now.at)[1])

    return {
        "commune": program("Nguyễn Thị An", "bich_hao", Role.CASE_OFFICER, READ, WRITE),
        "province": program("Lê Thị Chi", "nghe_an", Role.CASE_OFFICER, READ, WRITE),
        "second": program("Hoàng Đạo", "nghe_an", Role.APPROVER, READ, WRITE, APPROVE),
        "delegation": program("Phan Văn Biểu", "nghe_an", Role.VIEWER, Scope.AGENCY_ANSWER),
    }


def done(answer, status=200):
    assert answer.status_code == status, (answer.status_code, answer.content.decode())
    return answer.json()


def test_unpaid_allowances_by_keys_of_three_units_alone(place, by_key, delegation, now):
    commune, province = by_key["commune"], by_key["province"]
    told = {"unit": "xa-bich-hao", "text": QUESTION, "place": "Xóm 4", "asker_name": "Lê Thị Dung"}
    number = done(commune.post("cases", told, **{"Idempotency-Key": "phieu-1"}), 201)["number"]
    again = done(commune.post("cases", told, **{"Idempotency-Key": "phieu-1"}), 201)["number"]
    assert again == number
    other = done(commune.post("cases", told | {"text": SAME, "origin": "web_form"}), 201)["number"]
    sent = commune.send_file(f"cases/{number}/files", photo(size=(30, 20)))
    assert done(sent, 201)["state"] == "private"
    done(commune.post(f"cases/{other}/join", {"into": number}))

    now.on(days=2)
    up = {"to_unit": "tinh-nghe-an", "reason": "Chính sách của tỉnh", "due": "2026-12-04"}
    done(commune.post(f"cases/{number}/referrals", up), 201)
    now.on(days=1)
    done(province.post(f"cases/{number}/receive"))
    ask = {"text": "Xin gửi danh sách tên?", "days": 5}
    assert done(province.post(f"cases/{number}/question", ask))["waits_until"]
    assert done(province.post(f"cases/{number}/resume"))["waits_until"] is None
    assert commune.post(f"cases/{number}/resume").status_code == 403

    out = {"to_body": str(delegation.pk), "reason": "Kiến nghị lên Quốc hội", "by_mail": False}
    done(province.post(f"cases/{number}/referrals", out), 201)
    hop = done(province.get(f"cases/{number}/timeline"))["referrals"][-1]["id"]
    slip = province.post(f"cases/{number}/referrals/{hop}/papers", {"type": "forwarding_slip"})
    paper = province.get(f"papers/{done(slip, 201)['id']}/file?format=docx")
    assert paper.content.startswith(b"PK")

    now.on(days=20)
    asked = done(by_key["delegation"].get("asked"))
    assert [a["number"] for a in asked] == [number]
    shown = done(by_key["delegation"].get(f"asked/{hop}"))
    assert "0912" not in shown["question"]
    reply = {"text": ANSWER, "document": "45/ĐĐBQH", "signer": "Phan Văn Biểu"}
    done(by_key["delegation"].post(f"asked/{hop}/answer", reply))
    assert by_key["delegation"].post(f"asked/{hop}/answer", reply).status_code == 409
    assert by_key["delegation"].get(f"cases/{number}").status_code == 403

    published_by_two(by_key, number, now)

    for asker in (number, other):
        page = Client().get(f"/hoi/{asker}/").content.decode()
        assert ANSWER in page
        assert "0912" not in page
    assert PublishedAnswer.objects.get().number == number
    ways = [h["way"] for h in done(province.get(f"cases/{number}"))["referrals"]]
    assert ways == ["up", "out", "back"]
    deeds = AuditEntry.objects.exclude(event__startswith="api.key").filter(actor_name="")
    assert not deeds.filter(event__startswith="cases.case").exclude(event__contains="opened")


def published_by_two(by_key, number, now):
    """The agency's words are the draft; an officer sends it, an approver lets it go, takes it back once, and lets it go again."""
    draft = by_key["province"].get(f"cases/{number}/draft")
    assert draft.json()["text"] == ANSWER
    done(by_key["province"].post(f"cases/{number}/submit"))
    second = by_key["second"]
    review = done(second.get(f"cases/{number}/review"))
    hide = [m["key"] for m in review["marks"]]
    said = {"prints": review["prints"], "hide": hide, "soon": True}
    waiting = done(second.post(f"cases/{number}/approve", said))
    assert waiting["state"] == "submitted"
    done(second.post(f"inbox/recalls/{waiting['recall']}/take-back"))
    recalling.carry_out_due(at=now.on(seconds=61))
    assert not PublishedAnswer.objects.exists()
    done(second.post(f"cases/{number}/approve", said))
    recalling.carry_out_due(at=now.on(seconds=61))
    assert done(second.get(f"cases/{number}"))["state"] == "answered"
