"""What a campaign looks like elsewhere: the picture shown when its address is shared, and its facts for search engines."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst

from caunoi.campaigns.models import Campaign
from caunoi.campaigns.picture_of import Amounts, Shown
from caunoi.kit.jsonld import JsonLd

LAYOUT = Path(__file__).resolve().parent / "data" / "share.typ"
LINES = 3


def image(*, campaign: Campaign, unit_name: str, numbers: Shown, on: date) -> bytes:
    """Return 1200 × 630 points as PNG. Drawn by typst from plain data, in the letters it brings along: no text is read as markup."""
    until = campaign.ends_on.strftime("%d/%m/%Y") if campaign.ends_on else ""
    ended = campaign.ends_on is not None and campaign.ends_on < on
    facts = {
        "unit": unit_name,
        "title": campaign.title,
        "until": f"Đã kết thúc {until}" if ended else f"Nhận đến hết {until}" if until else "",
        "lines": [_line(a) for a in numbers.totals[:LINES]],
    }
    inputs = {"paper": json.dumps(facts, ensure_ascii=False)}
    drawn = typst.compile(LAYOUT.read_bytes(), format="png", sys_inputs=inputs, ppi=72)
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)


def _line(amounts: Amounts) -> dict[str, Any]:
    whole = amounts.needed or amounts.received
    return {
        "what": f"{amounts.commodity.name}, {amounts.commodity.unit_word}",
        "words": f"{_number(amounts.received)} đã nhận · {_number(amounts.delivered)} đã trao"
        + (f" · cần {_number(amounts.needed)}" if amounts.needed else ""),
        "received": min(100, 100 * amounts.received // whole) if whole else 0,
        "delivered": min(100, 100 * amounts.delivered // whole) if whole else 0,
    }


def _number(n: int) -> str:
    return f"{n:,}".replace(",", ".")


def facts(*, campaign: Campaign, unit_name: str, area_name: str, address: str) -> JsonLd:
    """Return the campaign as a page of a public body with the deed of giving, in the words of schema.org."""
    body = {"@type": "NGO", "name": campaign.launched_by, "memberOf": unit_name}
    return JsonLd(
        {
            "@type": "DonateAction",
            "name": campaign.title,
            "description": campaign.purpose[:500],
            "url": address,
            "startTime": campaign.starts_on.isoformat(),
            **({"endTime": campaign.ends_on.isoformat()} if campaign.ends_on else {}),
            "location": {"@type": "AdministrativeArea", "name": area_name},
            "recipient": body,
            "target": {"@type": "EntryPoint", "urlTemplate": f"{address}gop/"},
        }
    )
