"""The two ways of writing an answer: XML as the standard wants it, and JSON beside it."""

import json
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse
from django.utils import timezone

from caunoi.open311.terms import Refused

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Record = dict[str, Any]


def listed(
    form: str, *, root: str, each: str, rows: list[Record], status: int = 200
) -> HttpResponse:
    """Return a list: in XML below ``root`` one ``each`` a row, in JSON an array."""
    if form == "json":
        return _json([_plain(row) for row in rows], status)
    top = ElementTree.Element(root)
    for row in rows:
        _fill(ElementTree.SubElement(top, each), row)
    return _xml(top, status)


def single(form: str, *, root: str, row: Record) -> HttpResponse:
    """Return one thing."""
    if form == "json":
        return _json(_plain(row), 200)
    top = ElementTree.Element(root)
    _fill(top, row)
    return _xml(top, 200)


def refused(form: str, error: Refused) -> HttpResponse:
    """Return an error as the standard writes it."""
    said = {"code": str(error.code), "description": error.description}
    return listed(form, root="errors", each="error", rows=[said], status=error.code)


def _fill(parent: ElementTree.Element, row: Record) -> None:
    """Write each field; a list of records becomes ``name``/``its singular``, as (singular, records)."""
    for name, value in row.items():
        node = ElementTree.SubElement(parent, name)
        if isinstance(value, tuple):
            each, records = value
            for record in records:
                below = ElementTree.SubElement(node, each)
                if isinstance(record, dict):
                    _fill(below, record)
                else:
                    below.text = _text(record)
        else:
            node.text = _text(value)


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return moment(value)
    return _NO_XML.sub("", str(value))


def moment(at: datetime) -> str:
    """Return a W3C time with Việt Nam's zone, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def _plain(row: Record) -> Record:
    def one(value: Any) -> Any:
        if isinstance(value, tuple):
            return [_plain(r) if isinstance(r, dict) else r for r in value[1]]
        return moment(value) if isinstance(value, datetime) else value

    return {name: one(value) for name, value in row.items()}


def _xml(top: ElementTree.Element, status: int) -> HttpResponse:
    body = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type="text/xml; charset=utf-8", status=status)


def _json(said: Any, status: int) -> HttpResponse:
    body = json.dumps(said, ensure_ascii=False)
    return HttpResponse(body, content_type="application/json; charset=utf-8", status=status)
