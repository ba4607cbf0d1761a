"""A notice as a sheet of paper for the notice board, drawn by typst from plain data: no text is ever read as markup."""

import base64
import io
import json
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from caunoi.kit import scripts

MOST_PICTURES = 2
LAYOUT = Path(__file__).resolve().parent / "data" / "a4.typ"


def sheet_of(
    facts: dict[str, Any], *, address: str, kind: Literal["pdf", "png"] = "pdf", ppi: float = 110
) -> bytes:
    """Return the sheet as PDF, or its first page as PNG for looking at.

    facts  unit, day, kind, title, paragraphs (list), facts ([label, words] pairs), pictures ((JPEG, width, height, what it
           shows), the first two), scan, until, lang (BCP 47; Vietnamese when it is left out)
    """
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False)
    written = {name: value for name, value in facts.items() if name != "pictures"}
    fonts: list[Any] = [
        str(folder) for folder in scripts.printing_folders(json.dumps(written, ensure_ascii=False))
    ]
    drawn_in = [_picture(*p) for p in facts.get("pictures", ())[:MOST_PICTURES]]
    data = written | {"address": address, "qr": out.getvalue().decode(), "pictures": drawn_in}
    inputs = {"paper": json.dumps(data, ensure_ascii=False)}
    drawn = typst.compile(
        LAYOUT.read_bytes(), format=kind, sys_inputs=inputs, ppi=ppi, font_paths=fonts
    )
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)


def _picture(jpeg: bytes, width: int, height: int, alt: str) -> dict[str, str]:
    """Return a picture as text that the layout can draw, since it takes nothing but text."""
    body = base64.b64encode(jpeg).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{body}"/></svg>'
    )
    return {"svg": svg, "alt": alt}
