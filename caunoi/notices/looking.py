"""How a draft looks on each surface, and what the look before sending finds: for the composer and for whoever approves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from caunoi.channels import quotas, registry
from caunoi.channels.contract import Capability
from caunoi.notices import followers, posts, queries, queries_alike, rules, telling, texts, words
from caunoi.notices.models import AudienceLine
from caunoi.notices.rhythm import Rhythm, all_moments, next_after
from caunoi.notices.terms import Draft, Finding, Line, NoticeKind, Surface
from caunoi.units import queries as units
from caunoi.units.models import Unit

SHOWN = (
    (Surface.WEB, ""),
    (Surface.FACEBOOK, "facebook_page"),
    (Surface.ZALO, "zalo_oa"),
    (Surface.ZALO, "zalo_group"),
    (Surface.GROUP, "hand_posted"),
    (Surface.SMS, "sms"),
    (Surface.LOUDSPEAKER, "loudspeaker"),
    (Surface.A4, ""),
)
"""Each surface with the kind of channel that carries it there; the page and the sheet go by none."""


@dataclass(frozen=True, slots=True)
class Card:
    """One surface with what stands on it. ``own``: the text was written for it; ``segments`` of an SMS, ``seconds`` of a script.

    article  it has a title of its own above the text
    length   letters that count: the link is put beside them
    seconds  of the longest part of the script, where it is cut into ``parts``
    """

    surface: str
    name: str
    text: str
    own: bool
    length: int
    limit: int | None = None
    encoding: str = ""
    segments: int = 0
    accented_segments: int = 0
    seconds: int = 0
    parts: int = 1
    article: bool = False

    @property
    def too_long(self) -> bool:
        if self.surface == Surface.SMS and self.segments > texts.MOST_SEGMENTS:
            return True
        if self.surface == Surface.LOUDSPEAKER:
            return self.seconds > texts.LONGEST_SCRIPT_SECONDS
        return self.limit is not None and self.length > self.limit


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it is shown."""

    stops: bool
    text: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom an audience reaches: (name, how many) of levels, of kinds of channel and of followers."""

    levels: list[tuple[str, int]] = field(default_factory=list)
    kinds: list[tuple[str, int]] = field(default_factory=list)
    followers: list[tuple[str, int | None]] = field(default_factory=list)
    """Of kinds that people follow by themselves; None: so few that a number would say who."""
    used_up: list[tuple[str, int]] = field(default_factory=list)
    """Kinds of channel with how many of them must wait, as their quota is used up."""
    connector_keys: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        return sum(n for _name, n in self.levels)


def cards(draft: Draft, *, address: str) -> list[Card]:
    """Return the draft as each surface shows it; nothing written, nothing shown."""
    if not draft.title and not draft.short_text and not draft.long_text:
        return []
    return [_card(draft, surface, kind, address) for surface, kind in SHOWN]


def _card(draft: Draft, surface: Surface, kind: str, address: str) -> Card:
    own = draft.wordings.get(surface.value, "")
    if not kind:
        text = telling.whole(draft, own)
        return Card(
            surface=surface.value,
            name=str(words.SURFACES[surface.value]),
            text=text,
            own=bool(own),
            length=len(text),
            limit=texts.LIMITS.get(surface),
        )
    text, sent = posts.seen_on(draft, kind, address=address), posts.text_of(draft, kind)
    room = posts.room_of(kind)
    encoding, segments, accented = "", 0, 0
    if surface == Surface.SMS:
        encoding, _units, segments = rules.sms_segments(text)
        accented = rules.sms_segments(posts.accented(draft, address=address))[2]
    scripts = telling.scripts(draft) if surface == Surface.LOUDSPEAKER else []
    return Card(
        surface=surface.value,
        name=str(words.CHANNELS[kind]),
        text=text,
        own=bool(own),
        length=len(sent),
        limit=rules.room_for(sent, room),
        encoding=encoding,
        segments=segments,
        accented_segments=accented,
        seconds=max(map(rules.script_seconds, scripts), default=0),
        parts=len(scripts) or 1,
        article=room.article,
    )


def said(findings: Iterable[Finding]) -> list[Said]:
    """Return the findings as sentences, what stops first."""
    return [Said(rules.stops([f]), words.said(f)) for f in findings]


def reached(
    lines: Iterable[Line], *, on: date, speaker: UUID | None = None, warns: bool = False
) -> Reached:
    """Return whom these lines reach, without writing anything.

    speaker  in whose name it is said, to everybody: whoever follows that unit is told too; None for officers only
    """
    rows = as_rows(lines)
    levels, kinds = queries.counts_of_lines(lines=rows, on=on)
    order, tells = list(words.LEVELS), telling_kinds()
    known = [(str(words.CHANNELS.get(k, k)), n) for k, n in sorted(kinds.items()) if k in tells]
    return Reached(
        [(str(words.LEVELS[k]), levels[k]) for k in order if k in levels],
        known,
        _followers(rows, on, speaker, warns=warns) if speaker else [],
        [(str(words.CHANNELS.get(k, k)), n) for k, n in _used_up(rows, tells, on).items()],
        tuple(kinds),
    )


def _used_up(rows: list[AudienceLine], tells: set[str], on: date) -> dict[str, int]:
    found = quotas.used_up(channels=queries.channels_of_lines(lines=rows, on=on), on=on)
    return {kind: found[kind] for kind in sorted(tells & found.keys())}


def _followers(
    rows: list[AudienceLine], on: date, speaker: UUID, *, warns: bool
) -> list[tuple[str, int | None]]:
    found = queries.units_of_lines(lines=rows, on=on) | Unit.objects.filter(pk=speaker)
    counted = followers.counts(lines=rows, unit_ids=found.values("pk"), warns=warns)
    return [(str(words.CHANNELS.get(k, k)), n) for k, n in counted.items()]


def telling_kinds() -> set[str]:
    """Return the kinds of channel by which something is told: they publish, go to a list of a unit, or wait for a person."""
    ways = (Capability.PUBLISH, Capability.BY_HAND, Capability.OFFICIAL_LIST)
    return {kind for way in ways for kind in registry.kinds_that(way)}


def as_rows(lines: Iterable[Line]) -> list[AudienceLine]:
    """Return lines as rows that are not stored."""
    return [
        AudienceLine(
            unit_id=line.unit_id,
            reach=line.reach.value,
            levels=list(line.levels),
            connector_keys=list(line.connector_keys),
        )
        for line in lines
    ]


def alike(
    *, title: str, unit_id: UUID, but: UUID | None, at: datetime, on: date
) -> tuple[str, ...]:
    """Return the titles of what nearly the same was said lately by the unit or those above it."""
    near = [unit_id, *(u.id for u in units.ancestors(unit_id=unit_id, on=on))]
    return queries_alike.titles_like(title=title, unit_ids=near, but=but, at=at)


@dataclass(frozen=True, slots=True)
class Again:
    """How a notice goes out again and again: in words, how often in all, and when next."""

    said: str
    times: int
    next_at: datetime | None


def again(rhythm: Rhythm | None, *, at: datetime) -> Again | None:
    """Return a rhythm as it is shown, or None for a notice that goes out once."""
    if rhythm is None:
        return None
    return Again(words.rhythm_said(rhythm), len(all_moments(rhythm)), next_after(rhythm, at))


def kind_of(word: str) -> NoticeKind:
    """Return the kind, a plain notice for anything unknown."""
    return NoticeKind(word) if word in words.KINDS else NoticeKind.NOTICE
