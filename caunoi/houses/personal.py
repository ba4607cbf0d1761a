"""Who is helped with a house: the household's data for those who handle it, public only as far as it agreed."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import CONSENT, End, Free, Holding, Whose

HOUSES = "Luật Thực hiện dân chủ ở cơ sở 10/2022/QH15; chương trình xoá nhà tạm, nhà dột nát; Luật 91/2025/QH15"
KEPT = _(
    "five years after the house was handed over, or after a household that was not helped was last heard of; the amounts stay"
)
HOLDINGS = (
    Holding(
        "houses.household",
        ("head", "hardship", "address", "ended_because", "folded", "sort_key"),
        what=_("The head of a household whose house is bad, its hardship and where it lives"),
        purpose=_("so that the village reviews it, the house is built and the money reaches it"),
        basis=HOUSES,
        kept=KEPT,
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
    Holding(
        "houses.objection",
        ("said_by", "words", "decision"),
        what=_("Who objected to a posted list, and what was said"),
        purpose=_("so that every objection is answered before houses are agreed to"),
        basis=HOUSES,
        kept=KEPT,
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
    Holding(
        "houses.consent",
        ("given_by",),
        what=_("Who agreed that a name or a photo is shown, when and how"),
        purpose=_("so that the consent can be proved, and taken back"),
        basis=CONSENT,
        kept=KEPT,
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
    Holding(
        "houses.housemoney",
        ("giver", "note"),
        what=_("Who gave money, material or days of work to a house"),
        purpose=_("so that it is seen that one house has many sources"),
        basis=HOUSES,
        kept=KEPT,
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
    Holding(
        "houses.news",
        ("note",),
        what=_("What was seen at a house"),
        purpose=_("so that a house that stands still is seen"),
        basis=HOUSES,
        kept=KEPT,
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
)
FREE = (
    Free("houses.programme", ("slug", "name", "source"), why="a public programme and its rules"),
    Free(
        "houses.household",
        ("code", "grade", "work", "state", "stage"),
        why="a code of the register and words of a list",
    ),
    Free(
        "houses.review",
        ("minutes_number", "state", "posted_where", "sent_back_because"),
        why="numbers, a place and what the commune wants changed",
    ),
    Free("houses.consent", ("topic", "way"), why="words of a list"),
    Free("houses.housemoney", ("source",), why="a word of a list"),
    Free("houses.stage", ("kind",), why="a word of a list"),
    Free("houses.news", ("kind",), why="a word of a list"),
)
