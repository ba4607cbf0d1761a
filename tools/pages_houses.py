"""The pages of houses."""

from collections.abc import Callable

from tools.look import Look, press


def looks(rows: Callable[..., list[tuple]]) -> list[Look]:
    """Return them with the addresses of the running copy."""
    one = {
        name: rows(sql)[0][0]
        for name, sql in {
            "here": "SELECT programme_id FROM houses_household WHERE code = 'BH-001'",
            "slug": "SELECT p.slug FROM houses_programme p JOIN houses_household h ON h.programme_id = p.id WHERE h.code = 'BH-001'",
            "real": "SELECT programme_id FROM houses_household WHERE code = 'LKN-001'",
            "real_slug": "SELECT p.slug FROM houses_programme p JOIN houses_household h ON h.programme_id = p.id WHERE h.code = 'LKN-001'",
            "done": "SELECT id FROM houses_household WHERE code = 'BH-001'",
            "built": "SELECT id FROM houses_household WHERE code = 'BH-002'",
            "waits": "SELECT id FROM houses_household WHERE code = 'BH-009'",
            "posted": "SELECT id FROM houses_review WHERE minutes_number = '05/BB'",
            "village": "SELECT u.slug FROM units_unit u JOIN houses_household h ON h.village_id = u.id WHERE h.code = 'BH-001'",
        }.items()
    }
    desk, here = "/quan-tri/nha/", f"/quan-tri/nha/{one['here']}/"
    return [
        Look("houses-public-list", "/nha/"),
        Look("houses-public", f"/nha/{one['slug']}/"),
        Look("houses-public-real", f"/nha/{one['real_slug']}/"),
        Look("houses-posted", f"/nha/{one['slug']}/danh-sach/{one['posted']}/"),
        Look("houses", desk, "binh"),
        Look("houses-begin-error", f"{desk}moi/", "binh", then=press),
        Look("houses-board", here, "binh"),
        Look("houses-board-real", f"{desk}{one['real']}/", "sua"),
        Look("households", f"{here}ho/", "binh"),
        Look("households-nothing", f"{here}ho/?text=khongcoai", "binh"),
        Look("household-done", f"{desk}ho/{one['done']}/", "binh"),
        Look("household-built", f"{desk}ho/{one['built']}/", "binh"),
        Look("household-waits", f"{desk}ho/{one['waits']}/", "binh"),
        Look("household-money", f"{desk}ho/{one['built']}/", "quy"),
        Look("household-error", f"{here}ho/moi/", "binh", then=press),
        Look("household-correct", f"{desk}ho/{one['built']}/sua/", "binh"),
        Look("houses-bring-in", f"{here}nhap/", "binh"),
        Look("houses-reviews", f"{here}binh-xet/", "binh"),
        Look("houses-hold", f"{here}binh-xet/moi/?thon={one['village']}", "binh"),
        Look("houses-review", f"{desk}binh-xet/{one['posted']}/", "binh"),
        Look("houses-to-visit", f"{desk}di-tham/", "binh"),
        Look("houses-visit", f"{desk}ho/{one['built']}/tham/", "binh"),
        Look("houses-visit-error", f"{desk}ho/{one['built']}/tham/", "binh", then=press),
    ]
