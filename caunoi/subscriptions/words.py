"""What followers read: content for residents, so always Vietnamese, in templates that anybody may edit."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import override

from caunoi.answers.models import PublishedAnswer
from caunoi.kit import clock
from caunoi.notices import queries as notices
from caunoi.notices.terms import NoticeState
from caunoi.routing import queries as routing
from caunoi.subscriptions import links
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.subscriptions.terms import About, News
from caunoi.units import queries as units

TITLE = 120
MOST_ROWS = 40
LONGEST_TEXT = 1_000


def name_of(found: Subscription, on: date) -> str:
    """Return what is followed, as the follower knows it."""
    if found.number:
        return f"câu hỏi số {found.number}"
    unit = units.name_of(unit_id=found.unit_id, on=on) if found.unit_id else ""
    if found.about == About.NOTICES:
        return f"{'cảnh báo' if found.only_warnings else 'thông báo'} của {unit}"
    topic = f" về {routing.topic_name(code=found.topic).lower()}" if found.topic else ""
    return f"câu trả lời{topic} của {unit}"


def rows_of(
    found: Subscription, sendings: Sequence[Sending], *, at: datetime
) -> list[dict[str, Any]]:
    """Return what is to be told: each question or notice once, with the newest that happened; what no longer holds is left out."""
    return _notices(sendings, at) if found.about == About.NOTICES else _answers(sendings)


def _notices(sendings: Sequence[Sending], at: datetime) -> list[dict[str, Any]]:
    newest = {s.number: s for s in sorted(sendings, key=lambda s: (s.at, s.event_id))}
    rows = []
    for notice in notices.told(numbers=newest):
        kind = newest[notice.number].kind
        recalled = notice.state == NoticeState.RECALLED
        over = notice.valid_until is not None and notice.valid_until <= at
        if recalled != (kind == News.RECALLED) or (over and not recalled):
            continue
        rows.append(
            {
                "number": notice.number,
                "kind": kind,
                "title": notice.title,
                "unit": units.name_of(unit_id=notice.unit_id, on=clock.local_date(at)),
                "text": Truncator(notices.brief_of(notice=notice)).chars(LONGEST_TEXT),
                "why": notice.end_reason,
                "until": notice.valid_until,
                "address": f"{settings.PUBLIC_URL}/thong-bao/{notice.number}/",
            }
        )
    return sorted(rows, key=lambda row: row["kind"] != News.WARNING)


def _answers(sendings: Sequence[Sending]) -> list[dict[str, Any]]:
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
