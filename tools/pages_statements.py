"""Pages of bank statements: searched by everybody, brought in and matched by the treasurer."""

from tools.look import Look, press

ASKED = {
    "bank_campaign": "SELECT c.slug FROM campaigns_campaign c JOIN statements_bankaccount a ON a.campaign_id = c.id ORDER BY c.slug LIMIT 1",
    "bank_file": "SELECT id FROM statements_statementfile ORDER BY made_at LIMIT 1",
    "bank_line": "SELECT replace(key::text, '-', '') FROM statements_bankline WHERE state = 'matched' ORDER BY id LIMIT 1",
    "bank_waits": "SELECT replace(key::text, '-', '') FROM statements_bankline WHERE state = 'unmatched' AND amount > 0 ORDER BY id LIMIT 1",
}


def statements(one: dict[str, object]) -> list[Look]:
    public = f"/sao-ke/{one['bank_campaign']}/"
    line, waits = (_short(str(one[name])) for name in ("bank_line", "bank_waits"))
    return [
        Look("statements", "/sao-ke/"),
        Look("statement", public),
        Look("statement-found", f"{public}?q=ung+ho"),
        Look("statement-nothing", f"{public}?q=khongcogi"),
        Look("statement-error", f"{public}?q=a&tien=x", status=422),
        Look("statement-line", f"/sao-ke/dong/{line}/"),
        Look("bank-files", "/quan-tri/sao-ke/", "quy"),
        Look("bank-upload", "/quan-tri/sao-ke/nhap/", "quy"),
        Look("bank-upload-error", "/quan-tri/sao-ke/nhap/", "quy", then=press),
        Look("bank-file", f"/quan-tri/sao-ke/tep/{one['bank_file']}/", "quy"),
        Look("bank-accounts", "/quan-tri/sao-ke/tai-khoan/", "quy"),
        Look("bank-to-match", "/quan-tri/sao-ke/can-khop/", "quy"),
        Look("bank-to-match-nothing", "/quan-tri/sao-ke/can-khop/?q=khongcogi", "quy"),
        Look("bank-line", f"/quan-tri/sao-ke/dong/{waits}/", "quy"),
    ]


def _short(key: str) -> str:
    """The address of a line from its key, as ``caunoi.statements.rules.short_of`` makes it."""
    from uuid import UUID

    from caunoi.statements import rules

    return rules.short_of(UUID(key))
