"""Papers about a case: the forwarding slip, the reminder letter, the asker's slip. Their words are content: Vietnamese."""

import io
from collections.abc import Sequence
from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from caunoi.answers.rules import redact
from caunoi.cases import mailing, on_behalf
from caunoi.cases import rules as case_rules
from caunoi.cases.models import AgencyLink, Case, Referral
from caunoi.documents import actions as documents
from caunoi.documents import drawing
from caunoi.documents import queries as document_queries
from caunoi.documents.models import Paper
from caunoi.documents.rules import issuer_words
from caunoi.documents.terms import PaperType
from caunoi.kit import clock
from caunoi.kit.viewing import Viewer
from caunoi.units import queries as units

ORIGINS = {
    "comment": "bình luận trên trang chính thức",
    "private_message": "tin nhắn riêng",
    "web_form": "trang hỏi đáp",
    "walk_in": "gặp trực tiếp",
}
KINDS = {
    "report": "phản ánh",
    "petition": "kiến nghị",
    "voter_petition": "kiến nghị cử tri",
    "complaint": "đơn khiếu nại",
    "denunciation": "đơn tố cáo",
}


def _day(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%d/%m/%Y") if at else ""


def _what(case: Case) -> str:
    return KINDS.get(case.kind, "câu hỏi")


def issue_slip(*, referral: Referral, by: Viewer, at: datetime) -> Paper:
    """Issue the forwarding slip of one hop: who asked what (personal data hidden), why it goes there, by when.

    Raises documents.NotYourPaper
    """
    case, on = referral.case, clock.local_date(at)
    issuer = issuer_words(document_queries.head_of(unit_id=referral.from_unit_id, on=on))
    asked_in = units.name_of(unit_id=case.opened_unit_id, on=on)
    sealed = case_rules.is_sealed(case.kind)
    text = case.text if sealed else redact(case.text, names=on_behalf.names_to_hide(case)).text
    until = f", trả lời trước ngày {_day(referral.due_at)}" if referral.due_at else ""
    paragraphs = [
        f"Ngày {_day(case.opened_at)}, {issuer} nhận được {_what(case)} số {case.number} của người dân "
        f"{asked_in[:1].lower()}{asked_in[1:]} (gửi qua {ORIGINS[case.origin]}), nội dung như sau:",
        *(f"“{part}”" for part in text.split("\n") if part.strip()),
        _why(referral),
        f"{issuer} chuyển {_what(case)} trên đến {referral.to_name} để xem xét, giải quyết{until}, đồng thời "
        "thông báo kết quả để trả lời người hỏi và công khai theo quy định.",
        "Trân trọng./.",
    ]
    return documents.issue_paper(
        unit_id=referral.from_unit_id,
        paper_type=PaperType.FORWARDING_SLIP,
        subject=f"Về {_what(case)} số {case.number}",
        addressee=referral.to_name,
        paragraphs=[p for p in paragraphs if p],
        reference=f"case:{case.pk}",
        is_sealed=sealed,
        by=by,
        at=at,
    )


def _why(referral: Referral) -> str:
    reason = redact(referral.reason).text.strip()
    return f"Lý do chuyển: {reason.rstrip('.')}." if reason else ""


def issue_reminder(*, referral: Referral, by: Viewer, at: datetime) -> Paper:
    """Issue the letter that urges the holder of this hop to answer, naming the slip and the day that was due."""
    case, on = referral.case, clock.local_date(at)
    issuer = issuer_words(document_queries.head_of(unit_id=referral.from_unit_id, on=on))
    slips = [
        p
        for p in document_queries.register_of(reference=f"case:{case.pk}")
        if p.paper_type == PaperType.FORWARDING_SLIP and p.addressee == referral.to_name
    ]
    slip = (
        f"Phiếu chuyển số {slips[-1].symbol} ngày {_day(slips[-1].issued_at)}"
        if slips
        else f"việc chuyển ngày {_day(referral.sent_at)}"
    )
    due = referral.due_at or case.due_at
    late = "đã quá hạn trả lời" if due < at else "sắp đến hạn trả lời"
    paragraphs = [
        f"Theo {slip}, {issuer} đã chuyển {_what(case)} số {case.number} đến {referral.to_name}, "
        f"đề nghị trả lời trước ngày {_day(due)}. Đến nay {_what(case)} {late}, {issuer} chưa nhận được "
        "kết quả giải quyết.",
        f"{issuer} đề nghị {referral.to_name} quan tâm xem xét, sớm trả lời bằng văn bản để thông báo cho người dân; "
        "trường hợp cần thêm thời gian, đề nghị nêu rõ lý do và thời hạn trả lời.",
        "Trân trọng./.",
    ]
    return documents.issue_paper(
        unit_id=referral.from_unit_id,
        paper_type=PaperType.REMINDER,
        subject=f"đôn đốc trả lời {_what(case)} số {case.number}",
        addressee=referral.to_name,
        paragraphs=paragraphs,
        reference=f"case:{case.pk}",
        is_sealed=case_rules.is_sealed(case.kind),
        by=by,
        at=at,
    )


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=1, xmldecl=False)
    return out.getvalue().decode()


