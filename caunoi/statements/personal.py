"""What a bank tells of givers: their names, accounts and words, for those who keep the books; everybody reads them masked."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import End, Free, Holding, Whose

GIVING = "Nghị định 93/2021/NĐ-CP: công khai tiền, hàng đóng góp; người đóng góp được ghi tên viết tắt nếu muốn"
KEPT = _("24 months after the campaign, or until erased on request; the amount stays")
HOLDINGS = (
    Holding(
        "statements.bankline",
        ("memo", "other_name", "other_account", "text", "giver", "folded", "note"),
        what=_("Name, account and words of a transfer to a campaign"),
        purpose=_("so that a giver finds her transfer and money that came by mistake goes back"),
        basis=GIVING,
        kept=KEPT,
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
    Holding(
        "statements.badrow",
        ("said",),
        what=_("Lines of a bank's file that could not be read, as they stand there"),
        purpose=_("so that the treasurer corrects them"),
        basis=GIVING,
        kept=KEPT,
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
    Holding(
        "statements.filebody",
        ("body",),
        what=_("A bank's file as it was brought in"),
        purpose=_("so that a run that was cut off goes on"),
        basis=GIVING,
        kept=_("until every line of it is written; then only its digest"),
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
)
FREE = (
    Free(
        "statements.bankaccount", ("bank", "number", "salt"), why="an institution's account; a salt"
    ),
    Free("statements.banklayout", ("bank", "columns"), why="names of columns"),
    Free(
        "statements.statementfile",
        ("name", "sha256", "kind", "written_in", "state", "trouble", "columns"),
        why="the name of a file, a digest, codes",
    ),
    Free(
        "statements.bankline",
        ("reference", "state", "why", "purpose"),
        why="a bank's number, codes",
    ),
    Free("statements.solechange", ("reason",), why="why an account changed, written by its keeper"),
    Free("statements.undoing", ("reason",), why="why a file was taken back, written by its keeper"),
    Free("statements.badrow", ("problem",), why="a fixed sentence"),
)
