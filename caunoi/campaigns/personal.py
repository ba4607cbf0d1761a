"""Who promised what: the giver's own words, kept apart from the books and erased after the campaign."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import End, Free, Holding, Whose

GIVING = "Nghị định 93/2021/NĐ-CP: công khai tiền, hàng đóng góp; người đóng góp được ghi tên viết tắt nếu muốn"
HOLDINGS = (
    Holding(
        "campaigns.gift",
        ("giver", "contact", "note"),
        what=_("Name, telephone and words of somebody who promised a gift"),
        purpose=_("so that the gift is fetched, thanked for and followed"),
        basis=GIVING,
        kept=_("24 months after the campaign, or until erased on request; the amount stays"),
        whose=Whose.GIVER,
        end=End.ERASED,
    ),
)
FREE = (
    Free(
        "campaigns.campaign",
        (
            "slug",
            "kind",
            "state",
            "title",
            "purpose",
            "legal_basis",
            "launched_by",
            "bring",
            "do_not_bring",
            "bank",
            "bank_name",
            "account_number",
            "account_holder",
            "picture_says",
            "sent_back_because",
            "ended_because",
            "folded",
        ),
        why="a public appeal of an institution and its account",
    ),
    Free(
        "campaigns.launchrule",
        ("kind", "level", "body", "source", "status"),
        why="who may launch a campaign, and who says so",
    ),
    Free("campaigns.purpose", ("code", "name"), why="what a gift may be bound to"),
    Free("campaigns.need", ("purpose", "priority", "note", "state"), why="what a unit needs"),
    Free("campaigns.gift", ("purpose", "state"), why="codes"),
    Free("campaigns.transfercode", ("purpose",), why="a code"),
    Free("campaigns.publication", ("duty", "source", "proof"), why="what was published where"),
    Free("campaigns.update", ("text", "picture_says"), why="a public word of an institution"),
)
