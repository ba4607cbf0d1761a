"""One notice: written on a phone, approved by another person, read by everybody; and nobody's words are lost."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from caunoi.channels import actions as channels
from caunoi.files.tests.samples import photo
from caunoi.journeys import publishing
from caunoi.kit import clock
from caunoi.notices import actions
from caunoi.notices.models import Notice
from caunoi.notices.tests.factories import out
from caunoi.outbox import delivery
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff

pytestmark = pytest.mark.django_db
NEW = "/quan-tri/thong-bao/moi/"


@pytest.fixture
def ha(place):
    return make_staff(name="Lê Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)


def words(unit, **more):
    return {
        "unit": str(unit.pk),
        "kind": "notice",
        "title": "Tiêm phòng cho trâu bò",
        "short_text": "8h ngày 5/12/2026 tại nhà văn hoá xóm.",
        "long_text": "Bà con đưa trâu bò đến nhà văn hoá xóm lúc 8h ngày 5/12/2026.",
        "reach": "subtree",
        "audience": "public",
    } | more


def path_of(notice):
    return f"/quan-tri/thong-bao/{notice.pk}/"


def test_an_editor_writes_with_a_picture_on_her_phone_and_an_approver_approves(place, ha, binh):
    phone = client_for(ha)
    picture = SimpleUploadedFile("trau.jpg", photo(size=(900, 600)), content_type="image/jpeg")

    look = phone.post(NEW, words(place["bich_hao"], do="preview")).content.decode()
    assert "tám giờ ngày năm tháng mười hai" in look
    assert not Notice.objects.exists()
    phone.post(NEW, words(place["bich_hao"], do="save", new_picture=picture))
    notice = Notice.objects.get()
    refused = phone.post(path_of(notice), words(place["bich_hao"], do="hand_in", seen="1"))
    assert "Nói bằng lời trong ảnh có gì" in refused.content.decode()
    kept = notice.pictures.get()
    phone.post(
        path_of(notice),
        words(place["bich_hao"], do="hand_in", seen="1") | {f"alt-{kept.pk}": "Trâu bò chờ tiêm"},
    )
    notice.refresh_from_db()
    assert notice.state == "review"

    desk = client_for(binh)
    assert notice.title in desk.get("/quan-tri/thong-bao/?xem=duyet").content.decode()
    page = desk.get(path_of(notice)).content.decode()
    assert "Trâu bò chờ tiêm" in page
    desk.post(f"{path_of(notice)}duyet/", {"verdict": "approve", "seen": "1"})
    notice.refresh_from_db()
    assert notice.state == "approved"

    actions.mark_sending(notice=notice, at=clock.now())
    public = Client().get(f"/thong-bao/{notice.number}/").content.decode()
    assert notice.title in public
    assert "Trâu bò chờ tiêm" in public
    home = Client().get("/don-vi/xa-bich-hao/").content.decode()
    assert f"/thong-bao/{notice.number}/" in home


def approve_and_send(notice, binh):
    """Approve it, and let the worker do its round."""
    client_for(binh).post(f"{path_of(notice)}duyet/", {"verdict": "approve", "seen": "1"})
    at = clock.now()
    publishing.publish_due(at=at)
    while delivery.deliver_once(worker="w", now=lambda: at, held=publishing.HELD):
        pass
    notice.refresh_from_db()


def test_a_paper_goes_from_the_composer_to_the_page_and_into_the_letter(place, ha, binh):
    channels.register_channel(
        unit_id=place["bich_hao"].pk,
        connector_key="email",
        external_id="can-bo@example.vn",
        name="Thư cán bộ",
        by=None,
        at=clock.now() - timedelta(hours=1),
    )
    paper = b"%PDF-1.4 lich tiem phong"
    file = SimpleUploadedFile("Lịch tiêm phòng.pdf", paper, content_type="application/pdf")
    wrong = SimpleUploadedFile("lich.docx", b"PK..", content_type="application/zip")
    desk = client_for(ha)
    assert desk.post(NEW, words(place["bich_hao"], do="save", new_attachment=wrong)).status_code == 422  # fmt: skip
    assert not Notice.objects.exists()

    desk.post(NEW, words(place["bich_hao"], do="hand_in", new_attachment=file))
    notice = Notice.objects.get()
    assert "Lịch tiêm phòng.pdf" in client_for(binh).get(path_of(notice)).content.decode()
    approve_and_send(notice, binh)

    kept = notice.attachments.get()
    address = f"/thong-bao/{notice.number}/tep/{kept.pk}/"
    page = Client().get(f"/thong-bao/{notice.number}/").content.decode()
    assert address in page
    assert "Lịch tiêm phòng.pdf" in page
    assert Client().get(address).content == paper
    (letter,) = mail.outbox
    assert letter.to == ["can-bo@example.vn"]
    assert [(a[0], a[1], a[2]) for a in letter.attachments] == [
        ("Lịch tiêm phòng.pdf", paper, "application/pdf")
    ]


@pytest.mark.parametrize(
    ("kind", "called"),
    [("good_deed", "Người tốt, việc tốt"), ("model_story", "Chuyện mô hình")],
)
def test_a_good_deed_and_the_story_of_a_model_go_from_a_draft_to_the_page(
    place, ha, binh, kind, called
):
    title = "Em Nam nhặt được ví, trả lại người mất"
    typed = words(place["bich_hao"], kind=kind, title=title)
    desk = client_for(ha)
    look = desk.post(NEW, typed | {"do": "preview"}).content.decode()
    assert look.count(title) >= 3
    desk.post(NEW, typed | {"do": "save"})
    notice = Notice.objects.get()
    assert (notice.kind, notice.state) == (kind, "draft")
    assert Client().get(f"/thong-bao/{notice.number}/").status_code == 404

    desk.post(path_of(notice), typed | {"do": "hand_in", "seen": "1"})
    approve_and_send(notice, binh)

    page = Client().get(f"/thong-bao/{notice.number}/").content.decode()
    assert title in page
    assert called in page
    of_kind = Client().get(f"/don-vi/xa-bich-hao/thong-bao/?loai={kind}").content.decode()
    assert f"/thong-bao/{notice.number}/" in of_kind
    other = Client().get("/don-vi/xa-bich-hao/thong-bao/?loai=warning").content.decode()
    assert f"/thong-bao/{notice.number}/" not in other


def test_what_was_said_yesterday_is_pointed_out_to_the_writer_and_the_approver(place, ha, binh):
    unit, now = place["bich_hao"], clock.now()
    out(by=ha, approver=binh, unit=unit, at=now - timedelta(hours=24))
    old = out(by=ha, approver=binh, unit=unit, at=now - timedelta(days=3))
    old.title = "Họp xóm bàn việc làm đường"
    old.save()
    title = "Tiêm phòng cho trâu bò ngày 6/12"
    desk = client_for(ha)

    warned = desk.post(NEW, words(unit, do="preview", title=title)).content.decode()
    assert "“Tiêm phòng cho trâu bò ngày 5/12”" in warned
    fresh = desk.post(NEW, words(unit, do="preview", title="Họp xóm bàn làm đường")).content.decode()  # fmt: skip
    assert "“Họp xóm bàn việc làm đường”" not in fresh

    desk.post(NEW, words(unit, do="hand_in", title=title))
    notice = Notice.objects.get(title=title)
    assert notice.state == "review"
    page = client_for(binh).get(path_of(notice)).content.decode()
    assert "“Tiêm phòng cho trâu bò ngày 5/12”" in page


def test_a_province_notice_waits_for_a_second_approver(place):
    mai = make_staff(name="Vũ Thị Mai", unit_id=place["nghe_an"].pk, role=Role.EDITOR)
    approvers = [
        make_staff(name=name, unit_id=place["nghe_an"].pk, role=Role.APPROVER)
        for name in ("Hoàng Thị Thảo", "Lê Văn Việt")
    ]
    client_for(mai).post(NEW, words(place["nghe_an"], do="hand_in"))
    notice = Notice.objects.get()
    assert notice.state == "review"

    first, second = map(client_for, approvers)
    first.post(f"{path_of(notice)}duyet/", {"verdict": "approve", "seen": "1"})
    notice.refresh_from_db()
    assert notice.state == "review"
    assert "Hoàng Thị Thảo" in second.get(path_of(notice)).content.decode()
    first.post(f"{path_of(notice)}duyet/", {"verdict": "approve", "seen": "1"})
    notice.refresh_from_db()
    assert notice.state == "review"
    second.post(f"{path_of(notice)}duyet/", {"verdict": "approve", "seen": "1"})
    notice.refresh_from_db()
    assert notice.state == "approved"


def test_a_village_collaborator_can_only_propose(place, binh):
    duc = make_staff(name="Phan Văn Đức", unit_id=place["village"].pk, role=Role.CONTRIBUTOR)
    village = client_for(duc)

    assert village.post(NEW, words(place["bich_hao"], do="save")).status_code == 422
    village.post(NEW, words(place["village"], do="hand_in"))
    notice = Notice.objects.get()
    assert notice.state == "review"
    page = village.get(path_of(notice)).content.decode()
    assert "duyet/" not in page
    assert village.post(
        f"{path_of(notice)}duyet/", {"verdict": "approve", "seen": "1"}
    ).status_code in {403, 404}
    client_for(binh).post(
        f"{path_of(notice)}duyet/", {"verdict": "return", "seen": "1", "reason": "Ghi rõ giờ"}
    )
    assert "Ghi rõ giờ" in village.get(path_of(notice)).content.decode()


def test_two_editors_on_one_draft_lose_nothing(place, ha):
    other = make_staff(name="Ngô Văn Tú", unit_id=place["bich_hao"].pk, role=Role.EDITOR)
    one, two = client_for(ha), client_for(other)
    one.post(NEW, words(place["bich_hao"], do="save"))
    notice = Notice.objects.get()
    one.post(
        path_of(notice), words(place["bich_hao"], do="save", seen="1", title="Tiêm trâu bò: lời Hà")
    )

    both = two.post(
        path_of(notice), words(place["bich_hao"], do="save", seen="1", title="Tiêm trâu bò: lời Tú")
    )

    page = both.content.decode()
    assert both.status_code == 409
    assert "lời Hà" in page
    assert "lời Tú" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    two.post(
        path_of(notice),
        words(place["bich_hao"], do="save", seen=seen, title="Tiêm trâu bò: lời Tú"),
    )
    versions = one.get(f"{path_of(notice)}ban/").content.decode()
    assert "lời Hà" in versions
    assert "lời Tú" in versions


def test_what_is_typed_is_kept_while_it_is_typed(place, ha):
    phone = client_for(ha)

    phone.post(f"{NEW}nhap/", words(place["bich_hao"], title="Đang gõ dở"))

    assert "Đang gõ dở" in phone.get(NEW).content.decode()
    assert not Notice.objects.exists()


def test_pressing_twice_on_a_slow_line_begins_and_hands_in_one_notice(place, ha):
    phone = client_for(ha)
    key = re.search(r'name="form_key" value="([^"]+)"', phone.get(NEW).content.decode())[1]
    asked = words(place["bich_hao"], do="hand_in", form_key=key)

    first, second = phone.post(NEW, asked), phone.post(NEW, asked)

    notice = Notice.objects.get()
    assert (notice.state, notice.version) == ("review", 1)
    assert first.url == second.url == path_of(notice)
