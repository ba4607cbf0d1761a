"""A notice in other languages: written, recorded or drawn by one person, read or heard by another, then published."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from caunoi.files import pictures
from caunoi.files import rules as sounds
from caunoi.files.terms import NotAPhoto, PhotoTooBig
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.notices import actions, languages, queries, queries_variants, rules
from caunoi.notices.languages import (
    LONGEST_VARIANT,
    LONGEST_VOICE_SECONDS,
    NoSuchVariant,
    NotAReader,
    OwnVariant,
    StepKind,
    VariantState,
)
from caunoi.notices.models import Notice
from caunoi.notices.terms import (
    LONGEST_REASON,
    LONGEST_TITLE,
    BadFile,
    EditedMeanwhile,
    Form,
    MustBeCorrected,
    NotYourNotice,
    WrongState,
)
from caunoi.notices.variant_models import LanguageReader, Variant, VariantContent, VariantStep
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission

V = VariantState


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody gives of one variant. ``content``: the recording or picture, None to keep the one that is there."""

    title: str = ""
    text: str = ""
    content: bytes | None = None


@transaction.atomic
def write_variant(
    *,
    notice: Notice,
    language: str,
    form: str,
    told: Told,
    seen_version: int,
    by: Viewer,
    at: datetime,
) -> Variant:
    """Keep a notice in one language and form as a draft; what stood there before is written over, who did so stays on record.

    seen_version  the version of the variant the writer had before her, 0 for a new one
    -> the draft; the same again changes nothing. It tells the Vietnamese words as they are now
    Raises NoSuchVariant, NotYourNotice, WrongState, EditedMeanwhile (nothing was written over), BadFile (no sound, no
    picture, too long, too heavy), MustBeCorrected (nothing to tell)
    """
    if not languages.is_told_so(language, form):
        raise NoSuchVariant("A notice is not told in this language and form.")
    found = _open(notice)
    if not queries_variants.may_tell(by, notice=found, language=language, on=clock.local_date(at)):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    variant = Variant.objects.select_for_update(of=("self",), no_key=True).filter(
        notice=found, language=language, form=form
    )
    return _put(variant.first(), found, language, form, told, seen_version, by, at)


def _put(
    there: Variant | None,
    notice: Notice,
    language: str,
    form: str,
    told: Told,
    seen_version: int,
    by: Viewer,
    at: datetime,
) -> Variant:
    words = _words(form, told)
    media = _media(form, told.content)
    _check_whole(there, form, words, media)
    if there is not None and _same(there, words, media, notice):
        return there
    if (there.version if there else 0) != seen_version:
        raise EditedMeanwhile("A colleague kept another version meanwhile; compare the two.")
    variant = there or Variant(notice=notice, language=language, form=form, version=0)
    variant.version += 1
    variant.state, variant.of_version = V.DRAFT.value, notice.version
    variant.author_id, variant.edited_at = by.account_id, at
    variant.reader_id, variant.decided_at, variant.reason = None, None, ""
    for name, value in (words | (media.fields if media else {})).items():
        setattr(variant, name, value)
    variant.save()
    if media:
        VariantContent.objects.update_or_create(
            variant=variant, defaults={"body": media.body, "preview": media.preview}
        )
    _step(variant, StepKind.WRITTEN, by, at)
    return variant


@dataclass(frozen=True, slots=True)
class _Media:
    """A recording or a picture as it is kept."""

    body: bytes
    preview: bytes | None
    fields: dict[str, Any]


def _words(form: str, told: Told) -> dict[str, str]:
    words = {"text": clean(told.text).strip()[:LONGEST_VARIANT]}
    if form == Form.TEXT:
        words["title"] = clean(told.title).strip()[:LONGEST_TITLE]
    return words


def _media(form: str, content: bytes | None) -> _Media | None:
    if form == Form.TEXT or not content:
        return None
    return _sound(content) if form == Form.AUDIO else _picture(content)


