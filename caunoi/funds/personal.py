"""The books name nobody; beside them stand names and memos of givers, which can be erased without breaking the chain."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import End, Free, Holding, Whose

GIVING = "Nghị định 93/2021/NĐ-CP: công khai tiền, hàng đóng góp; người đóng góp được ghi tên viết tắt nếu muốn"
HOLDINGS = (
    Holding(
        "funds.word",
        ("word", "salt"),
        what=_("Name and memo beside a gift or a hand-over"),
        purpose=_("so that a giver finds her gift and can prove it"),
        basis=GIVING,
        kept=_("24 months after the campaign, or until erased on request; the amount stays"),
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
)
FREE = (
    Free("funds.commodity", ("code", "name", "unit_word", "sort"), why="what is counted"),
    Free("funds.fund", ("name", "head"), why="the name of a fund, a hash"),
    Free("funds.account", ("place", "purpose"), why="codes"),
    Free(
        "funds.posting",
        ("move", "commitment", "leaf", "link"),
        why="a code and hashes; who gave or got is never in it",
    ),
    Free("funds.tile", ("hash",), why="a hash"),
    Free("funds.root", ("root", "link"), why="hashes"),
)
