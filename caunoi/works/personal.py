"""Who gave to public works: shown to everybody with initials when the giver wished so."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import End, Free, Holding, Whose

HOLDINGS = (
    Holding(
        "works.contribution",
        ("giver", "note", "because"),
        what=_("Who gave money, land or days of labour to a public work"),
        purpose=_("so that everybody sees what was given, and the giver finds herself"),
        basis="Luật Thực hiện dân chủ ở cơ sở 10/2022/QH15, Điều 11: công khai các khoản huy động Nhân dân đóng góp",
        kept=_(
            "five years after the work ended; initials at once when asked for; the amount stays"
        ),
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
)
FREE = (
    Free("works.project", ("code", "kind", "name", "purpose", "plan"), why="a public work"),
    Free("works.contribution", ("thing", "land"), why="words of a list"),
    Free("works.clearing", ("land", "note"), why="an area and what sort of land it is"),
)
