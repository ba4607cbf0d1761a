"""Papers about goods: the way-bill and the minutes of a hand-over, numbered in the unit's register. Their words are content: Vietnamese."""

import base64
import io
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from caunoi.documents import actions as documents
from caunoi.documents.models import Paper
from caunoi.documents.terms import Format, PaperType
from caunoi.files.models import Picture
from caunoi.goods import actions
from caunoi.goods.models import Movement
from caunoi.goods.terms import MovementKind, NotNow
from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

K = MovementKind
PAPERS = {
    K.SENT: PaperType.WAYBILL,
    K.HANDED_OVER: PaperType.HANDOVER,
    K.WORKED: PaperType.HANDOVER,
}
WIDEST = 900
"""Points of a picture's longer side on paper."""


def number(amount: int) -> str:
    """12500 → "12.500"."""
    return f"{amount:,}".replace(",", ".")


def counted(held: Movement) -> str:
    """Return "12 con dê giống", and "12 ngày công thợ xây" without saying the days twice."""
    name, unit = held.commodity.name.lower(), held.commodity.unit_word
    return f"{number(held.amount)} {name if unit in name else f'{unit} {name}'}"


@transaction.atomic
def issue(*, movement: Movement, by: Viewer, at: datetime) -> Paper:
    """Give the movement its paper: a way-bill for what is sent, minutes for what is handed over. Asked twice it is the one there is.

    Raises NotYourStock, NotNow
    Not done here   drawing it (``pdf_of``)
    """
    rows = Movement.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("commodity", "campaign", "by", "posting").get(pk=movement.pk)
    actions.check_keeps(held.unit_id, by, at)
    if held.paper is not None:
        return held.paper
    if held.kind not in PAPERS:
        raise NotNow(_("A way-bill goes with what is sent, minutes with what is handed over."))
    on = clock.local_date(at)
    names = units.names_of(unit_ids=[u for u in (held.unit_id, held.to_unit_id) if u], on=on)
    from_name, to_name = names.get(held.unit_id, ""), names.get(held.to_unit_id or held.unit_id, "")
    is_bill = held.kind == K.SENT
    lines = _bill(held, from_name, to_name) if is_bill else _minutes(held, from_name)
    paper = documents.issue_paper(
        unit_id=held.unit_id,
        paper_type=PAPERS[K(held.kind)],
        subject=counted(held),
        addressee=to_name,
        paragraphs=lines,
        table=_table(held),
        signers=_signers(held, is_bill),
        # minutes name who received; whoever reads the register of papers has no need of that
        is_sealed=not is_bill,
        reference=f"movement:{held.pk}",
        by=by,
        at=at,
        permission=Permission.GOODS_KEEP,
    )
    held.paper = paper
    held.save(update_fields=["paper"])
    told = {"symbol": paper.symbol}
    audit.record("goods.paper.issued", on=held, by=by, at=at, unit_id=held.unit_id, after=told)
    return paper


def _table(held: Movement) -> list[tuple[str, ...]]:
    came = "" if held.good is None else number(held.good)
    head = ("STT", "Tên hàng", "Đơn vị tính", "Số lượng", "Thực nhận", "Ghi chú")
    until = f"Dùng đến {held.expires_on:%d/%m/%Y}" if held.expires_on else ""
    thing = held.commodity
    return [head, ("1", thing.name, thing.unit_word, number(held.amount), came, until)]


def _bill(held: Movement, from_name: str, to_name: str) -> list[str]:
    return [
        f"Cuộc vận động: {held.campaign.title}.",
        f"Ngày {held.on:%d/%m/%Y}, {from_name} xuất và chuyển đến {to_name} số hàng sau đây. "
        "Bên nhận đếm lại khi hàng đến và ghi số thực nhận.",
        *([f"Phương tiện, ghi chú: {held.note}"] if held.note else []),
    ]


def _minutes(held: Movement, unit_name: str) -> list[str]:
    word = getattr(held.posting, "sealed_word", None)
    where = f" tại {held.place}" if held.place else ""
    households = f" ({held.households} hộ)" if held.households else ""
    photo = "có ảnh kèm theo" if held.picture_id else "không có ảnh kèm theo"
    verb = "ghi nhận ngày công" if held.kind == K.WORKED else "bàn giao"
    return [
        f"Cuộc vận động: {held.campaign.title}.",
        f"Ngày {held.on:%d/%m/%Y}{where}, {unit_name} {verb} như bảng dưới đây.",
        f"Bên nhận: {word.word if word else '………………'}{households}.",
        f"Người chứng kiến: {held.witness}.",
        f"Biên bản {photo}. Hai bên và người chứng kiến đã nghe đọc lại và cùng ký tên./.",
    ]


def _signers(held: Movement, is_bill: bool) -> list[tuple[str, str]]:
    by = held.by.full_name if held.by else ""
    if is_bill:
        return [("NGƯỜI LẬP PHIẾU", by), ("NGƯỜI VẬN CHUYỂN", ""), ("NGƯỜI NHẬN", "")]
    return [("BÊN GIAO", by), ("BÊN NHẬN", ""), ("NGƯỜI CHỨNG KIẾN", held.witness)]


def pdf_of(*, movement: Movement, at: datetime) -> bytes:
    """Return the movement's paper as PDF, with its picture; drawn the first time and kept."""
    if movement.paper is None:
        raise NotNow(_("There is no paper yet."))
    picture = _svg(movement.picture) if movement.picture else ""
    return documents.file_for(paper=movement.paper, file_format=Format.PDF, at=at, picture=picture)


def _svg(picture: Picture) -> str:
    """Return the picture as the drawing of papers takes it: small, JPEG, inside an SVG."""
    image = Image.open(io.BytesIO(bytes(picture.body))).convert("RGB")
    image.thumbnail((WIDEST, WIDEST))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=75)
    width, height = image.size
    data = base64.b64encode(out.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
