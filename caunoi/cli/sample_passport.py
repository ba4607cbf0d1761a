"""Sample data of routing: bodies and rules of the sample province, letterheads, and one petition on its way. Names are invented."""

from datetime import date, datetime, timedelta
from typing import Any

SINCE = date(2025, 7, 1)
BODIES = [
    ("nghe_an", "na_delegation", "Đoàn đại biểu Quốc hội tỉnh Nghệ An", "", "dbqh"),
    ("nghe_an", "department", "Sở Y tế tỉnh Nghệ An", "Sở Y tế", "soyte"),
    ("nghe_an", "department", "Sở Nông nghiệp và Môi trường tỉnh Nghệ An", "Sở Nông nghiệp và Môi trường", "sonnmt"),
    ("nghe_an", "department", "Sở Xây dựng tỉnh Nghệ An", "Sở Xây dựng", "soxd"),
    ("nghe_an", "department", "Sở Khoa học và Công nghệ tỉnh Nghệ An", "Sở Khoa học và Công nghệ", "sokhcn"),
    ("nghe_an", "police", "Công an tỉnh Nghệ An", "", "conganna"),
    ("nghe_an", "border_guard", "Bộ đội Biên phòng tỉnh Nghệ An", "", "bienphong"),
    ("bich_hao", "office", "Phòng Kinh tế xã Bích Hào", "Phòng Kinh tế", "kinhte.bichhao"),
    ("bich_hao", "office", "Phòng Văn hoá - Xã hội xã Bích Hào", "Phòng Văn hoá - Xã hội", "vhxh.bichhao"),
    ("bich_hao", "office", "Trung tâm Phục vụ hành chính công xã Bích Hào", "Trung tâm Phục vụ hành chính công", "hcc.bichhao"),
    ("bich_hao", "police", "Công an xã Bích Hào", "Công an xã", ""),
]  # fmt: skip
RULES = [
    (
        "nong_nghiep",
        "Phòng Kinh tế",
        "Quy chế phối hợp tiếp nhận, trả lời ý kiến của Nhân dân (mẫu)",
    ),
    ("moi_truong", "Phòng Kinh tế", ""),
    ("ha_tang", "Phòng Kinh tế", ""),
    ("dat_dai", "Phòng Kinh tế", ""),
    ("an_sinh", "Phòng Văn hoá - Xã hội", ""),
    ("giao_duc", "Phòng Văn hoá - Xã hội", ""),
    ("nha_o", "Phòng Văn hoá - Xã hội", ""),
    ("thu_tuc", "Trung tâm Phục vụ hành chính công", ""),
    ("sap_nhap", "Trung tâm Phục vụ hành chính công", ""),
    ("y_te", "Sở Y tế", ""),
]
PETITION = (
    "Chúng tôi là cộng tác viên dân số ở xã, đi rà từng nhà suốt mấy tháng chống dịch mà đến nay chưa được nhận phụ cấp. "
    "Hỏi ai cũng bảo chờ. Xin Mặt trận cho biết bao giờ có."
)


def load_rules(units: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Enter bodies, rules and letterheads, before the first case comes; returns the bodies by name. ``units``: by word."""
    bodies = _bodies(units, at)
    _rules(units, at)
    _letterheads(units, at)
    return bodies


def _bodies(units: dict[str, Any], at: datetime) -> dict[str, Any]:
    from caunoi.routing import actions
    from caunoi.routing.terms import BodyKind
    from caunoi.staff.demo import DOMAIN

    made = {}
    for unit, kind, name, office, mail in BODIES:
        made[name] = actions.save_body(
            body=None,
            unit_id=units[unit].id,
            kind=BodyKind(kind),
            name=name,
            office=office,
            email=mail + DOMAIN if mail else "",
            valid_from=SINCE,
            by=None,
            at=at,
        )
    return made


def _rules(units: dict[str, Any], at: datetime) -> None:
    from caunoi.routing import actions

    for topic, office, source in RULES:
        actions.save_rule(
            rule=None,
            place_id=units["nghe_an"].id,
            topic=topic,
            to_office=office,
            legal_source=source,
            valid_from=SINCE,
            by=None,
            at=at,
        )


def _letterheads(units: dict[str, Any], at: datetime) -> None:
    from dataclasses import replace

    from caunoi.documents import actions, rules

    for word, signer in (("bich_hao", "Trần Văn Bình"), ("nghe_an", "Hoàng Thị Chi")):
        unit = units[word]
        head = rules.default_head(full_name=unit.full_name, name=unit.name)
        actions.save_letterhead(
            unit_id=unit.id,
            head=replace(head, signer_name=signer),
            recipients="Như trên\nNgười hỏi (theo mã)\nLưu: VT",
            by=None,
            at=at,
        )


def send_petition(
    people: dict[str, Any], units: dict[str, Any], bodies: dict[str, Any], at: datetime
) -> None:
    """Send one petition out to a department, which gives it back, and up to the delegation, where it waits."""
    from caunoi.cases import agencies, agency_links, referrals
    from caunoi.cases.models import AgencyLink
    from caunoi.journeys import ask_and_answer, papers

    opened = at - timedelta(days=24)
    case = ask_and_answer.ask_on_web(
        unit_id=units["bich_hao"].id,
        text=PETITION,
        form_key="sample-petition",
        name="Lê Thị Dung",
        place="Xóm 4",
        topic="y_te",
        at=opened,
    )
    health = referrals.refer_out(
        case=case,
        body=bodies["Sở Y tế tỉnh Nghệ An"],
        reason="Chi trả phụ cấp chống dịch thuộc ngành y tế.",
        by=people["an"],
        at=opened + timedelta(days=2),
        by_mail=False,
    )
    papers.issue_slip(referral=health, by=people["an"], at=opened + timedelta(days=2))
    link = AgencyLink.objects.get(referral=health)
    agency_links.note_opened(link=link, at=opened + timedelta(days=3))
    agencies.return_by_link(
        link=link,
        reason="Sở đã chi phần của ngành; phần còn lại chờ quyết định của trung ương, đề nghị kiến nghị Đoàn đại biểu Quốc hội.",
        at=opened + timedelta(days=9),
    )
    referrals.refer_out(
        case=case,
        body=bodies["Đoàn đại biểu Quốc hội tỉnh Nghệ An"],
        reason="Kiến nghị Quốc hội, Chính phủ có hướng dẫn chi trả.",
        by=people["an"],
        at=opened + timedelta(days=10),
        by_mail=False,
    )
