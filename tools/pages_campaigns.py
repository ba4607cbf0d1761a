"""The pages of campaigns."""

from collections.abc import Callable

from tools.look import Look, press


def looks(rows: Callable[..., list[tuple]]) -> list[Look]:
    """Return them with the addresses of the running copy."""
    from caunoi.funds import codes

    flood, need, money = (
        rows(sql)[0][0]
        for sql in (
            "SELECT id FROM campaigns_campaign WHERE slug = 'lu-quet-ky-son'",
            "SELECT id FROM campaigns_need ORDER BY said_at, amount LIMIT 1",
            "SELECT n.id FROM campaigns_need n JOIN campaigns_campaign c ON c.id = n.campaign_id"
            " WHERE n.commodity_id = 'VND' AND c.slug = 'lu-quet-ky-son' LIMIT 1",
        )
    )
    waits = rows("SELECT id FROM campaigns_campaign WHERE state = 'submitted' LIMIT 1")[0][0]
    number = rows(
        "SELECT c.number FROM campaigns_transfercode c JOIN campaigns_gift g ON g.id = c.gift_id"
        " WHERE g.commodity_id = 'VND' LIMIT 1"
    )[0][0]
    page, desk = "/van-dong/lu-quet-ky-son/", "/quan-tri/van-dong/"
    return [
        Look("campaigns-public", "/van-dong/"),
        Look("campaigns-public-nothing", "/van-dong/?q=khongcogi"),
        Look("campaign-public", page),
        Look("campaign-promise", f"{page}gop/"),
        Look("campaign-promise-need", f"{page}gop/?nhu-cau={money}"),
        Look("campaign-promise-error", f"{page}gop/", then=press),
        Look("campaign-promised", f"/loi-hua/{codes.code_of(number)}/"),
        Look("campaign-find", "/loi-hua/"),
        Look("campaign-find-nothing", "/loi-hua/?ma=UH0000000", status=422),
        Look("campaigns", desk, "phuc"),
        Look("campaign-write", f"{desk}moi/", "hanh"),
        Look("campaign-write-error", f"{desk}moi/", "hanh", then=press),
        Look("campaign-desk", f"{desk}{flood}/", "phuc"),
        Look("campaign-approve", f"{desk}{waits}/", "phuc"),
        Look("campaign-rules", f"{desk}quy-dinh/", "phuc"),
        Look("campaign-needs", f"{desk}{flood}/nhu-cau/", "phuc"),
        Look("campaign-needs-nothing", f"{desk}{flood}/nhu-cau/?text=khongcogi", "phuc"),
        Look("campaign-report", f"{desk}{flood}/nhu-cau/moi/", "phuc"),
        Look("campaign-need", f"/quan-tri/nhu-cau/{need}/", "phuc"),
        Look("campaign-gifts", f"{desk}{flood}/loi-hua/", "quy"),
        Look("campaign-take-in", f"{desk}{flood}/loi-hua/moi/", "quy"),
    ]
