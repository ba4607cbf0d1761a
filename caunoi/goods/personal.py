"""Who got something and who saw it, and people who offered their days: kept short, by their own yes, erased in time."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import CONSENT, End, Free, Holding, Whose

GIVING = "Nghị định 93/2021/NĐ-CP: công khai tiền, hàng đóng góp và việc trao tặng"
HOLDINGS = (
    Holding(
        "goods.volunteer",
        ("name", "phone", "skills"),
        what=_("Name, telephone and skills of somebody who offered her days"),
        purpose=_("so that she can be called when hands are needed"),
        basis=CONSENT,
        kept=_("six months, or shorter when she says so; then the row is deleted"),
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
    Holding(
        "goods.movement",
        ("witness", "note", "folded"),
        what=_(
            "Who saw a hand-over, and what was written about it; who got it is sealed in the books"
        ),
        purpose=_("so that every hand-over can be proven"),
        basis=GIVING,
        kept=_("two years; amount, day and place stay"),
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
)
FREE = (
    Free("goods.reservation", ("state", "ended_because"), why="a code and the reason of an office"),
    Free("goods.team", ("name",), why="the name of a team, not of its people"),
    Free("goods.movement", ("kind", "purpose", "place"), why="codes, and a public place"),
)
