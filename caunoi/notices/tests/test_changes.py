"""What an approver is shown when a notice comes to her again: everything that is not as it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, InternalError, transaction

from caunoi.files.tests.samples import photo
from caunoi.notices import actions, actions_files, actions_variants
from caunoi.notices.models import HandedIn
from caunoi.notices.terms import Fields, Line, NoticeKind, Reach
from caunoi.notices.tests.factories import write
from caunoi.staff.tests.factories import client_for
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
FIRST = Fields(
    kind=NoticeKind.WARNING,
    title="Cảnh báo mưa lũ",
    short_text="Mưa to từ chiều.",
    details={"sender": "Đài Khí tượng", "severity": "Severe", "instruction": "Lên nhà văn hoá."},
)
NEXT_YEAR = datetime(2037, 1, 1, tzinfo=UTC)
LATER = MONDAY + timedelta(minutes=5)


def shown(approver, notice):
    """What came and went, by what it is called."""
    page = BeautifulSoup(
        client_for(approver).get(f"/quan-tri/thong-bao/{notice.pk}/").content, "lxml"
    )
    box = next((d for d in page.select("main details") if "sửa những gì" in d.text), None)
    return {
        row.dt.text: (
            " ".join(x.text.strip() for x in row.select("del")),
            " ".join(x.text.strip() for x in row.select("ins")),
        )
        for row in (box.select("dl > div") if box else [])
    }


def test_everything_that_changed_since_she_saw_it_is_shown_to_the_approver(place, ha, binh):
    unit = place["bich_hao"]
    notice = write(by=ha, unit=unit, fields=FIRST)
    picture = actions_files.add_picture(notice=notice, content=photo(size=(300, 200)), alt="Suối", by=ha, at=MONDAY)  # fmt: skip
    notice = actions.hand_in(notice=notice, by=ha, at=MONDAY)
    assert shown(binh, notice) == {}
    notice = actions.return_notice(notice=notice, reason="Sửa lại", by=binh, at=MONDAY)

    second = replace(
        FIRST,
        title="Cảnh báo lũ quét",
        short_text="Mưa rất to từ chiều.",
        details=FIRST.details | {"severity": "Extreme", "area": "Xóm 4"},
        wordings={"sms": "Chay lu"},
    )
    notice = actions.save_draft(notice=notice, fields=second, seen_version=1, by=ha, at=LATER)
    actions_files.arrange(notice=notice, alts={picture.pk: "Suối dâng cao"}, by=ha, at=LATER)
    actions_files.add_attachment(notice=notice, name="cong-dien.pdf", content=b"%PDF-1", by=ha, at=LATER)  # fmt: skip
    actions.set_audience(notice=notice, lines=[Line(unit.pk, Reach.SELF)], by=ha, at=LATER)
    actions.set_times(notice=notice, publish_at=None, valid_until=NEXT_YEAR, by=ha, at=LATER)  # fmt: skip
    told = actions_variants.Told(title="Dej nyab", text="Nce mus siab")
    actions_variants.write_variant(notice=notice, language="hmn", form="text", told=told, seen_version=0, by=ha, at=LATER)  # fmt: skip
    notice = actions.hand_in(notice=notice, by=ha, at=LATER)

    desk, seen = client_for(binh), {"verdict": "approve", "seen": str(notice.version)}
    for handed, state in ((MONDAY, "review"), (notice.handed_in_at, "approved")):
        stale = desk.post(
            f"/quan-tri/thong-bao/{notice.pk}/duyet/", seen | {"handed": handed.isoformat()}
        )
        assert stale.status_code == 302
        notice.refresh_from_db()
        assert notice.state == state

    kept = desk.get(f"/quan-tri/thong-bao/{notice.pk}/ban/").content.decode()
    assert "<ins>Chay lu</ins>" in kept
    assert "<dt>Mức nặng</dt>" in kept
    assert "Đài Khí tượng" in kept

    found = shown(binh, notice)
    assert found["Tiêu đề"] == ("mưa lũ", "lũ quét")
    assert found["Bản ngắn"] == ("", "rất")
    assert found["Mức nặng"] == ("", "cực kỳ")
    assert found["Ở đâu"] == ("", "Xóm 4")
    assert found["Bản riêng cho SMS"] == ("", "Chay lu")
    before, after = found["Ảnh và lời mô tả ảnh"]
    assert (before.partition(" (")[0], after.partition(" (")[0]) == ("Suối", "Suối dâng cao")
    assert found["Tệp kèm"][1].startswith("cong-dien.pdf")
    assert found["Bằng tiếng khác"][1].startswith("Tiếng Mông")
    assert "Xã Bích Hào" in found["Gửi tới ai"][0]
    assert found["Hiệu lực đến"][0] == ""
    assert found["Hiệu lực đến"][1]


def test_what_was_handed_in_is_never_changed(place, ha):
    actions.hand_in(notice=write(by=ha, unit=place["bich_hao"]), by=ha, at=MONDAY)

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        HandedIn.objects.update(version=7)
