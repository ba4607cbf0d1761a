"""A warning as CAP 1.2 (OASIS): elements in the order of the schema, moments with their offset and never "Z".

The Front passes on what a competent agency issued and is no alerting authority itself: without the agency's name, and in a
copy with sample data, the status is "Exercise".
"""

from datetime import datetime
from xml.etree import ElementTree as ET

from django.utils import timezone

from caunoi.notices import season
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeState
from caunoi.notices.texts import whole

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"


def cap_of(
    notice: Notice, *, sender: str, unit_name: str, unit_code: str, address: str, demo: bool
) -> bytes:
    """Return the alert. A recalled warning is a Cancel, one that puts another right an Update, each with its reference."""
    has = notice.details
    alert = ET.Element("alert", xmlns=NAMESPACE)
    recalled = notice.state == NoticeState.RECALLED
    kind, refers = ("Cancel", notice) if recalled else ("Update", notice.corrects) if notice.corrects else ("Alert", None)  # fmt: skip
    sent = notice.ended_at if recalled else notice.published_at
    _put(alert, "identifier", identifier(notice) + (".cancel" if recalled else ""))
    _put(alert, "sender", sender)
    _put(alert, "sent", moment(sent or notice.edited_at))
    _put(alert, "status", "Actual" if has.get("sender") and not demo else "Exercise")
    _put(alert, "msgType", kind)
    _put(alert, "source", has.get("sender", ""))
    _put(alert, "scope", "Public")
    _put(alert, "note", notice.end_reason if recalled else "")
    if refers is not None and refers.published_at:
        _put(alert, "references", f"{sender},{identifier(refers)},{moment(refers.published_at)}")
    info = ET.SubElement(alert, "info")
    _put(info, "language", "vi-VN")
    _put(info, "category", has.get("category") or "Other")
    _put(info, "event", has.get("event") or notice.title)
    for name in ("urgency", "severity", "certainty"):
        _put(info, name, has.get(name) or "Unknown")
    begins = season.moment_of(has.get("start", ""))
    over = notice.valid_until or season.moment_of(has.get("end", ""))
    _put(info, "onset", moment(begins) if begins else "")
    _put(info, "expires", moment(over) if over else "")
    _put(info, "senderName", unit_name)
    _put(info, "headline", notice.title)
    _put(info, "description", whole(notice.short_text, notice.long_text))
    _put(info, "instruction", has.get("instruction", ""))
    _put(info, "web", address)
    area = ET.SubElement(info, "area")
    _put(area, "areaDesc", has.get("area") or unit_name)
    geocode = ET.SubElement(area, "geocode")
    _put(geocode, "valueName", "GSO")
    _put(geocode, "value", unit_code)
    body: bytes = ET.tostring(alert, encoding="utf-8", xml_declaration=True)
    return body


def identifier(notice: Notice) -> str:
    """Return what the warning is called among machines: no space, comma, < or &."""
    return f"vn.caunoi.{notice.number}"


def moment(at: datetime) -> str:
    """Return 2026-11-22T15:00:00+07:00."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def _put(parent: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(parent, name).text = text
