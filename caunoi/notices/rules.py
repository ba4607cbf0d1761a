"""Decisions about notices: pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from caunoi.kit import private_data
from caunoi.kit.text import fold
from caunoi.kit.texting import GSM7, encoding_of, sms_segments
from caunoi.notices import season, speech, telling, texts
from caunoi.notices.speech import loudspeaker_script, script_seconds
from caunoi.notices.terms import (
    Audience,
    Code,
    Draft,
    Finding,
    NoticeKind,
    NoticeState,
    Room,
    Surface,
    Weight,
)
from caunoi.notices.texts import without_accents
from caunoi.units.terms import Level

__all__ = ["loudspeaker_script", "script_seconds", "sms_segments", "without_accents"]
S = NoticeState
NEXT: Mapping[NoticeState, frozenset[NoticeState]] = {
    S.DRAFT: frozenset({S.REVIEW, S.CANCELLED}),
    S.REVIEW: frozenset({S.DRAFT, S.APPROVED, S.SCHEDULED, S.CANCELLED}),
    S.APPROVED: frozenset({S.DRAFT, S.SCHEDULED, S.SENDING, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.DRAFT, S.APPROVED, S.SCHEDULED, S.SENDING, S.CANCELLED}),
    S.SENDING: frozenset({S.DONE, S.RECALLED}),
    S.DONE: frozenset({S.EXPIRED, S.RECALLED}),
    S.EXPIRED: frozenset({S.RECALLED}),
    S.CANCELLED: frozenset(),
    S.RECALLED: frozenset(),
}
"""What may follow on what. An approval can be taken back until the sending begins; what was sent can only be recalled."""
PUBLISHED = frozenset({S.SENDING, S.DONE, S.EXPIRED, S.RECALLED})
"""States in which the public address answers."""
WAITING = frozenset({S.DRAFT, S.REVIEW, S.APPROVED, S.SCHEDULED})
QUIET_FROM, QUIET_UNTIL = 22, 6
"""Hours in which nobody is disturbed, except by a warning."""
SIMILAR_WITHIN = timedelta(hours=36)
SIMILAR = 0.82
LONGEST_SENTENCE_WORDS = 35
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def may_follow(state: str, to: NoticeState) -> bool:
    """True when a notice in ``state`` may come to stand in ``to``."""
    return to in NEXT[NoticeState(state)]


def approvals_needed(level: Level) -> int:
    """Return how many persons approve: two for everything above the commune, else one."""
    return 2 if level in {Level.PROVINCE, Level.DISTRICT} else 1


def is_readable(*, audience: str, state: str) -> bool:
    """True when everybody may read the notice at its address."""
    return audience == Audience.PUBLIC and NoticeState(state) in PUBLISHED


def is_night(at: datetime) -> bool:
    """True between 22:00 and 6:00 in Việt Nam."""
    hour = at.astimezone(_VIETNAM).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def is_similar(one: str, other: str) -> bool:
    """True when two titles say nearly the same, accents and order of letters aside."""
    a, b = fold(one), fold(other)
    return bool(a and b) and (a == b or SequenceMatcher(None, a, b).ratio() >= SIMILAR)


def checks(draft: Draft, now: datetime) -> list[Finding]:
    """Return what should be put right before the notice goes out, what stops it first.

    The phone of an office or the account of a fund may stand in a notice, so those are only shown; the number of an identity
    card never may.
    """
    found = [
        *_what_is_missing(draft),
        *_private(draft),
        *_too_long(draft),
        *_when(draft, now),
        *_of_kind(draft),
    ]
    if draft.link and not draft.link.startswith("https://"):
        found.append(Finding(Weight.LOOK, Code.LINK_NOT_SAFE, values={"link": draft.link}))
    found += [Finding(Weight.LOOK, Code.SIMILAR, values={"title": t}) for t in draft.similar]
    return sorted(found, key=lambda f: f.weight != Weight.STOP)


def stops(findings: Iterable[Finding]) -> bool:
    """True when one of the findings stops the sending."""
    return any(f.weight == Weight.STOP for f in findings)


def _what_is_missing(draft: Draft) -> list[Finding]:
    found = []
    if not draft.title:
        found.append(Finding(Weight.STOP, Code.NO_TITLE))
    if not draft.short_text and not draft.long_text:
        found.append(Finding(Weight.STOP, Code.NO_TEXT))
    if not draft.units:
        found.append(Finding(Weight.STOP, Code.NO_AUDIENCE))
    without = sum(not alt.strip() for alt in draft.alts)
    if without:
        found.append(Finding(Weight.STOP, Code.NO_ALT, values={"n": without}))
    return found


_PRIVATE = (
    (Weight.STOP, Code.ID_NUMBER, private_data.ID_NUMBER, 1),
    (Weight.LOOK, Code.ACCOUNT, private_data.ACCOUNT, 1),
    (Weight.STOP, Code.ID_NUMBER, private_data.TWELVE, 0),
    (Weight.LOOK, Code.EMAIL, private_data.EMAIL, 0),
    (Weight.LOOK, Code.PHONE, private_data.PHONE, 0),
    (Weight.LOOK, Code.ADDRESS, private_data.ADDRESS, 0),
)


ID_DIGITS = frozenset({7, 8, 9, 12})
"""Passport, old and new identity card; "đổi căn cước mất 200.000 đ" is none."""


def _private(draft: Draft) -> list[Finding]:
    kind_words = (v for v in draft.details.values() if not v.startswith("http"))
    words = [draft.title, draft.short_text, draft.long_text, *draft.wordings.values(), *kind_words]
    found = private_in("\n".join([*words, *draft.alts, *draft.variants]))
    return list(found)


def private_in(text: str) -> list[Finding]:
    """Return what in a text looks like somebody's personal data, each piece once."""
    seen: dict[str, Finding] = {}
    for weight, code, pattern, group in _PRIVATE:
        for match in pattern.finditer(text):
            piece = match.group(group).strip()
            if code == Code.ID_NUMBER and sum(c.isdigit() for c in piece) not in ID_DIGITS:
                continue
            if piece and not any(piece in known for known in seen):
                seen[piece] = Finding(weight, code, values={"piece": piece})
    return list(seen.values())


