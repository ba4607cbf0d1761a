"""Official papers stay in their register as they were issued; the law says so."""

from django.utils.translation import gettext_noop as _

from caunoi.documents.models import Paper
from caunoi.kit.holding import ARCHIVE, End, Free, Holding, Piece, Subject, Whose

HOLDINGS = (
    Holding(
        "documents.paper",
        ("subject", "sheet", "addressee"),
        what=_("Official papers about your question, with their number"),
        purpose=_("so that the agency that is competent gets the question in due form"),
        basis=ARCHIVE,
        kept=_("as long as the archive law says; issued papers are not changed"),
        whose=Whose.ASKER,
        end=End.KEPT,
    ),
    Holding(
        "documents.paperfile",
        ("content",),
        what=_("Official papers about your question, with their number"),
        purpose=_("so that the agency that is competent gets the question in due form"),
        basis=ARCHIVE,
        kept=_("as long as the archive law says; issued papers are not changed"),
        whose=Whose.ASKER,
        end=End.KEPT,
    ),
    Holding(
        "documents.letterhead",
        ("signer_name",),
        what=_("Who signs for a unit"),
        purpose=_("so that an official paper has a signature"),
        basis=ARCHIVE,
        kept=_("until the next one signs"),
        whose=Whose.STAFF,
        end=End.KEPT,
    ),
)
FREE = (
    Free(
        "documents.letterhead",
        ("upper_lines", "body_line", "symbol", "place", "authority", "signer_title", "recipients"),
        why="words of an office",
    ),
    Free(
        "documents.paper",
        ("symbol", "paper_type", "reference", "state", "cancelled_because"),
        why="numbers, codes and an officer's reason",
    ),
    Free("documents.paperfile", ("format", "sha256"), why="a code and a hash"),
)


def pieces(about: Subject) -> list[Piece]:
    """Return the numbers of the papers; whom they went to stands on the timeline too."""
    papers = Paper.objects.filter(reference=f"case:{about.case_id}").order_by("issued_at")
    return [
        Piece("documents.paper", _("Official paper"), f"{p.symbol}: {p.addressee}", p.issued_at)
        for p in papers
    ]


def kept_by_law(about: Subject) -> list[str]:
    """Return the numbers of papers that stay when the case is erased."""
    papers = Paper.objects.filter(reference=f"case:{about.case_id}").order_by("issued_at")
    return list(papers.values_list("symbol", flat=True))
