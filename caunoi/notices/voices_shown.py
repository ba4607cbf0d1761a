"""A notice's languages as pages show them: where it can be read and heard, here and on other rooms' pages."""

from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse

from caunoi.notices import languages, packages, queries_variants
from caunoi.notices.languages import VIETNAMESE
from caunoi.notices.models import Notice
from caunoi.notices.terms import Form, NoticeState
from caunoi.notices.variant_models import SpokenScript, Variant


@dataclass(frozen=True, slots=True)
class Heard:
    """One sound of a notice. ``by_machine``: Vietnamese made by machine; ``text`` what is said, where it is written down."""

    name: str
    tag: str
    address: str
    file_name: str
    seconds: int
    text: str = ""
    by_machine: bool = False

    @property
    def within(self) -> str:
        return languages.within(self.name)


@dataclass(frozen=True, slots=True)
class Voices:
    """In which languages a public notice can be read (tag, name, address) and what can be heard."""

    pages: list[tuple[str, str, str]] = field(default_factory=list)
    sounds: list[Heard] = field(default_factory=list)
    pictures: list[Variant] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.pages or self.sounds or self.pictures)


def of_notice(notice: Notice) -> Voices:
    """Return the languages of one public notice; none of one that was recalled."""
    if notice.state == NoticeState.RECALLED:
        return Voices()
    told = queries_variants.published_of(notice=notice)
    return _voices(notice, told, queries_variants.heard_of(notice=notice))


def sounds_of(notices: dict[UUID, Notice], scripts: dict[UUID, str]) -> dict[UUID, list[Heard]]:
    """Return what can be heard of each of these notices, in as many questions however many they are.

    scripts  what is read on the loudspeaker, by notice: a reading by machine of other words is not offered
    """
    told = queries_variants.published(notices=list(notices.values()))
    heard = queries_variants.heard_many(scripts=scripts)
    return {pk: _voices(n, told[pk], heard.get(pk)).sounds for pk, n in notices.items()}


def _voices(notice: Notice, told: list[Variant], spoken: SpokenScript | None) -> Voices:
    tags = dict.fromkeys(v.language for v in told if v.language != VIETNAMESE)
    pages = [
        (tag, languages.name_of(tag), reverse("notices:in_language", args=[notice.number, tag]))
        for tag in tags
    ]
    sounds = [_recorded(notice, v) for v in told if v.form == Form.AUDIO]
    if spoken is not None:
        sounds.insert(0, _spoken(notice, spoken))
    pictures = [v for v in told if v.form == Form.PICTURE and v.language == VIETNAMESE]
    return Voices(pages, sounds, pictures)


def _recorded(notice: Notice, variant: Variant) -> Heard:
    return Heard(
        name=languages.name_of(variant.language),
        tag=variant.language,
        address=reverse("notices:listen", args=[notice.number, variant.pk]),
        file_name=packages.file_name_of(variant),
        seconds=round(variant.seconds or 0),
        text=variant.text,
    )


def _spoken(notice: Notice, spoken: SpokenScript) -> Heard:
    return Heard(
        name=languages.name_of(VIETNAMESE),
        tag=VIETNAMESE,
        address=reverse("notices:listen_spoken", args=[notice.number]),
        file_name="ban-doc.mp3",
        seconds=round(spoken.seconds or 0),
        by_machine=True,
    )