def _too_long(draft: Draft) -> list[Finding]:
    """Return the texts that do not fit: of the channels it would go to, of the sheet, and of the loudspeaker."""
    found = [f for room in draft.rooms for f in _over(draft, room)]
    sheet = telling.said(draft, Surface.A4)
    found += _beyond(len(sheet), texts.LIMITS[Surface.A4], Surface.A4)
    if any(room.surface == Surface.SMS for room in draft.rooms):
        parts = sms_segments(telling.said(draft, Surface.SMS))[2]
        found += _beyond(parts, texts.MOST_SEGMENTS, Surface.SMS, Weight.LOOK)
    read_out = any(room.surface == Surface.LOUDSPEAKER for room in draft.rooms)
    seconds = max(map(script_seconds, telling.scripts(draft)), default=0)
    weight = Weight.STOP if read_out else Weight.LOOK
    found += _beyond(seconds, texts.LONGEST_SCRIPT_SECONDS, Surface.LOUDSPEAKER, weight)
    longest = max((len(s.split()) for s in speech.sentences(draft.long_text)), default=0)
    if longest > LONGEST_SENTENCE_WORDS:
        found.append(Finding(Weight.LOOK, Code.LONG_SENTENCE, values={"n": longest}))
    return found


def _over(draft: Draft, room: Room) -> list[Finding]:
    """Return the finding when the channel would refuse the text; what we cut ourselves is never too long."""
    if room.limit is None or room.cut:
        return []
    text = telling.said(draft, room.surface, article=room.article)
    limit = room_for(text, room)
    return _beyond(len(text), limit or len(text), room.surface, kind=room.kind)


def room_for(text: str, room: Room) -> int | None:
    """Return how many letters of this text the channel takes: one mark, and an SMS takes fewer."""
    return room.plain if room.plain and encoding_of(text) == GSM7 else room.limit


def _beyond(
    length: int, limit: int, surface: Surface, weight: Weight = Weight.STOP, *, kind: str = ""
) -> list[Finding]:
    if length <= limit:
        return []
    values = {"length": length, "limit": limit, "over": length - limit, "kind": kind}
    return [Finding(weight, Code.TOO_LONG, surface, values)]


def _when(draft: Draft, now: datetime) -> list[Finding]:
    found = []
    goes_out = draft.publish_at or now
    if draft.publish_at and draft.publish_at < now:
        found.append(Finding(Weight.LOOK, Code.PAST))
    night = any(is_night(now.astimezone(_VIETNAM).replace(hour=t.hour)) for t in draft.times)
    if (night if draft.times else is_night(goes_out)) and draft.kind != NoticeKind.WARNING:
        found.append(Finding(Weight.LOOK, Code.NIGHT))
    if draft.valid_until and draft.valid_until <= goes_out:
        found.append(Finding(Weight.STOP, Code.ENDS_BEFORE))
    return found


def _of_kind(draft: Draft) -> list[Finding]:
    has = {name for name, value in draft.details.items() if value}
    found = []
    if draft.kind == NoticeKind.CORRECTION:
        if not {"claim", "facts"} <= has:
            found.append(Finding(Weight.STOP, Code.NO_CLAIM))
        if "sources" not in has:
            found.append(Finding(Weight.STOP, Code.NO_SOURCE))
    if draft.kind == NoticeKind.WARNING and "sender" not in has:
        found.append(Finding(Weight.LOOK, Code.NO_SENDER_AGENCY))
    if draft.kind == NoticeKind.CALENDAR:
        wrong = season.wrong_lines(draft.details)[:3]
        found += [Finding(Weight.STOP, Code.NO_DAY, values={"line": line[:80]}) for line in wrong]
        if not has & {"start", "steps"}:
            found.append(Finding(Weight.STOP, Code.NO_START))
    return found


def may_approve(*, account_id: int, wrote: Collection[int], approved: Collection[int]) -> bool:
    """True when the person neither wrote this version nor has approved it already."""
    return account_id not in wrote and account_id not in approved
