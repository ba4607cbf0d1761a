"""Published answers are masked before anybody reads them; when an asker is erased they are masked once more."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.answers import rules
from caunoi.answers.models import PublishedAnswer
from caunoi.answers.terms import MASKS, Hidden
from caunoi.kit.holding import INFORMATION, End, Free, Holding, Piece, Subject, Whose

HOLDINGS = (
    Holding(
        "answers.publishedanswer",
        ("title", "question", "answer"),
        what=_("The published question and answer, with your name and number hidden"),
        purpose=_("so that nobody has to ask the same again"),
        basis=INFORMATION,
        kept=_("for good, without you"),
        whose=Whose.ASKER,
        end=End.MASKED,
    ),
    Holding(
        "answers.answerversion",
        ("text", "by_name"),
        what=_("Earlier texts of a published answer"),
        purpose=_("so that a correction is shown as one"),
        basis=INFORMATION,
        kept=_("for good, without you"),
        whose=Whose.ASKER,
        end=End.MASKED,
    ),
    Holding(
        "answers.publishedanswer",
        ("approved_by_name",),
        what=_("Which officer approved an answer"),
        purpose=_("so that an answer has a name"),
        basis=INFORMATION,
        kept=_("for good"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free("answers.answerimport", ("file_name", "state"), why="a file's name and a code"),
    Free(
        "answers.importrow",
        ("question", "answer", "agency", "topic", "number", "problem", "state"),
        why="old public questions and answers, masked before they are kept",
    ),
    Free(
        "answers.publishedanswer",
        ("number", "agency", "topic", "state", "law_note", "correction"),
        why="codes, and what is public about offices and laws",
    ),
    Free("answers.answerversion", ("why",), why="public reasons of a correction"),
    Free("answers.indexedquestion", ("terms",), why="hashed words of masked texts"),
    Free("answers.indexmark", ("lists",), why="a hash"),
    Free(
        "answers.answerevent", ("number", "topic", "kind"), why="a public number and what happened"
    ),
)


def pieces(about: Subject) -> list[Piece]:
    """Return what of the case everybody may read."""
    found = PublishedAnswer.objects.filter(number=about.number).first()
    if found is None:
        return []
    return [
        Piece("answers.publishedanswer", _("Published question"), found.question, found.published_at),
        Piece("answers.publishedanswer", _("Published answer"), found.answer, found.published_at),
    ]  # fmt: skip


def forget(about: Subject, *, at: datetime) -> int:
    """Mask name and contact once more in everything published under the number; the answer stands."""
    del at
    found = PublishedAnswer.objects.filter(number=about.number).first()
    if found is None:
        return 0
    for name in ("title", "question", "answer"):
        setattr(found, name, masked(getattr(found, name), about.names))
    found.title = found.title[:160]
    found.save(update_fields=["title", "question", "answer"])
    for version in found.versions.all():
        version.text = masked(version.text, about.names)
        version.save(update_fields=["text"])
    return 1


def masked(text: str, names: tuple[str, ...]) -> str:
    """Return the text without these names and contacts, and without what is masked by itself."""
    for name in names:
        if len(name) > 5:
            text = text.replace(name, MASKS[Hidden.NAME])
    return rules.redact(text, names=names).text


def public_words(*, number: str) -> tuple[str, str, str] | None:
    """Return title, question and answer as everybody reads them, or None."""
    found = PublishedAnswer.objects.filter(number=number)
    return found.values_list("title", "question", "answer").first()
