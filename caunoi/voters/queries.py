"""Reads about voter meetings. That a meeting was held and what was asked there is public; sealed petitions are on no list."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from caunoi.cases import queries as cases
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.voters.models import VoterMeeting, VoterPetition

PUBLIC = "voter meetings are public"
OPEN = ~Q(case__kind__in=cases.SEALED)


def visible_meetings(viewer: Viewer, *, on: date) -> QuerySet[VoterMeeting]:
    """Return the meetings of the units below the viewer, newest first, with how many petitions they have and how many are answered.

    Also what ended units held for which hers stand.
    """
    paths = viewer.scope(Permission.CASES_TAKE_IN)
    return _counted(VoterMeeting.objects.filter(_held_below(paths, on)))


def _held_below(paths: Collection[str], on: date) -> Q:
    below = units.subtree_filter(paths=paths, on=on)
    return Q(unit_id__in=below) | Q(unit_id__in=heirs.gone_filter(paths=paths, on=on))


def _counted(meetings: QuerySet[VoterMeeting]) -> QuerySet[VoterMeeting]:
    in_list = ~Q(petitions__case__kind__in=cases.SEALED)
    return meetings.annotate(
        said=Count("petitions", filter=in_list),
        answered=Count("petitions", filter=in_list & Q(petitions__case__answered_at__isnull=False)),
    ).order_by("-held_on", "-entered_at")


def meeting(viewer: Viewer, *, pk: UUID, on: date) -> VoterMeeting | None:
    """Return one meeting of a unit below the viewer, or None."""
    return visible_meetings(viewer, on=on).filter(pk=pk).first()


@system(PUBLIC)
def public_meetings(*, under: UUID | None = None, on: date) -> QuerySet[VoterMeeting]:
    """Return the meetings, of one unit and those below it or of all, newest first; those without an open petition are left out."""
    found = _counted(VoterMeeting.objects.all())
    if under:
        paths = units.paths_of(unit_ids=[under], on=on).values()
        found = found.filter(_held_below(list(paths), on))
    said = VoterPetition.objects.filter(OPEN, meeting_id=OuterRef("pk"))
    return found.filter(Exists(said))


@system(PUBLIC)
def public_meeting(*, pk: UUID) -> VoterMeeting | None:
    """Return one meeting, or None."""
    return _counted(VoterMeeting.objects.filter(pk=pk)).first()


@system(PUBLIC)
def petitions_of(*, meeting: VoterMeeting) -> list[VoterPetition]:
    """Return the petitions of a meeting in their order, sealed ones left out."""
    found = VoterPetition.objects.filter(OPEN, meeting=meeting).select_related("case")
    return list(found.order_by("place_in_list"))


@system("shown to whoever loaded the meeting: only how many")
def sealed_count(*, meeting: VoterMeeting) -> int:
    """Return how many petitions of the meeting are sealed."""
    return VoterPetition.objects.filter(~OPEN, meeting=meeting).count()


@system(PUBLIC)
def meeting_of_case(*, case_id: UUID) -> VoterMeeting | None:
    """Return the meeting at which a case was said, or None."""
    found = VoterPetition.objects.filter(case_id=case_id).select_related("meeting").first()
    return found.meeting if found else None
