"""What followers read: content for residents, so always Vietnamese, in templates that anybody may edit."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from caunoi.answers.models import PublishedAnswer
from caunoi.routing import queries as routing
from caunoi.subscriptions import links
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.units import queries as units

TITLE = 120
MOST_ROWS = 40


def name_of(found: Subscription, on: date) -> str:
    """Return what is followed, as the follower knows it."""
    if found.number:
        return f"câu hỏi số {found.number}"
    unit = units.name_of(unit_id=found.unit_id, on=on) if found.unit_id else ""
    topic = f" về {routing.topic_name(code=found.topic).lower()}" if found.topic else ""
    return f"câu trả lời{topic} của {unit}"


def rows_of(sendings: Sequence[Sending]) -> list[dict[str, Any]]:
    """Return each question once, with the newest thing that happened to it; what is no longer in the library is left out."""
    newest = {s.number: s for s in sorted(sendings, key=lambda s: (s.at, s.event_id))}
    found = {a.number: a for a in PublishedAnswer.objects.filter(number__in=newest)}
    return [
        {
            "number": number,
            "kind": s.kind,
            "title": found[number].title[:TITLE],
            "agency": found[number].agency,
            "why": found[number].correction,
            "law": found[number].law_note,
            "address": f"{settings.PUBLIC_URL}/hoi/{number}/",
        }
        for number, s in newest.items()
        if number in found
    ]


def stop_address(found: Subscription) -> str:
    """Return the address that ends it, by one click of a mail program too."""
    word = links.made(links.STOP, found.pk)
    return settings.PUBLIC_URL + reverse("subscriptions:stop", args=[word])


def confirm_address(found: Subscription) -> str:
    """Return the address that begins it."""
    word = links.made(links.CONFIRM, found.pk)
    return settings.PUBLIC_URL + reverse("subscriptions:confirm", args=[word])


def said(template: str, shown: dict[str, Any]) -> tuple[str, str]:
    """Return subject and text of a letter: the first line, and the rest."""
    with override("vi"):
        text = render_to_string(f"mail/{template}.txt", shown).strip()
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"
