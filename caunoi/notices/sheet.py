"""A notice as a sheet of paper for the notice board, drawn by typst from plain data: no text is ever read as markup."""

import io
import json
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from caunoi.kit import scripts

LAYOUT = Path(__file__).resolve().parent / "data" / "a4.typ"


def sheet_of(
    facts: dict[str, Any], *, address: str, kind: Literal["pdf", "png"] = "pdf", ppi: float = 110
) -> bytes:
    """Return the sheet as PDF, or its first page as PNG for looking at.

    facts  unit, day, kind, title, paragraphs (list), facts ([label, words] pairs), scan, until, lang (BCP 47; Vietnamese when it is left out)
    """
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False)
    data = facts | {"address": address, "qr": out.getvalue().decode()}
    paper = json.dumps(data, ensure_ascii=False)
    inputs = {"paper": paper}
    fonts: list[Any] = [str(folder) for folder in scripts.printing_folders(paper)]
    drawn = typst.compile(
        LAYOUT.read_bytes(), format=kind, sys_inputs=inputs, ppi=ppi, font_paths=fonts
    )
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)
