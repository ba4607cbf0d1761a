"""Vouchers name who gave, who received and who saw it; they are read by those who keep and audit the books."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import End, Free, Holding, Whose

BOOKKEEPING = "Luật Kế toán 88/2015/QH13: chứng từ kế toán; Nghị định 93/2021/NĐ-CP: công khai tiền, hàng đóng góp"
HOLDINGS = (
    Holding(
        "treasury.voucher",
        ("partner", "address", "recipient", "witness", "reason", "folded"),
        what=_("Names on vouchers: who gave, who received, who saw it"),
        purpose=_("so that every amount can be shown to have come and gone"),
        basis=BOOKKEEPING,
        kept=_("as long as the law on accounting asks for vouchers to be kept"),
        whose=Whose.GIVER,
        end=End.KEPT,
    ),
)
FREE = (
    Free("treasury.register", ("series",), why="a code"),
    Free(
        "treasury.voucher",
        ("series", "kind", "means", "purpose", "reference", "state", "ended_because"),
        why="codes, numbers of papers, and what a colleague wrote about a voucher",
    ),
    Free("treasury.limit", ("source",), why="which decision says so"),
    Free("treasury.declared", ("note",), why="what a colleague wrote about a count"),
    Free(
        "treasury.explanation",
        ("check_name", "key", "note"),
        why="what an auditor wrote about a posting",
    ),
)
