"""Reads about a notice in other languages: what is published, what waits for whom, who reads which language."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.notices import languages, queries
from caunoi.notices.languages import VIETNAMESE, StepKind, VariantState
from caunoi.notices.models import Notice, NoticeVersion
from caunoi.notices.terms import NoticeState, Surface
from caunoi.notices.variant_models import (
    LanguageReader,
    SpokenScript,
    Variant,
    VariantContent,
    VariantStep,
)
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

OF_LOADED = "of a notice the caller was allowed to load"
SOURCE = ("title", "short_text", "long_text", "details")
"""The words a variant tells; another text for Facebook alone makes no variant old."""
FRESH = timedelta(days=14)
"""How long a notice is offered to be told in another language."""
WANTED = [
    s.value
    for s in (
        NoticeState.REVIEW,
        NoticeState.APPROVED,
        NoticeState.SCHEDULED,
        NoticeState.SENDING,
        NoticeState.DONE,
    )
]
MOST_WANTED = 10


def notice_to_tell(viewer: Viewer, *, pk: UUID, on: date) -> Notice | None:
    """Return a notice the viewer may see, or one she is named to read or tell in some language; None for all others."""
    found = queries.notice_for(viewer, pk=pk, on=on)
    if found is not None:
        return found
    other = Notice.objects.select_related("unit", "edited_by").filter(pk=pk).first()
    return other if other is not None and _named(viewer, other, on) else None


def _named(viewer: Viewer, notice: Notice, on: date) -> set[str]:
    near = [notice.unit_id, *(u.id for u in units.ancestors(unit_id=notice.unit_id, on=on))]
    found = LanguageReader.objects.filter(account_id=viewer.account_id, unit_id__in=near)
    return set(found.values_list("language", flat=True))


def languages_of(viewer: Viewer, *, notice: Notice, on: date) -> set[str]:
    """Return in which languages the viewer may be second reader of this notice; whoever writes or approves there reads Vietnamese."""
    own = {VIETNAMESE} if queries.may(viewer, Permission.NOTICES_WRITE, notice=notice, on=on) else set()  # fmt: skip
    return _named(viewer, notice, on) | own


def may_tell(viewer: Viewer, *, notice: Notice, language: str, on: date) -> bool:
    """True when the viewer may write or record the notice in this language: who may change its words, or is named for the language."""
    if queries.may_edit(viewer, notice=notice, on=on):
        return True
    return language in _named(viewer, notice, on)


def to_read(viewer: Viewer, *, on: date) -> QuerySet[Variant]:
    """Return what waits for the viewer as second reader, the longest waiting first; nothing she wrote in herself."""
    wrote = VariantStep.objects.filter(
        variant_id=OuterRef("pk"), kind=StepKind.WRITTEN, by_id=viewer.account_id
    )
    found = Variant.objects.filter(_hers(viewer, on), state=VariantState.TO_READ)
    found = found.filter(notice__state__in=[s.value for s in languages.OPEN])
    return (
        found.exclude(Exists(wrote)).select_related("notice", "author").order_by("edited_at", "pk")
    )


def _hers(viewer: Viewer, on: date) -> Q:
    """Variants in a language, of a unit, for which the viewer is named."""
    named = LanguageReader.objects.filter(account_id=viewer.account_id)
    by_language: dict[str, list[UUID]] = {}
    for unit_id, language in named.values_list("unit_id", "language"):
        by_language.setdefault(language, []).append(unit_id)
    wanted = Q(pk__in=[])
    for language, ids in by_language.items():
        paths = list(units.paths_of(unit_ids=ids, on=on).values())
        below = units.subtree_filter(paths=paths, on=on)
        wanted |= Q(language=language, notice__unit_id__in=below)
    return wanted


def to_tell(viewer: Viewer, *, at: datetime, on: date) -> list[tuple[Notice, str]]:
    """Return (notice, language) that nobody has told yet in a language the viewer is named for: lately written, not over."""
    named = LanguageReader.objects.filter(account_id=viewer.account_id).exclude(language=VIETNAMESE)
    found: list[tuple[Notice, str]] = []
    for unit_id, language in named.values_list("unit_id", "language"):
        paths = list(units.paths_of(unit_ids=[unit_id], on=on).values())
        told = Variant.objects.filter(notice_id=OuterRef("pk"), language=language)
        lately = Notice.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=at),
            unit_id__in=units.subtree_filter(paths=paths, on=on),
            state__in=WANTED,
            edited_at__gte=at - FRESH,
        ).exclude(Exists(told))
        found += [(n, language) for n in lately.order_by("-edited_at")[:MOST_WANTED]]
    unique = {(n.pk, language): (n, language) for n, language in found}
    return list(unique.values())


def readers(viewer: Viewer, *, on: date, text: str = "") -> QuerySet[LanguageReader]:
    """Return who reads which language for the units in which the viewer writes notices, by language and name."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.NOTICES_WRITE), on=on)
    found = LanguageReader.objects.filter(unit_id__in=reach).select_related("account")
    if text:
        tags = [t for t, known in languages.LANGUAGES.items() if fold(text) in fold(known.name)]
        found = found.filter(Q(account__full_name__icontains=text) | Q(language__in=tags))
    return found.order_by("language", "account__full_name", "pk")


def colleagues_of(viewer: Viewer, *, unit_id: UUID, on: date) -> QuerySet[Account]:
    """Return the people with a role today in a unit the viewer writes notices for, or below it, by name."""
    path = units.paths_of(unit_ids=[unit_id], on=on).get(unit_id)
    if path is None or not viewer.may(Permission.NOTICES_WRITE, path):
        return Account.objects.none()
    below = units.subtree_filter(paths=[path], on=on)
    held = RoleGrant.objects.filter(
        account_id=OuterRef("pk"), unit_id__in=below, valid__contains=on
    )
    return Account.objects.filter(Exists(held), is_active=True).order_by("full_name", "pk")


