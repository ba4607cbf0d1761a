"""Voter meetings: the record is public; who asked stands on the case."""

from django.utils.translation import gettext_noop as _

from caunoi.kit.holding import ARCHIVE, End, Free, Holding, Piece, Subject, Whose
from caunoi.voters.models import VoterPetition

HOLDINGS = (
    Holding(
        "voters.votermeeting",
        ("record", "delegates"),
        what=_("The minutes of a voter meeting, with the names of the delegates"),
        purpose=_("so that everybody sees what was asked and what became of it"),
        basis=ARCHIVE,
        kept=_("for good: minutes are an official record"),
        whose=Whose.ASKER,
        end=End.KEPT,
    ),
)
FREE = (
    Free("voters.votermeeting", ("place", "level", "minutes_number"), why="a place and numbers"),
)


def pieces(about: Subject) -> list[Piece]:
    """Return at which meeting the petition was said."""
    found = VoterPetition.objects.filter(case_id=about.case_id).select_related("meeting").first()
    if found is None:
        return []
    return [Piece("voters.votermeeting", _("Said at a voter meeting"), str(found.meeting))]


def kept_by_law(about: Subject) -> list[str]:
    """Return the minutes that stay when the case is erased."""
    found = VoterPetition.objects.filter(case_id=about.case_id).select_related("meeting").first()
    return [found.meeting.minutes_number or str(found.meeting)] if found else []
