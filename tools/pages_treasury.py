"""The pages of the treasurer, the auditor and the open books."""

from collections.abc import Callable

from tools.look import Look, press

FUND = "Quỹ Vì người nghèo tỉnh Nghệ An"


def looks(rows: Callable[..., list[tuple]]) -> list[Look]:
    """Return them with the addresses of the running copy."""
    fund = rows(f"SELECT id FROM funds_fund WHERE name = '{FUND}'")[0][0]
    one = {
        name: rows(f"SELECT id FROM treasury_voucher WHERE fund_id = '{fund}' AND {which}")[0][0]
        for name, which in {
            "gift": "kind = 'take_in'",
            "handed": "kind = 'hand_over'",
            "waits": "state = 'waiting'",
        }.items()
    }
    desk, vouchers = f"/quan-tri/quy/{fund}/", "/quan-tri/phieu/"
    return [
        Look("books", "/so-cai/"),
        Look("journal", f"/so-cai/{fund}/"),
        Look("journal-nothing", f"/so-cai/{fund}/?move=spoil"),
        Look("verify", "/kiem-tra/"),
        Look("receipt-proof", f"/bien-nhan/{one['gift']}/"),
        Look("funds", "/quan-tri/quy/", "phuc"),
        Look("fund", desk, "quy"),
        Look("vouchers", f"{desk}phieu/", "quy"),
        Look("vouchers-nothing", f"{desk}phieu/?text=khongcogi", "quy"),
        Look("voucher-new", f"{desk}phieu/hand_over/", "quy"),
        Look("voucher-error", f"{desk}phieu/take_in/", "quy", then=press),
        Look("voucher-handed", f"{vouchers}{one['handed']}/", "quy"),
        Look("voucher-approve", f"{vouchers}{one['waits']}/", "phuc"),
        Look("trial-balance", f"{desk}can-doi/", "giang"),
        Look("books-audit", f"{desk}kiem-toan/", "giang"),
        Look("books-declare", f"{desk}kiem-toan/", "quy"),
        Look("books-close", f"{desk}khoa-so/", "phuc"),
        Look("two-persons", "/quan-tri/quy/han-muc/", "phuc"),
    ]