@system(OF_LOADED)
def variants_of(*, notice: Notice) -> list[Variant]:
    """Return every variant of a notice, by language in the order languages are offered, each with ``older`` set."""
    found = list(notice.variants.select_related("author", "reader"))
    old = _older({notice.pk: notice}, found)
    for variant in found:
        variant.older = variant.pk in old  # type: ignore[attr-defined]
    return sorted(found, key=_order)


def _order(variant: Variant) -> tuple[int, str]:
    tags = list(languages.LANGUAGES)
    at = tags.index(variant.language) if variant.language in tags else len(tags)
    return at, {"text": "0", "audio": "1"}.get(variant.form, "2")


@system("what a unit tells everybody")
def published(*, notices: Collection[Notice]) -> dict[UUID, list[Variant]]:
    """Return what of these notices may be shown in other languages: read by a second person, and not older than the Vietnamese words."""
    found = Variant.objects.filter(notice__in=notices, state=VariantState.READ)
    by_notice: dict[UUID, list[Variant]] = {}
    for variant in found:
        by_notice.setdefault(variant.notice_id, []).append(variant)
    old = _older({n.pk: n for n in notices}, list(found))
    return {
        n.pk: sorted((v for v in by_notice.get(n.pk, []) if v.pk not in old), key=_order)
        for n in notices
    }


@system("what a unit tells everybody")
def published_of(*, notice: Notice) -> list[Variant]:
    """Return what of this notice may be shown in other languages."""
    return published(notices=[notice])[notice.pk]


@system(OF_LOADED)
def is_older(*, variant: Variant, notice: Notice) -> bool:
    """True when the Vietnamese words were changed since the variant told them."""
    return variant.pk in _older({notice.pk: notice}, [variant])


def _older(notices: Mapping[UUID, Notice], variants: Iterable[Variant]) -> set[UUID]:
    """Return which variants tell other Vietnamese words than their notice has now; one question at most."""
    late = [v for v in variants if v.of_version != notices[v.notice_id].version]
    if not late:
        return set()
    kept = NoticeVersion.objects.filter(
        notice_id__in={v.notice_id for v in late}, number__in={v.of_version for v in late}
    )
    same = {
        (version.notice_id, version.number)
        for version in kept
        if all(
            getattr(version, name) == getattr(notices[version.notice_id], name) for name in SOURCE
        )
    }
    return {v.pk for v in late if (v.notice_id, v.of_version) not in same}


@system(OF_LOADED)
def variant_of(*, notice: Notice, language: str, form: str) -> Variant | None:
    """Return one variant of a notice, or None."""
    found = notice.variants.select_related("author", "reader")
    return found.filter(language=language, form=form).first()


@system(OF_LOADED)
def writers_of(*, variant: Variant) -> set[int]:
    """Return who ever wrote or recorded any of it: the accounts that are never its second reader."""
    steps = variant.steps.filter(kind=StepKind.WRITTEN)
    return {variant.author_id, *steps.values_list("by_id", flat=True)}


@system(OF_LOADED)
def steps_of(*, variant: Variant) -> list[VariantStep]:
    """Return what was done with a variant, newest first; fifty at most."""
    return list(variant.steps.select_related("by").order_by("-at", "-pk")[:50])


@system(OF_LOADED)
def content_of(*, variant: Variant, preview: bool = False) -> bytes:
    """Return the recording or the picture."""
    kept = VariantContent.objects.get(pk=variant.pk)
    return bytes((kept.preview if preview else None) or kept.body)


@system(OF_LOADED)
def spoken_of(*, notice: Notice) -> SpokenScript | None:
    """Return the reading made by machine without its sound, or None; ``older`` says that the script was changed since."""
    found = SpokenScript.objects.defer("mp3", "wav").select_related("asked_by", "heard_by")
    spoken = found.filter(pk=notice.pk).first()
    if spoken is not None:
        spoken.older = spoken.script != script_of(notice=notice)  # type: ignore[attr-defined]
    return spoken


@system(OF_LOADED)
def script_of(*, notice: Notice) -> str:
    """Return what the loudspeaker reads, numbers in words."""
    return queries.text_for(notice=notice, surface=Surface.LOUDSPEAKER)


@system(OF_LOADED)
def heard_of(*, notice: Notice) -> SpokenScript | None:
    """Return the reading that may be played: made of the script as it is, and heard by somebody; None else."""
    spoken = spoken_of(notice=notice)
    if spoken is None or spoken.heard_at is None or spoken.older:  # type: ignore[attr-defined]
        return None
    return spoken


@system("what a unit tells everybody")
def heard_many(*, scripts: dict[UUID, str]) -> dict[UUID, SpokenScript]:
    """Return the readings by machine of these words that somebody heard, by notice, without their sound."""
    found = SpokenScript.objects.defer("mp3", "wav").filter(pk__in=scripts, heard_at__isnull=False)
    return {s.pk: s for s in found if s.script == scripts[s.pk]}


@system(OF_LOADED)
def sound_of(*, spoken: SpokenScript) -> tuple[bytes, bytes]:
    """Return (MP3, WAV) of a reading; WAV is empty when it was forgotten after some weeks."""
    mp3, wav = SpokenScript.objects.values_list("mp3", "wav").get(pk=spoken.pk)
    return bytes(mp3 or b""), bytes(wav or b"")
