"""What changed since an approver saw a notice before: its words, its kind's fields, and everything that stands around them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from caunoi.kit.templatetags.kit import vi_date, vi_datetime
from caunoi.notices import comparing, forms, languages, queries, queries_handed, season, words
from caunoi.notices.comparing import Part
from caunoi.notices.models import Notice, NoticeVersion
from caunoi.notices.rhythm import Every, Rhythm
from caunoi.notices.words_variants import FORM_NAMES, STATE_NAMES
from caunoi.units import queries as units

WRITTEN = ("title", "short_text", "long_text", "link")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. ``label``: what is called so in the composer."""

    label: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Changed:
    """What is not as it was. ``since``: when it was handed in the time before; None the first time, then since the version before."""

    changes: list[Change]
    since: datetime | None = None


def last_change(notice: Notice, *, on: date) -> Changed:
    """Return what an approver has to look at once more."""
    before = queries_handed.handed_before(notice=notice)
    kept = list(queries.versions_of(notice=notice)[:2])
    if before is None:
        return Changed(_words(kept[1], kept[0]) if len(kept) == 2 else [])
    old = queries_handed.version_of(notice=notice, number=before.version)
    now = queries_handed.around_of(notice=notice)
    changed = _words(old, kept[0]) if old is not None else []
    return Changed(changed + _around(before.around, now, on), before.at)


def of_version(new: NoticeVersion, old: NoticeVersion | None) -> list[Change]:
    """Return what a version changed, its title in any case; the first one says what it said."""
    if old is None:
        blank = NoticeVersion(details={}, wordings={})
        return [Change(c.label, [Part("=", p.text) for p in c.parts]) for c in _words(blank, new)]
    found = _words(old, new)
    if old.title == new.title:
        title = str(forms.ComposeForm.base_fields["title"].label)
        found.insert(0, Change(title, [Part("=", new.title)]))
    return found


def _words(old: NoticeVersion, new: NoticeVersion) -> list[Change]:
    fields = forms.ComposeForm.base_fields
    pairs = [(str(fields[n].label), getattr(old, n), getattr(new, n)) for n in WRITTEN]
    for name in dict.fromkeys([*old.details, *new.details]):
        label = str(fields[f"d_{name}"].label) if f"d_{name}" in fields else name
        pairs.append((label, _said(name, old.details), _said(name, new.details)))
    own = pgettext("text for one surface", "Own text: %(surface)s")
    for name in dict.fromkeys([*old.wordings, *new.wordings]):
        label = own % {"surface": words.SURFACES.get(name, name)}
        pairs.append((label, old.wordings.get(name, ""), new.wordings.get(name, "")))
    return [Change(label, comparing.compare(a, b)) for label, a, b in pairs if a != b]


def _said(name: str, details: Mapping[str, str]) -> str:
    """Return a field of a kind as it is read: the name of what was chosen, a moment as people write it."""
    value = details.get(name, "")
    moment = season.moment_of(value) if name in {"start", "end"} else None
    if moment is not None:
        return vi_datetime(moment)
    field = forms.ComposeForm.base_fields.get(f"d_{name}")
    choices: Any = getattr(field, "choices", ())
    return str(dict(choices).get(value, value)) if choices else value


def _around(old: Mapping[str, Any], new: Mapping[str, Any], on: date) -> list[Change]:
    fields = forms.ComposeForm.base_fields
    ids = {UUID(x[0]) for around in (old, new) for x in around["lines"]}
    names = units.names_of(unit_ids=ids, on=on)
    told = [
        (str(fields["kind"].label), [str(words.KINDS[a["kind"]]) for a in (old, new)]),
        (_("Pictures, and what they show"), [_files(a["pictures"]) for a in (old, new)]),
        (_("Files"), [_files(a["files"]) for a in (old, new)]),
        (_("Video of the notice"), [_files([a["video"]]) for a in (old, new)]),
        (_("In other languages"), [_variants(a["variants"]) for a in (old, new)]),
        (str(fields["audience"].label), [_readers(a) for a in (old, new)]),
        (str(fields["reach"].label), [_lines(a["lines"], names) for a in (old, new)]),
        (str(fields["publish_at"].label), [_moment(a["publish_at"]) for a in (old, new)]),
        (str(fields["valid_until"].label), [_moment(a["valid_until"]) for a in (old, new)]),
        (str(fields["r_every"].label), [_rhythm(a["rhythm"]) for a in (old, new)]),
    ]
    return [Change(label, comparing.by_lines(a, b)) for label, (a, b) in told if a != b]


def _files(found: Iterable[list[str]]) -> str:
    """Return one line a file; a few letters of its sum tell it from another of the same name."""
    return "\n".join(f"{name or '–'} ({mark})" for mark, name in filter(None, found))


def _variants(found: Iterable[list[Any]]) -> str:
    return "\n".join(
        f"{languages.name_of(tag)}, {FORM_NAMES[form]}: {STATE_NAMES[state][0]} ({number})"
        for tag, form, number, state in found
    )


def _readers(around: Mapping[str, Any]) -> str:
    told = [str(dict(forms.AUDIENCES)[around["audience"]])]
    if around["must_acknowledge"]:
        told.append(_("Every unit says that it has read it"))
    if around["acknowledge_by"]:
        told.append(vi_date(date.fromisoformat(around["acknowledge_by"])))
    return "\n".join(told)


def _lines(found: Iterable[list[Any]], names: Mapping[UUID, str]) -> str:
    """Return one line a unit: its name, how far below it, which levels and kinds of channel."""
    reaches: Mapping[str, object] = dict(forms.REACHES)
    told = []
    for unit_id, reach, levels, kinds in found:
        few = [str(words.LEVELS.get(x, x)) for x in levels]
        few += [str(words.CHANNELS.get(x, x)) for x in kinds]
        whom = f"{names.get(UUID(unit_id), '–')}: {reaches[reach]}"
        told.append(f"{whom} ({', '.join(few)})" if few else whom)
    return "\n".join(sorted(told))


def _moment(word: str) -> str:
    return vi_datetime(datetime.fromisoformat(word)) if word else ""


def _rhythm(found: Mapping[str, Any]) -> str:
    if not found:
        return ""
    first, last = (date.fromisoformat(found[n]) for n in ("first", "last"))
    times = tuple(time.fromisoformat(t) for t in found["times"])
    return words.rhythm_said(Rhythm(Every(found["every"]), times, first, last, tuple(found["days"])))  # fmt: skip
