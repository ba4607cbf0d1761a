"""Notices are official words; what they say of a person is looked at before they are sent."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import INFORMATION, SECURITY, End, Free, Holding, Whose

HOLDINGS = (
    Holding(
        "notices.decision",
        ("reason",),
        what=_("Who approved a notice or gave it back, and why"),
        purpose=_("so that what is said in a unit's name has a name behind it"),
        basis=SECURITY,
        kept=_("for good"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
    Holding(
        "notices.noticescratch",
        ("fields",),
        what=_("What an officer is typing in a notice and has not kept"),
        purpose=_("so that nothing written is lost"),
        basis=INFORMATION,
        kept=_("until it is kept or thrown away, a month at most"),
        whose=Whose.STAFF,
        end=End.ERASED,
    ),
    Holding(
        "notices.languagereader",
        ("language",),
        what=_("Which languages an officer or collaborator reads and speaks"),
        purpose=_(
            "so that somebody who reads the language looks at a notice before it is published"
        ),
        basis=INFORMATION,
        kept=_("until the unit takes it out"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
    Holding(
        "notices.variantcontent",
        ("body", "preview"),
        what=_("The voice of an officer or collaborator who reads a notice aloud"),
        purpose=_("so that people hear a notice in their own language"),
        basis=INFORMATION,
        kept=_("as long as the notice, unless another recording takes its place"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
    Holding(
        "notices.variantstep",
        ("reason",),
        what=_("Who wrote, recorded, read or rejected a notice in a language, and why"),
        purpose=_("so that what is said in a unit's name has a name behind it"),
        basis=SECURITY,
        kept=_("for good"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free(
        "notices.notice",
        ("number", "kind", "audience", "state", "title", "short_text", "long_text", "link", "details", "end_reason"),
        why="official words of a unit, looked at for private data before they are sent",
    ),
    Free(
        "notices.noticeversion",
        ("title", "short_text", "long_text", "link", "details", "wordings"),
        why="earlier official words of a unit",
    ),
    Free("notices.wording", ("surface", "text"), why="official words for one channel"),
    Free("notices.noticepicture", ("alt", "media_type", "sha256", "body", "preview"), why="pictures a unit shows everybody"),
    Free("notices.noticeattachment", ("name", "sha256", "body"), why="papers a unit shows everybody"),
    Free("notices.noticevideo", ("name", "media_type", "sha256"), why="a video a unit shows everybody"),
    Free("notices.noticevideopart", ("body",), why="a video a unit shows everybody"),
    Free("notices.audienceline", ("reach", "levels", "connector_keys"), why="units and kinds of channel"),
    Free("notices.audiencegroup", ("name", "lines"), why="units and kinds of channel under a name"),
    Free("notices.decision", ("verdict",), why="a code"),
    Free(
        "notices.variant",
        ("language", "form", "state", "title", "text", "reason", "media_type", "sha256"),
        why="official words in another language, read by a second person before they are shown",
    ),
    Free("notices.variantstep", ("kind",), why="a code"),
    Free("notices.spokenscript", ("script", "voice", "state", "problem", "mp3", "wav"), why="official words read by a machine"),
    Free("notices.handedin", ("around",), why="codes, times, units, and what pictures and files of a notice are called"),
    Free("notices.repetition", ("every", "times", "days", "stop_reason"), why="times, codes and a sentence of ours"),
)  # fmt: skip
