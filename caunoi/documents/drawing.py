"""Papers as PDF, drawn by typst from a fixed layout and plain data: no text of a paper is ever read as markup.

Fonts: Times New Roman or Liberation Serif where the machine has them, else Libertinus Serif, which comes with the typst
package and has every Vietnamese letter.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import typst

from caunoi.documents.rules import MOTTO
from caunoi.documents.terms import Sheet

LAYOUTS = Path(__file__).resolve().parent / "data"


def pdf_of(sheet: Sheet, picture: str = "") -> bytes:
    """Return the official paper as PDF.

    picture  an SVG that stands below the words
    """
    return draw("official", sheet.as_json() | {"motto": MOTTO, "picture": picture})


def receipt_pdf(
    *,
    title: str,
    number: str,
    issuer: str,
    facts: Sequence[tuple[str, str]],
    notes: Sequence[str],
    address: str,
    qr_svg: str,
) -> bytes:
    """Return a slip with a QR code as PDF: what the asker takes home, or the link an agency gets on paper."""
    shown = {
        "title": title,
        "number": number,
        "issuer": issuer,
        "facts": facts,
        "notes": notes,
        "address": address,
        "qr": qr_svg,
    }
    return draw("receipt", shown)


def draw(
    layout: str, data: dict, *, kind: Literal["pdf", "png"] = "pdf", ppi: float | None = None
) -> bytes:
    """Return the layout filled with the data, as "pdf" or, for looking at its first page, "png"."""
    source = (LAYOUTS / f"{layout}.typ").read_bytes()
    inputs = {"paper": json.dumps(data, ensure_ascii=False)}
    drawn = typst.compile(source, format=kind, sys_inputs=inputs, ppi=ppi)
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)


def board_pdf(
    *,
    issuer: Sequence[str],
    title: str,
    subtitle: str,
    facts: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
    address: str,
    qr_svg: str,
    date_line: str,
    signer: str,
    wide: bool = False,
) -> bytes:
    """Return a list for a notice board as PDF, with a QR code to the page where the same is read.

    columns  heading and how it stands: "left", "right" or "wide" (takes what is left)
    wide     on its side, for many columns
    """
    shown = {
        "issuer": issuer,
        "title": title,
        "subtitle": subtitle,
        "facts": facts,
        "columns": columns,
        "rows": rows,
        "notes": notes,
        "address": address,
        "qr": qr_svg,
        "date_line": date_line,
        "signer": signer,
        "wide": wide,
        "motto": MOTTO,
    }
    return draw("board", shown)
