"""What a notice says on each surface, the fields of its kind among it: one place for previews, checks, counting and sending. Pure.

The words are content and Vietnamese, whatever language the desk is read in: what an approver sees is what goes out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from caunoi.kit.text import fold
from caunoi.notices import season, texts
from caunoi.notices.speech import loudspeaker_script, parts_of
from caunoi.notices.spelled import spell_out
from caunoi.notices.terms import Draft, NoticeKind, Surface

FORMAT = "%H:%M %d/%m/%Y"
IN_SHORT = frozenset({Surface.ZALO, Surface.GROUP, Surface.SMS})
"""Surfaces that say what to do first, and little more; the link leads to the whole."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a kind as it is told. ``label`` is empty where the words need none."""

    label: str
    text: str

    def __str__(self) -> str:
        mark = "\n" if "\n" in self.text else " "
        return f"{self.label}:{mark}{self.text}" if self.label else self.text


def said(draft: Draft, surface: Surface, *, article: bool = False, address: str = "") -> str:
    """Return what the draft says on a surface; the loudspeaker's text has its numbers in words.

    article  a title of its own stands above the text, and everything is told
    address  to which the text leads; it stands below, except where it cannot be tapped (loudspeaker, paper)
    """
    own = draft.wordings.get(surface.value, "")
    if surface == Surface.LOUDSPEAKER:
        return "\n\n".join(scripts(draft))
    if surface == Surface.SMS:
        return texts.sms(own or texts.without_accents(in_one_line(draft)), address)
    if surface == Surface.A4 or (surface == Surface.WEB and not article):
        return own or texts.whole(draft.short_text, draft.long_text)
    if article:
        return texts.leading_on(own or whole(draft), address)
    body = _brief(draft, surface) if surface in IN_SHORT else whole(draft)
    return texts.leading_on(own or f"{draft.title}\n\n{body}".strip(), address)


def whole(draft: Draft, own: str = "") -> str:
    """Return everything that is told below the title: for articles, feeds, the board, and whatever shows no table beside it.

    own  the text that stands in place of the notice's two
    """
    body = own or texts.whole(draft.short_text, draft.long_text)
    return _stacked([*_first(draft, body), body, *_beside(draft, body), steps(draft)])


def brief(draft: Draft) -> str:
    """Return what a message of a few lines says below its title: what to do, then what it is about."""
    return _brief(draft, Surface.ZALO)


def scripts(draft: Draft) -> list[str]:
    """Return what the loudspeaker reads, part by part; a line "---" in its own text begins another part, told by its number."""
    own = draft.wordings.get(Surface.LOUDSPEAKER.value, "")
    if not own:
        body = texts.whole(draft.short_text, draft.long_text)
        told = [*_first(draft, body), body, *_beside(draft, body, spoken=True), steps(draft)]
        return [loudspeaker_script(f"{draft.title}.\n{_stacked(told)}")]
    parts = [loudspeaker_script(part) for part in parts_of(own)]
    if len(parts) < 2:
        return parts
    return [f"{spell_out(f'Phần {n}')}.\n{part}" for n, part in enumerate(parts, start=1)]


def steps(draft: Draft) -> str:
    """Return the steps of a season, one a line."""
    return season.as_text(draft.details)


def _brief(draft: Draft, surface: Surface) -> str:
    lead = draft.short_text or texts.first_lines(draft.long_text, 280)
    told = [*_first(draft, lead, labelled=draft.kind == NoticeKind.CORRECTION), lead]
    told += _beside(draft, lead, few=True)
    return _stacked([*told, steps(draft) if surface == Surface.GROUP else ""])


def in_one_line(draft: Draft) -> str:
    """Return an SMS with its marks: the title, what to do, what it is about, then when and where."""
    lead = draft.short_text or texts.first_lines(draft.long_text, 280)
    first = _first(draft, lead, labelled=draft.kind == NoticeKind.CORRECTION)
    names, known = {"area", "start", "place"}, f"{draft.title}\n{lead}"
    facts = [str(f) for name, f in _facts(draft).items() if name in names and not _is_in(f, known)]
    pieces = [draft.title, *(str(f) for f in first), lead, *facts]
    lines = [" ".join(p.split()) for p in pieces if p.strip()]
    return " ".join(p if p[-1] in ".!?…" else f"{p}." for p in lines[:-1]) + f" {lines[-1]}" if len(lines) > 1 else "".join(lines)  # fmt: skip


def _first(draft: Draft, body: str, *, labelled: bool = True) -> list[Fact]:
    """Return what is told before all else: what to do, or what is claimed and what is true."""
    has = draft.details
    if draft.kind == NoticeKind.CORRECTION:
        found = [Fact("Tin đồn", has.get("claim", "")), Fact("Sự thật", has.get("facts", ""))]
    else:
        found = [Fact("Việc cần làm" if labelled else "", has.get("instruction", ""))]
    known = f"{draft.title}\n{body}"
    return [f for f in found if f.text and not _is_in(f, known)]


def _beside(draft: Draft, lead: str, *, few: bool = False, spoken: bool = False) -> list[str]:
    """Return the other fields, one a line. ``few``: the first source alone; ``spoken``: no address among the sources."""
    known = f"{draft.title}\n{lead}"
    facts = [str(f) for f in _facts(draft).values() if not _is_in(f, known)]
    sources = [s for line in draft.details.get("sources", "").splitlines() if (s := line.strip())]
    if spoken:
        sources = [s for s in sources if not s.startswith("http")]
    sources = sources[:1] if few else sources
    if draft.kind == NoticeKind.CORRECTION and sources:
        facts.append(str(Fact("Nguồn", "\n".join(sources))))
    return ["\n".join(facts)]


def _facts(draft: Draft) -> dict[str, Fact]:
    """Return the fields that only say who, where and when, in the order in which they are told."""
    has = draft.details
    found = {
        "event": Fact("Nguy cơ", has.get("event", "")),
        "area": Fact("Khu vực", has.get("area", "")),
        "start": Fact("Bắt đầu", _moment(has.get("start", ""))),
        "end": Fact("Kết thúc", _moment(has.get("end", ""))),
        "place": Fact("Địa điểm", has.get("place", "")),
        "until": Fact("Hiệu lực đến", _until(draft)),
        "sender": Fact("Cơ quan phát", has.get("sender", "")),
    }
    return {name: fact for name, fact in found.items() if fact.text}


def _until(draft: Draft) -> str:
    """Only a warning says until when it holds: after that hour people are out of danger."""
    if draft.kind != NoticeKind.WARNING or draft.valid_until is None:
        return ""
    return timezone.localtime(draft.valid_until).strftime(FORMAT)


def _moment(word: str) -> str:
    at = season.moment_of(word)
    return at.strftime(FORMAT) if at else ""


def _is_in(fact: Fact, text: str) -> bool:
    """True when the text says it in the same words already."""
    return fold(fact.text).rstrip(".") in fold(text)


def _stacked(parts: Iterable[object]) -> str:
    return "\n\n".join(p for p in map(str, parts) if p.strip())
