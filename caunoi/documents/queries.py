"""Reads of papers and letterheads."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from caunoi.documents import rules
from caunoi.documents.models import Keeping, Letterhead, Paper, PaperFile
from caunoi.documents.terms import Format, Head
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

DEFAULT_RECIPIENTS = "Như trên\nLưu: VT"


def visible_papers(viewer: Viewer, *, on: date) -> QuerySet[Paper]:
    """Return the papers of the units below the viewer, and of ended units whose papers these keep; those of sealed cases
    only where sealed cases may be read.
    """
    reach = units.subtree_filter(paths=viewer.scope(Permission.DOCUMENTS_VIEW), on=on)
    sealed_in = list(viewer.unit_ids(Permission.CASES_SEALED))
    kept = Keeping.objects.filter(kept_by_id__in=reach, since__lte=on).values("unit_id")
    kept_sealed = Keeping.objects.filter(kept_by_id__in=sealed_in, since__lte=on).values("unit_id")
    readable = Q(is_sealed=False) | Q(unit_id__in=sealed_in) | Q(unit_id__in=kept_sealed)
    return Paper.objects.filter(readable, Q(unit_id__in=reach) | Q(unit_id__in=kept))


@system("a reform is prepared by whoever manages the units: only how many")
def paper_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many papers each of these units issued; units without any, or whose papers are kept already, are left out."""
    kept = Keeping.objects.values("unit_id")
    issued = Paper.objects.filter(unit_id__in=unit_ids).exclude(unit_id__in=kept)
    found = issued.order_by().values_list("unit_id")
    return dict(found.annotate(n=Count("pk")))


@system("a reform is prepared by whoever manages the units: only how many")
def letterhead_counts(*, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return 1 for each of these units that wrote a letterhead of its own; where it is kept with the papers already, none."""
    own = Letterhead.objects.filter(pk__in=list(unit_ids))
    kept = Keeping.objects.values("unit_id")
    return dict.fromkeys(own.exclude(pk__in=kept).values_list("pk", flat=True), 1)


def papers(
    viewer: Viewer, *, on: date, text: str = "", year: int | None = None, paper_type: str = ""
) -> QuerySet[Paper]:
    """Return the register the viewer may see, newest first, narrowed by words in number, subject or addressee."""
    found = visible_papers(viewer, on=on).select_related("issued_by")
    for word in fold(text).split()[:6]:
        found = found.filter(folded__contains=word)
    if year:
        found = found.filter(year=year)
    if paper_type:
        found = found.filter(paper_type=paper_type)
    return found.order_by("-issued_at", "-number")


def papers_of(viewer: Viewer, *, reference: str, on: date) -> list[Paper]:
    """Return the papers written about one thing ("case:…") that the viewer may see, oldest first."""
    return list(visible_papers(viewer, on=on).filter(reference=reference).order_by("issued_at"))


@system("the way of a case, public: number, day and addressee, never the text")
def register_of(*, reference: str) -> list[Paper]:
    """Return the papers written about one thing that were not cancelled, oldest first; none of a sealed case."""
    found = Paper.objects.filter(reference=reference, state="issued", is_sealed=False)
    return list(found.defer("sheet").order_by("issued_at"))


@system("the heading is printed on what leaves the house")
def head_of(*, unit_id: UUID, on: date) -> Head:
    """Return how the unit heads and signs its papers: its own letterhead, or the one the rules say."""
    own = Letterhead.objects.filter(pk=unit_id).first()
    if own is None:
        unit = units.latest(unit_id=unit_id, on=on)
        return rules.default_head(
            full_name=unit.full_name if unit else "", name=unit.name if unit else ""
        )
    return Head(
        upper_lines=tuple(line for line in own.upper_lines.splitlines() if line.strip()),
        body_line=own.body_line,
        symbol=own.symbol,
        place=own.place,
        authority=own.authority,
        signer_title=own.signer_title,
        signer_name=own.signer_name,
    )


@system("printed on what leaves the house")
def recipients_of(*, unit_id: UUID) -> str:
    """Return the unit's usual lines of "Nơi nhận"."""
    own = Letterhead.objects.filter(pk=unit_id).values_list("recipients", flat=True).first()
    return own or DEFAULT_RECIPIENTS


@system("asked by a door that has loaded the paper for its viewer")
def file_of(*, paper: Paper, file_format: Format) -> PaperFile | None:
    """Return the paper as it was first drawn, or None when it was not drawn yet."""
    return PaperFile.objects.filter(paper=paper, format=file_format.value).first()
