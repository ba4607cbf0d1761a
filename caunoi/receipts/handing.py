"""What is handed to a person to post: words to copy, pictures to save, a link to share, seconds of a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from caunoi.notices import voices_shown
from caunoi.notices.models import Notice
from caunoi.notices.rules import script_seconds
from caunoi.outbox.models import OutboundMessage
from caunoi.receipts import queries, rules
from caunoi.receipts.terms import AIRED_ON, Group
from caunoi.units import queries as units


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to post. ``link``: the short address that counts opens, else the notice's own."""

    send: OutboundMessage
    notice: Notice | None
    unit_name: str
    title: str
    text: str
    link: str
    pictures: tuple[dict[str, str], ...]
    is_aired: bool
    seconds: int
    group: Group
    sounds: tuple[voices_shown.Heard, ...] = ()
    reminded_at: Any = None

    @property
    def waits(self) -> bool:
        return self.group is Group.HANDED

    @property
    def whole(self) -> str:
        """The words as they are shared: with the link that counts in the place of the permanent one, else behind them."""
        permanent = self.send.content.link if self.send.content else ""
        text = self.text.replace(permanent, self.link) if permanent and self.link else self.text
        return text if not self.link or self.link in text else f"{text}\n{self.link}"


def items(sends: Sequence[OutboundMessage], *, on: date) -> list[Item]:
    """Return the sends as they are shown, in the same order, with as many questions however many they are."""
    found = queries.notices_of(sends=sends)
    names = units.names_of(unit_ids=[s.channel.unit_id for s in sends], on=on)
    links = queries.links_of(
        notice_ids=[n.pk for n in found.values()], channel_ids=[s.channel_id for s in sends]
    )
    reminded = queries.reminders_for(sends=sends)
    sounds = _sounds(sends, found)
    made = []
    for send in sends:
        notice = found.get(send.reference)
        short = links.get((notice.pk, send.channel_id)) if notice else None
        aired = send.channel.connector_key == AIRED_ON
        made.append(
            Item(
                send=send,
                notice=notice,
                unit_name=names.get(send.channel.unit_id, ""),
                title=notice.title if notice else send.content.title if send.content else "",
                text=send.shown_text,
                link="" if aired else _link(send, short.code if short else ""),
                pictures=_pictures(send, notice),
                is_aired=aired,
                seconds=script_seconds(send.shown_text) if aired else 0,
                group=rules.group_of(send.state, declared=send.declared_by_id is not None),
                sounds=sounds.get(notice.pk, ()) if notice else (),
                reminded_at=reminded.get((send.reference, send.channel.unit_id)),
            )
        )
    return made


def _sounds(
    sends: Sequence[OutboundMessage], found: dict[str, Notice]
) -> dict[UUID, tuple[voices_shown.Heard, ...]]:
    """Return what can be heard of these notices; the reading by machine only where it reads what is to be aired."""
    scripts = {
        found[s.reference].pk: s.shown_text
        for s in sends
        if s.reference in found and s.channel.connector_key == AIRED_ON
    }
    heard = voices_shown.sounds_of({n.pk: n for n in found.values()}, scripts)
    return {pk: tuple(sounds) for pk, sounds in heard.items()}


def _link(send: OutboundMessage, code: str) -> str:
    if code:
        return settings.PUBLIC_URL + reverse("receipts:link", args=[code])
    return send.content.link if send.content else ""


def _pictures(send: OutboundMessage, notice: Notice | None) -> tuple[dict[str, str], ...]:
    if send.content is None or notice is None:
        return ()
    shown = []
    for ref in send.content.picture_refs:
        address = reverse("notices:desk_picture", args=[notice.pk, ref["ref"]]) + "?jpg"
        shown.append({"address": address, "alt": ref["alt"], "name": ref["name"]})
    return tuple(shown)
