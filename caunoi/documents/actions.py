"""Writes of papers: number, keep, cancel. Drawing happens after the number is safe, outside any transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from caunoi.documents import drawing, queries, rules
from caunoi.documents.models import Keeping, Letterhead, Paper, PaperFile, Register
from caunoi.documents.terms import (
    TYPE_TITLES,
    AlreadyCancelled,
    Format,
    Head,
    NeedsReason,
    NotYourPaper,
    PaperState,
    PaperType,
    Sheet,
)
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@transaction.atomic
def issue_paper(
    *,
    unit_id: UUID,
    paper_type: PaperType,
    subject: str,
    addressee: str,
    paragraphs: Sequence[str],
    reference: str,
    by: Viewer,
    at: datetime,
    is_sealed: bool = False,
    permission: Permission = Permission.DOCUMENTS_ISSUE,
    table: Sequence[Sequence[str]] = (),
    signers: Sequence[tuple[str, str]] = (),
) -> Paper:
    """Give a paper the unit's next number of this year, without gaps, and keep everything that is printed on it.

    reference   what the paper is about ("case:…")
    is_sealed   read only by those who may read the unit's sealed cases
    permission  what the issuer must hold in the unit, when it is another than issuing papers about cases
    table, signers  as in ``Sheet``
    Raises NotYourPaper
    Not done here   drawing it (file_for)
    """
    on = clock.local_date(at)
    _check_reach(unit_id, by, at, permission)
    number = _next_number(unit_id, on.year)
    head = queries.head_of(unit_id=unit_id, on=on)
    symbol = rules.number_and_symbol(number=number, paper_type=paper_type, symbol=head.symbol)
    sheet = Sheet(
        head=head,
        number=symbol,
        date_line=rules.date_line(place=head.place, on=on),
        title=TYPE_TITLES[paper_type],
        subject=clean(subject),
        addressee=clean(addressee),
        paragraphs=tuple(clean(p) for p in paragraphs),
        recipients=rules.recipients_of(
            rules.SIGNED_COPIES if signers else queries.recipients_of(unit_id=unit_id)
        ),
        table=tuple(tuple(clean(cell) for cell in row) for row in table),
        signers=tuple((clean(title), clean(name)) for title, name in signers),
    )
    paper = Paper.objects.create(
        unit_id=unit_id,
        year=on.year,
        number=number,
        symbol=symbol,
        paper_type=paper_type.value,
        subject=sheet.subject[:300],
        addressee=sheet.addressee[:300],
        reference=reference,
        sheet=sheet.as_json(),
        is_sealed=is_sealed,
        issued_at=at,
        issued_by_id=by.account_id,
    )
    told = {"symbol": symbol, "type": paper_type.value, "reference": reference}
    audit.record("documents.paper.issued", on=paper, by=by, at=at, unit_id=unit_id, after=told)
    return paper


def _next_number(unit_id: UUID, year: int) -> int:
    """Return the next number of the unit's register; the row is the lock."""
    Register.objects.get_or_create(unit_id=unit_id, year=year)
    register = Register.objects.select_for_update(of=("self",)).get(unit_id=unit_id, year=year)
    register.last += 1
    register.save(update_fields=["last"])
    return register.last


def file_for(*, paper: Paper, file_format: Format, at: datetime, picture: str = "") -> bytes:
    """Return the paper as a file: drawn the first time and kept, the kept one ever after. Idempotent by paper and format.

    picture  an SVG to stand on the PDF when it is drawn
    """
    kept = queries.file_of(paper=paper, file_format=file_format)
    if kept is not None:
        return bytes(kept.content)
    from caunoi.documents import word  # loads slowly, and few processes ever draw a paper

    sheet = Sheet.from_json(paper.sheet)
    drawn = drawing.pdf_of(sheet, picture) if file_format == Format.PDF else word.docx_of(sheet)
    kept, _ = PaperFile.objects.get_or_create(
        paper=paper,
        format=file_format.value,
        defaults={
            "content": drawn,
            "sha256": hashlib.sha256(drawn).digest(),
            "made_at": at,
        },
    )
    return bytes(kept.content)


@transaction.atomic
def cancel_paper(*, paper: Paper, because: str, by: Viewer, at: datetime) -> Paper:
    """Cancel a paper; its number stays in the register with the reason, and is never given again.

    Raises NotYourPaper, AlreadyCancelled, NeedsReason
    """
    paper = Paper.objects.select_for_update(of=("self",), no_key=True).get(pk=paper.pk)
    _check_reach(paper.unit_id, by, at, Permission.DOCUMENTS_ISSUE)
    if paper.state == PaperState.CANCELLED:
        raise AlreadyCancelled("The paper is cancelled already.")
    if not because.strip():
        raise NeedsReason("Write why the number is cancelled; the register keeps it.")
    paper.state, paper.cancelled_at = PaperState.CANCELLED.value, at
    paper.cancelled_because, paper.cancelled_by_id = clean(because)[:300], by.account_id
    paper.save(update_fields=["state", "cancelled_at", "cancelled_because", "cancelled_by"])
    audit.record(
        "documents.paper.cancelled",
        on=paper,
        by=by,
        at=at,
        unit_id=paper.unit_id,
        after={"symbol": paper.symbol},
    )
    return paper


@transaction.atomic
def keep_papers(keepers: Mapping[UUID, UUID], *, since: date, at: datetime) -> int:
    """Let other units keep the papers of those that end; numbers and letterheads stay as they were. Idempotent.

    keepers  by unit that ends, the one that keeps its papers
    -> how many are kept by another one now, in as many statements whatever their number
    """
    known = set(Keeping.objects.filter(pk__in=list(keepers)).values_list("pk", flat=True))
    rows = [Keeping(unit_id=u, kept_by_id=k, since=since) for u, k in keepers.items()]
    Keeping.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["unit"], update_fields=["kept_by", "since"]
    )
    fresh = [row for row in rows if row.unit_id not in known]
    audit.record_all(
        [
            audit.entry(
                "documents.papers.passed",
                on=row,
                at=at,
                unit_id=row.kept_by_id,
                after={"kept_by": row.kept_by_id, "since": since},
            )
            for row in fresh
        ]
    )
    return len(fresh)


@transaction.atomic
def save_letterhead(
    *, unit_id: UUID, head: Head, recipients: str, by: Viewer | None, at: datetime
) -> Letterhead:
    """Write how the unit heads and signs its papers from now on; papers already issued stay as they are. Raises NotYourPaper."""
    if by is not None:
        _check_reach(unit_id, by, at, Permission.DOCUMENTS_MANAGE)
    fields = {
        "upper_lines": "\n".join(clean(line) for line in head.upper_lines),
        "body_line": clean(head.body_line),
        "symbol": clean(head.symbol),
        "place": clean(head.place),
        "authority": clean(head.authority),
        "signer_title": clean(head.signer_title),
        "signer_name": clean(head.signer_name),
        "recipients": clean(recipients),
    }
    saved, _ = Letterhead.objects.update_or_create(unit_id=unit_id, defaults=fields)
    audit.record(
        "documents.letterhead.saved",
        on=saved,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"symbol": head.symbol},
    )
    return saved


def _check_reach(unit_id: UUID, by: Viewer, at: datetime, permission: Permission) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(permission, path):
        raise NotYourPaper("You may not issue papers of this unit.")
