"""What goes wrong while a notice is written, approved or waiting: each ends in a clear state, in Vietnamese, with a next step."""

import struct
import zlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from caunoi.files.tests.samples import photo
from caunoi.journeys import publishing
from caunoi.kit import clock, uploads
from caunoi.notices import actions as notices
from caunoi.notices.models import Notice
from caunoi.notices.terms import Line, Reach
from caunoi.notices.tests.factories import approved
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units import actions as units
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
NEW = "/quan-tri/thong-bao/moi/"
ENDS, AFTER = date(2026, 12, 1), MONDAY + timedelta(days=9)


@pytest.fixture
def ha(place):
    return make_staff(name="Lê Thị Hà", unit_id=place["bich_hao"].pk, role=Role.EDITOR)


@pytest.fixture
def mai(place):
    return make_staff(name="Vũ Thị Mai", unit_id=place["nghe_an"].pk, role=Role.EDITOR)


@pytest.fixture
def of_tri_le(place, loopback):
    """A notice of xã Tri Lễ for itself, approved and waiting for its time, nine days on."""
    editor, approver = (
        make_staff(name=f"Người {role}", unit_id=place["tri_le"].pk, role=role)
        for role in (Role.EDITOR, Role.APPROVER)
    )
    notice = approved(by=editor, approver=approver, unit=place["tri_le"])
    Notice.objects.filter(pk=notice.pk).update(publish_at=AFTER)
    return notice


def words(place, **more):
    return {
        "unit": str(place["bich_hao"].pk),
        "kind": "notice",
        "title": "Tiêm phòng cho trâu bò",
        "short_text": "8h ngày 5/12/2026 tại nhà văn hoá xóm.",
        "reach": "subtree",
        "audience": "public",
    } | more


def bomb():
    """A PNG of a few hundred bytes that says it is 60,000 by 60,000 points."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 5_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def dissolve(unit, *, successor=None):
    units.dissolve_unit(
        unit_id=unit.pk,
        successor_id=successor.pk if successor else None,
        on=ENDS,
        legal_reference="Nghị quyết thử",
        by=None,
        at=MONDAY,
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bomb(), "Ảnh này quá lớn, không mở được."),
        (b"no picture at all", "Tệp này không phải ảnh"),
        (photo(size=(900, 600))[:400], "Tệp này không phải ảnh"),
        (b"\0" * (uploads.HEAVIEST_FILE + 1), "Tệp nặng hơn 20 MB không nhận được."),
    ],
    ids=["bomb", "no picture", "cut off", "too heavy"],
)
def test_a_picture_that_cannot_be_opened_is_refused_and_every_word_stays(place, ha, content, said):
    picture = SimpleUploadedFile("anh.png", content, content_type="image/png")

    answer = client_for(ha).post(NEW, words(place, do="hand_in", new_picture=picture))

    page = answer.content.decode()
    assert (answer.status_code, Notice.objects.count()) == (422, 0)
    assert said in page
    assert "8h ngày 5/12/2026 tại nhà văn hoá xóm." in page


def test_an_approval_withdrawn_too_late_says_so_and_leads_to_the_recall(place, ha, binh, loopback):
    notice = approved(by=ha, approver=binh, unit=place["bich_hao"])
    publishing.publish_due(at=MONDAY)

    answer = client_for(binh).post(
        f"/quan-tri/thong-bao/{notice.pk}/lam/", {"do": "withdraw"}, follow=True
    )

    page = answer.content.decode()
    assert Notice.objects.get().state == "sending"
    assert "Thông báo đã sang bước khác" in page
    assert 'value="recall"' in page


def test_a_notice_of_a_unit_that_ended_goes_out_in_its_successors_name(of_tri_le, place):
    dissolve(place["tri_le"], successor=place["bich_hao"])

    publishing.publish_due(at=AFTER)

    of_tri_le.refresh_from_db()
    assert (of_tri_le.state, of_tri_le.unit_id) == ("sending", place["bich_hao"].pk)
    assert OutboundMessage.objects.filter(reference=f"notice:{of_tri_le.pk}").count() == 2


def test_a_notice_of_a_unit_that_ended_without_anybody_taking_over_waits_at_the_unit_above(
    of_tri_le, place, mai
):
    dissolve(place["tri_le"])

    publishing.publish_due(at=AFTER)
    publishing.publish_due(at=AFTER + timedelta(hours=1))

    of_tri_le.refresh_from_db()
    assert (of_tri_le.state, of_tri_le.unit_id) == ("draft", place["nghe_an"].pk)
    assert not OutboundMessage.objects.exists()
    page = client_for(mai).get(f"/quan-tri/thong-bao/{of_tri_le.pk}/").content.decode()
    assert "Đơn vị viết tin này đã kết thúc, chưa rõ đơn vị nào tiếp nhận." in page
    assert "Thông báo chưa gửi được" in client_for(mai).get("/hom-nay/").content.decode()


def test_a_notice_whose_receivers_have_all_ended_comes_back_and_is_handed_in_again(
    place, mai, monkeypatch
):
    two = [
        make_staff(name=n, unit_id=place["nghe_an"].pk, role=Role.APPROVER)
        for n in ("Hoàng Thị Thảo", "Lê Văn Việt")
    ]
    lines = [Line(place["tri_le"].pk, Reach.SELF)]
    notice = approved(by=mai, approver=two[0], unit=place["nghe_an"], lines=lines)
    notices.approve_notice(notice=notice, seen_version=1, by=two[1], at=MONDAY)
    dissolve(place["tri_le"])

    publishing.publish_due(at=AFTER)

    monkeypatch.setattr(clock, "now", lambda: AFTER)
    desk = client_for(mai)
    address = f"/quan-tri/thong-bao/{notice.pk}/"
    assert "Các đơn vị nhận tin này đã kết thúc." in desk.get(address).content.decode()
    again = words(place, do="hand_in", seen="1", title=notice.title, short_text=notice.short_text)
    desk.post(address, again | {"unit": str(place["nghe_an"].pk), "long_text": notice.long_text})
    notice.refresh_from_db()
    assert (notice.state, notice.end_reason) == ("review", "")
