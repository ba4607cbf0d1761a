"""Languages of notices and what becomes of a variant: words and plain decisions. Pure.

Tags are BCP 47 (ISO 639-1 or 639-3). Names are Vietnamese: the content's own words, not the interface's.
"""

from dataclasses import dataclass
from enum import StrEnum

from caunoi.notices.terms import Form, NoticeError, NoticeState

VIETNAMESE = "vi"
LONGEST_VOICE_SECONDS = 60
"""What is heard on a phone or a loudspeaker is listened to the end for a minute at most."""
HEAVIEST_SOUND = 2_000_000
LONGEST_VARIANT = 20_000


class Script(StrEnum):
    """In which letters a language is written here; ISO 15924."""

    LATIN = "Latn"
    TAI_VIET = "Tavt"
    KHMER = "Khmr"
    CHAM = "Cham"


@dataclass(frozen=True, slots=True)
class Language:
    """One language of a notice. ``own`` is what its speakers call it, where we are sure."""

    tag: str
    name: str
    script: Script = Script.LATIN
    own: str = ""

    @property
    def within(self) -> str:
        """The name within a sentence: tiếng Mông."""
        return within(self.name)


LANGUAGES = {
    language.tag: language
    for language in (
        Language(VIETNAMESE, "Tiếng Việt"),
        Language("hmn", "Tiếng Mông"),
        Language("blt", "Tiếng Thái đen", Script.TAI_VIET),
        Language("twh", "Tiếng Thái trắng", Script.TAI_VIET),
        Language("tyj", "Tiếng Thái (Tày Mường)"),
        Language("ium", "Tiếng Dao"),
        Language("mji", "Tiếng Dao (Kim Mun)"),
        Language("tyz", "Tiếng Tày"),
        Language("nut", "Tiếng Nùng"),
        Language("pcc", "Tiếng Giáy"),
        Language("mtq", "Tiếng Mường"),
        Language("tou", "Tiếng Thổ"),
        Language("kjg", "Tiếng Khơ Mú"),
        Language("km", "Tiếng Khmer", Script.KHMER, own="ភាសាខ្មែរ"),
        Language("cjm", "Tiếng Chăm", Script.CHAM),
        Language("rad", "Tiếng Ê Đê"),
        Language("jra", "Tiếng Gia Rai"),
    )
}
"""In the order in which they are offered."""


class VariantState(StrEnum):
    """Where a variant stands. Only what was read by a second person is published."""

    DRAFT = "draft"
    TO_READ = "to_read"
    READ = "read"
    REJECTED = "rejected"


class StepKind(StrEnum):
    """What somebody did with a variant."""

    WRITTEN = "written"
    HANDED_IN = "handed_in"
    READ = "read"
    REJECTED = "rejected"


class SpokenState(StrEnum):
    """Where the reading made by machine stands."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class NotAReader(NoticeError):
    """Only somebody named as one who reads the language says that a variant is right."""


class OwnVariant(NoticeError):
    """Whoever wrote or recorded a variant is not its second reader."""


class NoSuchVariant(NoticeError):
    """The language or the form is none in which a notice is told."""


OPEN = frozenset(
    set(NoticeState) - {NoticeState.CANCELLED, NoticeState.RECALLED, NoticeState.EXPIRED}
)
"""States of a notice in which it may still be told in another language."""


def is_told_so(language: str, form: str) -> bool:
    """True when a notice can be told in this language and form; written Vietnamese is the notice itself."""
    known = language in LANGUAGES and form in {f.value for f in Form}
    return known and not (language == VIETNAMESE and form == Form.TEXT)


def within(name: str) -> str:
    """Return a language's name as it stands within a sentence: its first letter alone is small."""
    return name[:1].lower() + name[1:]


def name_of(tag: str) -> str:
    """Return what a language is called, its tag when we do not know it any more."""
    return LANGUAGES[tag].name if tag in LANGUAGES else tag
