"""The public statement taken along: as a table, and as grants in the form of 360Giving (standard.threesixtygiving.org, version 1.1).

A statement knows no givers by name, and 360Giving is about who gave to whom: each line that came in is a grant of its masked giver to the
body that launched the campaign.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from caunoi.campaigns.models import Campaign
from caunoi.statements.models import BankLine
from caunoi.statements.terms import LineState

MOST_XLSX = 50_000
HEADER = ("Ngày", "Số tiền (đồng)", "Nội dung", "Người chuyển", "Số của ngân hàng", "Mã", "Mục đích", "Tình trạng", "Số dư", "Dòng")  # fmt: skip
STATES = {
    LineState.MATCHED: "đã khớp",
    LineState.UNMATCHED: "chờ khớp",
    LineState.FEE: "phí ngân hàng",
    LineState.REFUND: "hoàn trả",
    LineState.IGNORED: "chi theo chứng từ",
    LineState.UNDONE: "đã gỡ cùng tệp",
}
"""Content of a file, so always Vietnamese."""
GIVING_COLUMNS = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Recipient Org:Identifier", "Recipient Org:Name",
    "Funding Org:Identifier", "Funding Org:Name", "Grant Programme:Code", "Grant Programme:Title",
)  # fmt: skip


def rows_of(lines: Iterable[BankLine]) -> Iterator[Sequence[Any]]:
    """Yield the lines as rows under HEADER."""
    for line in lines:
        yield (
            line.on,
            line.amount,
            line.text,
            line.giver,
            line.reference,
            line.code_text,
            line.purpose,
            STATES[LineState(line.state)],
            line.balance,
            line.short,
        )


def grant_of(line: BankLine, campaign: Campaign, source: str = "") -> dict[str, Any]:
    """Return one line that came in as a grant of 360Giving."""
    org = f"VN-MTTQ-{campaign.unit_id}"
    return {
        "id": f"360G-caunoi-{line.short}",
        "title": campaign.title,
        "description": line.text or campaign.title,
        "currency": "VND",
        "amountAwarded": line.amount,
        "awardDate": line.on.isoformat(),
        "fundingOrganization": [{"id": f"360G-caunoi-giver-{line.short}", "name": line.giver or "Người ủng hộ"}],
        "recipientOrganization": [{"id": org, "name": campaign.launched_by}],
        "grantProgramme": [{"code": campaign.slug, "title": campaign.title}],
        "dataSource": source or None,
    }  # fmt: skip


def giving_json(
    lines: Iterable[BankLine], campaign: Campaign, *, at: datetime, source: str
) -> Iterator[str]:
    """Yield a package of 360Giving piece by piece. ``source``: the whole address of the statement."""
    head = {
        "version": "1.1",
        "issued": at.date().isoformat(),
        "publisher": {"name": campaign.launched_by, "identifier": f"VN-MTTQ-{campaign.unit_id}"},
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "grants": ['
    first = True
    for line in lines:
        if line.amount > 0 and line.state != LineState.REFUND:
            yield ("" if first else ",\n") + json.dumps(
                grant_of(line, campaign, source), ensure_ascii=False
            )
            first = False
    yield "]}\n"


def giving_rows(lines: Iterable[BankLine], campaign: Campaign) -> Iterator[Sequence[Any]]:
    """Yield the same grants as rows under GIVING_COLUMNS."""
    for line in lines:
        if line.amount > 0 and line.state != LineState.REFUND:
            g = grant_of(line, campaign)
            giver, taker = g["fundingOrganization"][0], g["recipientOrganization"][0]
            yield (
                g["id"], g["title"], g["description"], g["currency"], g["amountAwarded"], g["awardDate"], taker["id"], taker["name"],
                giver["id"], giver["name"], campaign.slug, campaign.title,
            )  # fmt: skip
