"""LibreOffice as an officer's PC runs it: opens a file and keeps it as another kind. A profile of its own each time, so that two may work beside each other."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

WITHIN_SECONDS = 180
UTF8_CSV = "CSV:44,34,76,1"
"""Comma, quotation mark, UTF-8, from the first line: what LibreOffice asks before it opens our CSV."""
needed = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not on this machine"
)
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def kept_as(kind: str, file: Path, *, opened_as: str = "") -> Path:
    """Return the file that LibreOffice made of ``file``: ``kind`` is "ods" or "xlsx"; it ends within three minutes or the test fails."""
    into = file.parent / f"{file.stem}-{file.suffix[1:]}-as-{kind}"
    with tempfile.TemporaryDirectory(prefix="caunoi-soffice-") as profile:
        words = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless"]
        words += [f"--infilter={opened_as}"] if opened_as else []
        subprocess.run(
            [*words, "--convert-to", kind, "--outdir", str(into), str(file)],
            check=True,
            capture_output=True,
            timeout=WITHIN_SECONDS,
        )
    return into / f"{file.stem}.{kind}"


def cells(ods: Path) -> list[tuple[str, str, str]]:
    """Return every filled cell of an ODS in order: (kind of value, formula, text); a formula that ran would stand there."""
    with ZipFile(ods) as package, package.open("content.xml") as content:
        return [
            (
                cell.get(f"{_OFFICE}value-type", ""),
                cell.get(f"{_TABLE}formula", ""),
                "".join(cell.itertext()),
            )
            for _, cell in ElementTree.iterparse(content)
            if cell.tag == f"{_TABLE}table-cell" and cell.get(f"{_OFFICE}value-type")
        ]