def own_address(case: Case) -> str:
    """Return the address that opens the case for the asker at once: number and code in one, for the QR on her slip."""
    path = reverse("journeys:question", kwargs={"number": case.number})
    return f"{settings.PUBLIC_URL}{path}?ma={case.follow_code}"


def receipt(*, case: Case, at: datetime, with_code: bool) -> bytes:
    """Return the asker's slip as PDF: number, code, who answers, by when, QR. Without the code for who only knows the number."""
    on = clock.local_date(at)
    address = f"{settings.PUBLIC_URL}{reverse('journeys:question', kwargs={'number': case.number})}"
    facts: list[tuple[str, str]] = [("Số", case.number)]
    if with_code:
        facts.append(("Mã theo dõi", f"{case.follow_code[:4]} {case.follow_code[4:]}"))
    facts += [
        ("Đơn vị giữ", units.name_of(unit_id=case.owner_id, on=on)),
        ("Nhận ngày", _day(case.opened_at)),
    ]
    if case.answered_at:
        facts.append(("Đã trả lời", _day(case.answered_at)))
    elif not case.closed_at:
        facts.append(("Hẹn trả lời", timezone.localtime(case.due_at).strftime("%H:%M %d/%m/%Y")))
    return drawing.receipt_pdf(
        title="PHIẾU TIẾP NHẬN",
        number=case.number,
        issuer=f"Ủy ban MTTQ Việt Nam {_lower(units.name_of(unit_id=case.opened_unit_id, on=on))}",
        facts=facts,
        notes=_receipt_notes(with_code),
        address=address,
        qr_svg=_qr(own_address(case) if with_code else address),
    )


def _receipt_notes(with_code: bool) -> Sequence[str]:
    how = "Quét mã hoặc mở địa chỉ bên phải để xem việc đi tới đâu, ai đang giữ, bao giờ trả lời."
    keep = "Giữ kín phiếu này: ai có số và mã đều xem được." if with_code else ""
    phone = "Không có điện thoại: đọc số này cho trưởng thôn hoặc cán bộ trực trụ sở."
    return [n for n in (how, keep, phone) if n]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def link_sheet(*, link: AgencyLink) -> bytes:
    """Return the agency's one-time link on paper, to go with the forwarding slip. Drawn each time, never kept."""
    hop = link.referral
    address = mailing.address_of(link)
    facts = [
        ("Kính gửi", hop.to_name),
        ("Vụ việc số", hop.case.number),
        ("Trả lời trước", _day(hop.due_at) or "–"),
        ("Hiệu lực đến", _day(link.expires_at)),
    ]
    notes = [
        "Quét mã để đọc nội dung và trả lời. Không cần tài khoản; chỉ trả lời được một lần.",
        "Việc không thuộc thẩm quyền: chọn “Không thuộc thẩm quyền” và ghi lý do.",
        "Phiếu này thay cho mật khẩu: xin chỉ giao cho người được phân công trả lời.",
    ]
    return drawing.receipt_pdf(
        title="ĐƯỜNG DẪN TRẢ LỜI",
        number=hop.case.number,
        issuer=f"Ủy ban MTTQ Việt Nam {_lower(units.name_of(unit_id=hop.from_unit_id, on=clock.local_date(link.made_at)))}",
        facts=facts,
        notes=notes,
        address=address,
        qr_svg=_qr(address),
    )
