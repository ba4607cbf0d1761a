"""What the public reply must leave out reaches the asker alone, once, while the provider lets us."""

from datetime import timedelta

import pytest

from caunoi.cases import actions as cases
from caunoi.cases.models import Case
from caunoi.cases.terms import Kind
from caunoi.channels import actions as channels
from caunoi.channels import registry
from caunoi.inbox import intake
from caunoi.journeys import ask_and_answer, previews, redacting, work
from caunoi.kit import keyring
from caunoi.outbox import delivery
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
QUESTION = "Hồ sơ trợ cấp của nhà tôi bao giờ xong?"
ANSWER = "Hồ sơ đã xong, mời gọi chị Hoa số 0912 345 678 để nhận."
DAY = timedelta(days=1)


@pytest.fixture
def tree(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    return small_tree()


@pytest.fixture
def loopback(tree):
    connector = registry.connector_for("loopback")
    connector.world.reset()
    channels.register_app(
        connector_key="loopback", app_id="a", secrets={"secret": "s"}, by=None, at=MONDAY
    )
    channels.register_channel(
        unit_id=tree["bich_hao"].pk,
        connector_key="loopback",
        external_id="page",
        name="MTTQ xã Bích Hào",
        secrets={"access_token": "t", "refresh_token": "r"},
        token_expires_at=MONDAY + 365 * DAY,
        by=None,
        at=MONDAY,
    )
    return connector


@pytest.fixture
def commented(loopback):
    """Dung asks under a post of the page."""

    def ask(text=QUESTION, *, public=True):
        event = loopback.comment("page", "c1", text, at=MONDAY, name="Lê Thị Dung", post="p1")
        raw = loopback.delivery(event, at=MONDAY, secret="s")
        intake.receive(
            connector_key="loopback", app_id="a", headers=raw.headers, body=raw.body, at=MONDAY
        )
        work.work_inbox_once(worker="w", at=MONDAY)
        if not public:
            Case.objects.update(is_public=False)
        return Case.objects.get()

    return ask


@pytest.fixture
def answered(tree, loopback):
    officers = {
        role: make_staff(name=name, unit_id=tree["bich_hao"].pk, role=role)
        for role, name in (
            (Role.SEALED_OFFICER, "Lô Thị Chi"),
            (Role.CASE_OFFICER, "Nguyễn Thị An"),
            (Role.APPROVER, "Trần Văn Bình"),
        )
    }

    def answer(case, text=ANSWER, at=TUESDAY):
        sealed = case.kind == Kind.DENUNCIATION
        author = officers[Role.SEALED_OFFICER if sealed else Role.CASE_OFFICER]
        cases.save_draft(case=case, text=text, by=author, at=at)
        cases.submit_draft(case=case, by=author, at=at)
        if case.is_public:
            redacting.confirm(case=case, answer=text, by=author, at=at)
        ask_and_answer.answer_and_publish(case=case, approver=officers[Role.APPROVER], at=at)
        loopback.world.sent.clear()
        while delivery.deliver_once(worker="w", now=lambda: at):
            pass
        said = {s["kind"]: s for s in loopback.world.sent if "Mặt trận đã nhận" not in s["text"]}
        return said.get("comment_reply"), said.get("private_reply")

    return answer


def test_a_private_case_is_answered_privately_and_the_comment_only_says_so(commented, answered):
    case = commented(public=False)

    public, private = answered(case)

    assert ANSWER in private["text"]
    assert case.follow_code in private["text"]
    assert private["target_ref"] == "c1"
    assert "nhắn tin riêng" in public["text"]
    assert "Hồ sơ đã xong" not in public["text"]


def test_personal_data_of_a_public_answer_reaches_the_asker_alone(commented, answered):
    public, private = answered(commented())

    assert "0912" not in public["text"]
    assert "hộp thư" in public["text"]
    assert ANSWER in private["text"]


def test_a_public_answer_that_says_everything_needs_no_private_one(commented, answered):
    public, private = answered(commented(), "Tháng 12 xong ạ.")

    assert "Tháng 12 xong" in public["text"]
    assert private is None


def test_after_a_week_the_comment_says_how_to_get_the_answer(commented, answered):
    public, private = answered(commented(public=False), at=MONDAY + 8 * DAY)

    assert private is None
    assert "đến trụ sở" in public["text"]


def test_a_denunciation_is_never_answered_through_a_providers_chat(commented, answered):
    case = commented("Tôi muốn tố cáo trưởng thôn thu tiền không hoá đơn")

    public, private = answered(case)

    assert private is None
    assert "Hồ sơ đã xong" not in public["text"]


def test_the_words_of_a_sealed_case_are_in_no_list_of_sends(commented, answered, tree):
    answered(commented("Tôi muốn tố cáo trưởng thôn thu tiền không hoá đơn"))
    an = make_staff(name="Phan Văn Đức", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    page = client_for(an).get("/quan-tri/gui-di/").content.decode()

    assert OutboundMessage.objects.filter(is_confidential=True).exists()
    assert "Nội dung được niêm phong" in page
    assert Case.objects.get().number not in page


def test_a_comment_answered_privately_once_is_not_answered_so_again(commented, answered, tree):
    case = commented(public=False)
    answered(case)
    an = make_staff(name="Phan Văn Đức", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    case.refresh_from_db()
    cases.reopen_case(case=case, by=an, at=TUESDAY + DAY)
    case.refresh_from_db()

    public, private = answered(case, "Bổ sung: mang theo căn cước.", at=TUESDAY + DAY)

    assert private is None
    assert "đến trụ sở" in public["text"]


def test_the_officer_sees_beforehand_what_goes_to_the_asker_alone(commented):
    def seen(case, text, at=TUESDAY):
        shown = previews.places_of(case, text=text, agency="Xã Bích Hào", at=at)
        return {p.kind: p.parts[0] for p in shown if p.parts}

    case = commented(public=False)

    in_time, late = seen(case, ANSWER), seen(case, ANSWER, at=MONDAY + 8 * DAY)
    assert ANSWER in in_time["private_reply"]
    assert "nhắn tin riêng" in in_time["comment_reply"]
    assert "private_reply" not in late
    assert "đến trụ sở" in late["comment_reply"]
