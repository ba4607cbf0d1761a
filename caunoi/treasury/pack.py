"""What goes into the one file of a fund beside the books: bank lines as published, movements of goods, photos, and what each file is."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from caunoi.campaigns.models import Campaign
from caunoi.funds.models import Fund
from caunoi.goods import words
from caunoi.goods.models import Movement
from caunoi.statements import exports
from caunoi.statements import queries as statements
from caunoi.units import queries as units

BANK = exports.HEADER
GOODS = (
    *("Ngày", "Việc", "Hàng", "Đơn vị tính", "Số lượng", "Hư hỏng", "Nơi", "Chuyển đến"),
    *("Số hộ", "Giấy tờ", "Ảnh (SHA-256)"),
)
READ_ME = """Hồ sơ của quỹ, xuất từ Cầu Nối. Mọi tệp dùng mã UTF-8.

so-cai.jsonl     sổ cái công khai, mỗi dòng một bút toán; kiểm tra bằng: caunoi ledger verify so-cai.jsonl
bien-nhan.jsonl  bằng chứng của từng biên nhận trong gốc đã công bố; kiểm tra cùng cách
phieu.csv        phiếu thu, chi, phân bổ: ai lập, ai duyệt, giải trình, chứng từ
can-doi.csv      bảng cân đối, hai bên bằng nhau
sao-ke.csv       các dòng sao kê như đã công khai: tên người chuyển đã che
hang.csv         hàng và ngày công: nhận, chuyển, trao, hư hỏng; phiếu xuất, biên bản, mã băm của ảnh
bao-cao.xlsx     báo cáo đến ngày xuất
niem-yet.pdf     tờ niêm yết, mỗi đơn vị một tờ

Hồ sơ không có tên hay số tài khoản của người góp, không có tên hộ nhận.
"""


def campaign_of(fund: Fund) -> Campaign | None:
    """Return the campaign whose books these are; None for books without one."""
    return Campaign.objects.filter(fund=fund).first()


def bank_rows(fund: Fund) -> Iterator[Sequence[Any]]:
    """Yield the bank lines of the fund's campaign as everybody reads them, under BANK."""
    campaign = campaign_of(fund)
    if campaign is not None:
        yield from exports.rows_of(statements.all_lines(campaign_id=campaign.pk))


def goods_rows(fund: Fund, on: date) -> Iterator[Sequence[Any]]:
    """Yield what moved in kind for the fund's campaign, oldest first, under GOODS; who received it is named nowhere."""
    campaign = campaign_of(fund)
    if campaign is None:
        return
    found = Movement.objects.filter(campaign=campaign).order_by("on", "at", "pk")
    rows = list(found.select_related("commodity", "paper", "picture"))
    ids = {u for m in rows for u in (m.unit_id, m.to_unit_id) if u}
    names = units.names_of(unit_ids=ids, on=on)
    for m in rows:
        yield (
            *(m.on, words.kind_words(m.kind), m.commodity.name, m.commodity.unit_word, m.amount),
            *(
                m.spoiled,
                names.get(m.unit_id, ""),
                names.get(m.to_unit_id, "") if m.to_unit_id else "",
            ),
            *(m.households, m.paper.symbol if m.paper else ""),
            *(bytes(m.picture.sha256).hex() if m.picture else ""),
        )
