"""The pages of public works."""

from collections.abc import Callable

from tools.look import Look, press


def looks(rows: Callable[..., list[tuple]]) -> list[Look]:
    """Return them with the addresses of the running copy."""
    road = rows("SELECT id FROM works_project WHERE code = 'duong-xom-1'")[0][0]
    desk = "/quan-tri/cong-trinh/"
    return [
        Look("works-public-list", "/cong-trinh/?don-vi=xa-bich-hao"),
        Look("works-public-nothing", "/cong-trinh/?q=khongcogi"),
        Look("works-public", f"/cong-trinh/{road}/"),
        Look("works", desk, "binh"),
        Look("works-begin-error", f"{desk}moi/", "binh", then=press),
        Look("work", f"{desk}{road}/", "binh"),
        Look("work-error", f"{desk}{road}/", "binh", then=press),
        Look("work-bring-in", f"{desk}{road}/nhap/", "binh"),
        Look("works-roll-up", f"{desk}tong-hop/", "binh"),
    ]
