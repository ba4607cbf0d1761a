"""Rows of the inbox as ready words: chips, icons, names and dates are made once a page, so that a row is drawn by putting words in."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from caunoi.cases.models import Case
from caunoi.kit.templatetags import kit

SOME_NUMBER = "NA-0000-000000"


class Row(TypedDict):
    """One case as the list shows it; everything is drawn already.

    door              how it came: icon and word
    due_tone, due     empty when nothing is due any more
    state, sensitive  chips, empty where they would say nothing new
    """

    number: str
    href: str
    pick: str
    unread: bool
    door: str
    who: str
    given_to: str
    initials: str
    came_at: str
    came: str
    title: str
    sensitive: str
    state: str
    due_tone: str
    due_icon: str
    due_at: str
    due: str
    asleep: str
    topic: str
    place: str


class Pen:
    """Draws the rows of one page; what many rows share is drawn once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._drawn: dict[tuple[str, ...], str] = {}
        self._href = reverse("journeys:case", args=[SOME_NUMBER])
        self._pick = _("Choose %(number)s")
        self._unnamed = _("Unnamed")
        self._given_to = _("Given to")

    def row(self, case: Case, *, channel: str, unread: bool, topic: str, place: str) -> Row:
        """Return one row; ``channel`` is the kind of channel, empty when it came through none."""
        due = None if case.answered_at or case.closed_at else case.due_at
        tone = kit.due_tone(due, self.now) if due else ""
        assignee = case.assignee.full_name if case.assignee_id and case.assignee else ""
        asleep = case.snoozed_until is not None and case.snoozed_until > self.now
        return Row(
            number=case.number,
            href=self._href.replace(SOME_NUMBER, case.number),
            pick=self._pick % {"number": case.number},
            unread=unread,
            door=self._door(channel, case.origin),
            who=case.asker_name or self._unnamed,
            given_to=f"{self._given_to} {assignee}" if assignee else "",
            initials=kit.initials(assignee),
            came_at=kit.vi_datetime(case.opened_at),
            came=kit.short_when(case.opened_at, self.now),
            title=case.title,
            sensitive=self._part("cases/sensitive.html", kind=case.sensitive)
            if case.sensitive
            else "",
            state=self._state(case, waits=due is not None),
            due_tone=tone,
            due_icon=kit.icon("triangle-alert" if tone == "bad" else "clock") if due else "",
            due_at=kit.vi_datetime(due),
            due=kit.due_words(due, self.now) if due else "",
            asleep=kit.vi_date(case.snoozed_until) if asleep else "",
            topic=topic,
            place=place,
        )

    def _state(self, case: Case, *, waits: bool) -> str:
        """Draw the state where it says more than the deadline beside it."""
        if waits and case.state not in {"submitted", "drafted"}:
            return ""
        return self._part("cases/state.html", state=case.state)

    def _door(self, channel: str, origin: str) -> str:
        return self._part("handling/channel_icon.html", key=channel, origin=origin)

    def _part(self, template: str, **words: str) -> str:
        key = (template, *words.values())
        if key not in self._drawn:
            self._drawn[key] = render_to_string(template, words)
        return self._drawn[key]


def rows(
    found: Iterable[Case],
    *,
    now: datetime,
    unread: set[UUID],
    channels: Mapping[UUID, str],
    topics: Mapping[str, str],
    places: Mapping[UUID, str],
) -> list[Row]:
    """Return the cases as rows.

    channels, topics, places  kind of channel by its id, topic names by code, names of units (shown where a case names no place)
    """
    pen = Pen(now)
    return [
        pen.row(
            c,
            channel=channels.get(c.channel_id, "") if c.channel_id else "",
            unread=c.pk in unread,
            topic=topics.get(c.topic, c.topic),
            place=c.place or places.get(c.owner_id, ""),
        )
        for c in found
    ]
