"""What goes to one kind of channel: its room as the connector declares it, and the text the connector is asked to send."""

from collections.abc import Collection

from django.conf import settings
from django.urls import reverse

from caunoi.channels import registry
from caunoi.channels.contract import Capability, PostKind
from caunoi.notices import telling, texts
from caunoi.notices.terms import Audience, Draft, Room, Surface

CODE = "x" * 7
"""Stands for the code of a short address until the notice is out; as long as one."""


def room_of(kind: str) -> Room:
    """Return what this kind of channel takes."""
    connector = registry.connector_for(kind)
    surface, can = Surface(connector.written_as), connector.capabilities
    published = PostKind.PUBLICATION
    return Room(
        kind=kind,
        surface=surface,
        article=Capability.PUBLISH_ARTICLE in can,
        by_hand=Capability.BY_HAND in can,
        cut=Capability.VIDEO_ONLY in can,
        limit=connector.max_text.get(published, texts.LIMITS.get(surface)),
        plain=connector.max_plain.get(published),
    )


def text_of(draft: Draft, kind: str, *, address: str = "") -> str:
    """Return what the connector is asked to send; with an address only where a person copies the whole."""
    room = room_of(kind)
    text = telling.said(
        draft, room.surface, article=room.article, address=address if room.by_hand else ""
    )
    if room.cut:
        return registry.connector_for(kind).split(text, PostKind.PUBLICATION)[0]
    return text


def seen_on(draft: Draft, kind: str, *, address: str) -> str:
    """Return what people see there: the text that is sent, and the link where the channel puts it."""
    room, text = room_of(kind), text_of(draft, kind, address=address)
    if room.by_hand:
        return text
    leads = texts.sms if room.surface == Surface.SMS else texts.leading_on
    return leads(text, short_address(CODE) if counts_opens(kind) else address)


def accented(draft: Draft, *, address: str) -> str:
    """Return the SMS as it would be with its marks, to tell what leaving them out saves."""
    link = short_address(CODE) if address else ""
    return texts.sms(telling.in_one_line(draft), link)


def counts_opens(kind: str) -> bool:
    """True where a post bears a short address that counts its opens; else it bears the notice's own."""
    can = registry.connector_for(kind).capabilities
    return Capability.PUBLISH in can and Capability.SHOWN_HERE not in can


def short_address(code: str) -> str:
    """Return the short address with that code."""
    return settings.PUBLIC_URL + reverse("receipts:link", args=[code])


def kinds_for(*, audience: str, has_video: bool) -> set[str]:
    """Return the kinds of channel that a notice goes to. What is internal goes to lists of the units only, never where everybody reads."""
    kinds = set(registry.kinds_that(Capability.OFFICIAL_LIST))
    if audience == Audience.PUBLIC:
        kinds |= {
            *registry.kinds_that(Capability.PUBLISH),
            *registry.kinds_that(Capability.BY_HAND),
        }
    if not has_video:
        kinds -= set(registry.kinds_that(Capability.VIDEO_ONLY))
    return kinds


def rooms_of(kinds: Collection[str], *, audience: str, has_video: bool) -> tuple[Room, ...]:
    """Return what the channels among these kinds take that the notice goes to."""
    return tuple(
        room_of(k) for k in sorted(kinds_for(audience=audience, has_video=has_video) & set(kinds))
    )