def _sound(content: bytes) -> _Media:
    sound = sounds.sound_of(content)
    if sound is None:
        raise BadFile(
            "This is no recording that we can play. Record again, or send m4a, mp3, ogg, webm or wav."
        )
    if sounds.is_too_long(content, sound, longest=LONGEST_VOICE_SECONDS):
        raise BadFile(
            "The recording is too long: at most 60 seconds and 2 MB. Say the most important part."
        )
    body = sounds.without_tags(content, sound)
    return _Media(body, None, _marks(body) | {"media_type": sound.media_type, "seconds": sound.seconds})  # fmt: skip


def _picture(content: bytes) -> _Media:
    try:
        drawn = pictures.draw(content)
    except (NotAPhoto, PhotoTooBig) as error:
        raise BadFile(str(error)) from error
    shape = {"media_type": "image/webp", "width": drawn.width, "height": drawn.height}
    return _Media(drawn.body, drawn.preview, _marks(drawn.body) | shape)


def _marks(body: bytes) -> dict[str, Any]:
    return {"size_bytes": len(body), "sha256": hashlib.sha256(body).digest()}


def _check_whole(
    there: Variant | None, form: str, words: dict[str, str], media: _Media | None
) -> None:
    if form == Form.TEXT and not (words["title"] and words["text"]):
        raise MustBeCorrected("Write a title and a text in this language.")
    if form != Form.TEXT and there is None and media is None:
        raise MustBeCorrected("Record it, or choose a file.")
    if form == Form.PICTURE and not words["text"]:
        raise MustBeCorrected("Say in words what the picture shows, for those who cannot see it.")


def _same(there: Variant, words: dict[str, str], media: _Media | None, notice: Notice) -> bool:
    if media and bytes(there.sha256 or b"") != media.fields["sha256"]:
        return False
    same_words = all(getattr(there, name) == value for name, value in words.items())
    return same_words and there.of_version == notice.version


@transaction.atomic
def hand_in_variant(*, variant: Variant, by: Viewer, at: datetime) -> Variant:
    """Give a draft to whoever reads the language. Raises NotYourNotice, WrongState, MustBeCorrected (the number of an identity card)."""
    found, notice = _lock(variant)
    on = clock.local_date(at)
    if not queries_variants.may_tell(by, notice=notice, language=found.language, on=on):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    if found.state not in {V.DRAFT, V.REJECTED}:
        raise WrongState("It is with its second reader already, or was read.")
    _check_private(found)
    found.state = V.TO_READ.value
    found.save(update_fields=["state"])
    _step(found, StepKind.HANDED_IN, by, at)
    return found


@transaction.atomic
def say_right(
    *, variant: Variant, seen_version: int, seen_source: int, by: Viewer, at: datetime
) -> Variant:
    """The second reader says that a variant tells what the Vietnamese words say now: it is published with the notice.

    seen_version  of the variant; seen_source  of the Vietnamese words beside it
    Also for one that was read and is older than the Vietnamese words: it holds again.
    Raises WrongState, OwnVariant, NotAReader, EditedMeanwhile
    """
    found, notice = _lock(variant)
    again = found.state == V.READ and queries_variants.is_older(variant=found, notice=notice)
    if found.state != V.TO_READ and not again:
        raise WrongState("It does not wait for a second reader.")
    _check_reader(found, notice, by, at)
    if found.version != seen_version or notice.version != seen_source:
        raise EditedMeanwhile("It was changed meanwhile; look at it again.")
    found.state, found.of_version = V.READ.value, notice.version
    found.reader_id, found.decided_at, found.reason = by.account_id, at, ""
    found.save(update_fields=["state", "of_version", "reader", "decided_at", "reason"])
    _step(found, StepKind.READ, by, at)
    return found


