"""Photos and recordings of one case: listed for the asker, deleted when the case is erased."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from caunoi.files.models import StoredFile
from caunoi.files.terms import FileKind
from caunoi.kit.holding import CONSENT, End, Free, Holding, Piece, Subject, Whose

HOLDINGS = (
    Holding(
        "files.filecontent",
        ("body", "preview"),
        what=_(
            "Photos and recordings you sent with your question, without place and time of taking"
        ),
        purpose=_("so that the officer sees and hears what it is about"),
        basis=CONSENT,
        kept=_("as long as the table below says; what was never sent, one day"),
        whose=Whose.ASKER,
        end=End.ERASED,
    ),
    Holding(
        "files.picture",
        ("body", "preview"),
        what=_("Photos of a hand-over, a house or a campaign, without place and time of taking"),
        purpose=_("so that everybody sees that what was given has arrived"),
        basis=CONSENT,
        kept=_("as long as the hand-over or house it shows is kept"),
        whose=Whose.GIVER,
        end=End.KEPT,
    ),
)
FREE = (
    Free("files.picture", ("sha256",), why="a hash"),
    Free(
        "files.storedfile",
        ("batch", "kind", "media_type", "sha256", "state"),
        why="a random name, codes and a hash",
    ),
)
LABELS = {FileKind.PHOTO: _("A photo you sent"), FileKind.VOICE: _("A recording you sent")}


def pieces(about: Subject) -> list[Piece]:
    """Return each file with its size; the files themselves open on the page of the question."""
    found = StoredFile.objects.filter(case_id=about.case_id).order_by("kind", "kept_at", "pk")
    return [
        Piece(
            "files.filecontent",
            LABELS[FileKind(f.kind)],
            f"{f.media_type}, {-(-f.size_bytes // 1000)} kB",
            f.kept_at,
        )
        for f in found
    ]


def forget(about: Subject, *, at: datetime) -> int:
    """Delete them, released ones too."""
    del at
    found = StoredFile.objects.filter(case_id=about.case_id)
    count = found.count()
    found.delete()
    return count