@transaction.atomic
def reject_variant(*, variant: Variant, reason: str, by: Viewer, at: datetime) -> Variant:
    """Give a variant back to its author with a reason, or take one that was published off the page.

    By a reader of the language, or by whoever approves notices there. Raises WrongState, OwnVariant, NotAReader, MustBeCorrected
    """
    found, notice = _lock(variant)
    said = clean(reason).strip()[:LONGEST_REASON]
    if found.state not in {V.TO_READ, V.READ}:
        raise WrongState("It does not wait for a second reader.")
    if not queries.may(by, Permission.NOTICES_APPROVE, notice=notice, on=clock.local_date(at)):
        _check_reader(found, notice, by, at)
    if not said:
        raise MustBeCorrected("Say why, so that it can be put right.")
    found.state, found.reason = V.REJECTED.value, said
    found.reader_id, found.decided_at = by.account_id, at
    found.save(update_fields=["state", "reason", "reader", "decided_at"])
    _step(found, StepKind.REJECTED, by, at, reason=said)
    return found


def _check_private(variant: Variant) -> None:
    if rules.stops(rules.private_in(f"{variant.title}\n{variant.text}")):
        raise MustBeCorrected("The number of an identity card stands in it. Take it out.")


def _check_reader(variant: Variant, notice: Notice, by: Viewer, at: datetime) -> None:
    if by.account_id in queries_variants.writers_of(variant=variant):
        raise OwnVariant("You wrote or recorded it; another person reads or hears it.")
    reads = queries_variants.languages_of(by, notice=notice, on=clock.local_date(at))
    if variant.language not in reads:
        raise NotAReader("Only somebody named as a reader of this language says that it is right.")


@transaction.atomic
def name_reader(
    *, unit_id: UUID, account: Account, language: str, by: Viewer, at: datetime
) -> LanguageReader:
    """Say that somebody reads and speaks a language, for the notices of a unit and those below; the same again changes nothing.

    Raises NotYourNotice (the unit, or the person's unit, is outside the viewer's), NoSuchVariant (no language we know)
    """
    actions.may_in(unit_id, by, Permission.NOTICES_WRITE, at)
    if language not in languages.LANGUAGES:
        raise NoSuchVariant("A notice is not told in this language and form.")
    on = clock.local_date(at)
    if not queries_variants.colleagues_of(by, unit_id=unit_id, on=on).filter(pk=account.pk).exists():  # fmt: skip
        raise NotYourNotice("This person has no role in the unit or below it.")
    reader, new = LanguageReader.objects.get_or_create(
        unit_id=unit_id,
        account=account,
        language=language,
        defaults={"named_by_id": by.account_id, "named_at": at},
    )
    if new:
        told = {"account": account.pk, "language": language}
        audit.record("notices.reader.named", on=reader, by=by, at=at, unit_id=unit_id, after=told)
    return reader


@transaction.atomic
def take_out_reader(*, reader: LanguageReader, by: Viewer, at: datetime) -> None:
    """She reads this language for the unit no longer; what she said to be right stays. Raises NotYourNotice."""
    actions.may_in(reader.unit_id, by, Permission.NOTICES_WRITE, at)
    told = {"account": reader.account_id, "language": reader.language}
    audit.record(
        "notices.reader.taken_out", on=reader, by=by, at=at, unit_id=reader.unit_id, before=told
    )
    reader.delete()


def _open(notice: Notice) -> Notice:
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if found.state not in {s.value for s in languages.OPEN}:
        raise WrongState("The notice stands where this cannot be done any more; look at it again.")
    return found


def _lock(variant: Variant) -> tuple[Variant, Notice]:
    notice = _open(variant.notice)
    found = Variant.objects.select_for_update(of=("self",), no_key=True).get(pk=variant.pk)
    return found, notice


def _step(variant: Variant, kind: StepKind, by: Viewer, at: datetime, *, reason: str = "") -> None:
    VariantStep.objects.create(
        variant=variant,
        version=variant.version,
        kind=kind.value,
        by_id=by.account_id,
        at=at,
        reason=reason,
    )
    told = {"language": variant.language, "form": variant.form, "version": variant.version}
    audit.record(
        f"notices.variant.{kind.value}",
        on=variant,
        by=by,
        at=at,
        unit_id=variant.notice.unit_id,
        after=told | ({"reason": reason} if reason else {}),
    )
