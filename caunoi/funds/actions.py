"""The only writers of the books."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from caunoi.funds import rules, trees
from caunoi.funds.models import Account, Commodity, Fund, Posting, Receipt, Root, Tile, Word
from caunoi.funds.terms import (
    COMMON,
    Address,
    AlreadyReversed,
    AnotherPosting,
    Draft,
    Line,
    Move,
    NotBalanced,
    NotEnough,
    OutsideCampaign,
    PeriodClosed,
)
from caunoi.kit import audit, copying

SALT_BYTES = 16
AT_ONCE = 5000


@transaction.atomic
def open_fund(
    *, unit_id: UUID, name: str, on: date, at: datetime, by: audit.Actor | None = None
) -> Fund:
    """Begin a set of books."""
    fund = Fund.objects.create(unit_id=unit_id, name=name.strip(), opened_on=on)
    audit.record(
        "funds.fund.opened", on=fund, by=by, at=at, unit_id=unit_id, after={"name": fund.name}
    )
    return fund


def know_common_commodities() -> None:
    """Make the things that are known from the start countable. Idempotent."""
    Commodity.objects.bulk_create(
        [Commodity(code=c, name=n, unit_word=w, sort=s.value) for c, n, w, s in COMMON],
        ignore_conflicts=True,
    )


@transaction.atomic
def post(
    drafts: Sequence[Draft], *, fund_id: UUID, at: datetime, by: audit.Actor | None = None
) -> list[Posting]:
    """Make the postings, all or none, in this order; those that were made before under their key are returned as they are.

    Raises NotBalanced, NotEnough, AnotherPosting, AlreadyReversed or PeriodClosed; then nothing was written.
    """
    for draft in drafts:
        if wrong := rules.goes_wrong(draft.move, draft.source, draft.target, draft.amount):
            raise NotBalanced(wrong)
    fund = Fund.objects.select_for_update(no_key=True).get(pk=fund_id)
    made = _made_before(drafts)
    fresh = [d for d in drafts if d.id not in made]
    if fresh:
        made |= {p.pk: p for p in _write(fund, fresh, at, by)}
        _record_posted(fund, len(fresh), at, by)
    return [made[d.id] for d in drafts]


def _made_before(drafts: Sequence[Draft]) -> dict[UUID, Posting]:
    """Return the postings that exist under these keys. AnotherPosting when one of them is not what is asked for now."""
    wanted = {d.id: d for d in drafts}
    found = Posting.objects.filter(pk__in=wanted).select_related("source", "target")
    made = {p.pk: p for p in found}
    for pk, posting in made.items():
        draft = wanted[pk]
        same = (
            posting.move == draft.move
            and posting.amount == draft.amount
            and posting.on == draft.on
            and posting.reverses_id == draft.reverses
            and posting.source.address == draft.source
            and posting.target.address == draft.target
        )
        if not same:
            raise AnotherPosting(_("This key was used before for something else."))
    return made


@transaction.atomic
def post_many(
    drafts: Sequence[Draft], *, fund_id: UUID, at: datetime, by: audit.Actor | None = None
) -> int:
    """As ``post``, for thousands of lines of a bank at once: copied in, checked by the same triggers. -> how many were fresh.

    Raises what ``post`` raises; then nothing was written.
    """
    for draft in drafts:
        if wrong := rules.goes_wrong(draft.move, draft.source, draft.target, draft.amount):
            raise NotBalanced(wrong)
    fund = Fund.objects.select_for_update(no_key=True).get(pk=fund_id)
    made = _made_before(drafts)
    fresh = [d for d in drafts if d.id not in made]
    if fresh:
        _copy(*_rows(fund, fresh, at, by))
        _record_posted(fund, len(fresh), at, by)
    return len(fresh)


def _record_posted(fund: Fund, n: int, at: datetime, by: audit.Actor | None) -> None:
    audit.record(
        "funds.posted",
        on=fund,
        by=by,
        at=at,
        unit_id=fund.unit_id,
        after={"first": fund.seq + 1, "last": fund.seq + n},
    )


def _write(
    fund: Fund, drafts: Sequence[Draft], at: datetime, by: audit.Actor | None
) -> list[Posting]:
    rows, words = _rows(fund, drafts, at, by)
    try:
        with transaction.atomic():
            Posting.objects.bulk_create(rows, batch_size=AT_ONCE)
    except IntegrityError as error:
        raise _explained(error) from error
    Word.objects.bulk_create(words, batch_size=AT_ONCE)
    return rows


def _copy(rows: Sequence[Posting], words: Sequence[Word]) -> None:
    try:
        with transaction.atomic():
            copying.copy_in(rows)
    except IntegrityError as error:
        raise _explained(error) from error
    copying.copy_in(words)


def _rows(
    fund: Fund, drafts: Sequence[Draft], at: datetime, by: audit.Actor | None
) -> tuple[list[Posting], list[Word]]:
    accounts = _accounts(fund, drafts)
    rows: list[Posting] = []
    words: list[Word] = []
    link = bytes(fund.head)
    for seq, draft in enumerate(drafts, fund.seq + 1):
        salt = secrets.token_bytes(SALT_BYTES)
        sealed = rules.commitment(salt, draft.word) if draft.word else rules.ZERO
        of_leaf = rules.leaf(rules.canonical(_line(fund, seq, draft, at, sealed)))
        link = rules.link(link, of_leaf)
        rows.append(
            Posting(
                id=draft.id,
                fund=fund,
                seq=seq,
                move=draft.move,
                source=accounts[draft.source],
                target=accounts[draft.target],
                commodity_id=draft.source.commodity,
                amount=draft.amount,
                on=draft.on,
                at=at,
                by_id=by.account_id if by else None,
                together=draft.together,
                reverses_id=draft.reverses,
                commitment=sealed,
                leaf=of_leaf,
                link=link,
            )
        )
        if draft.word:
            words.append(Word(posting_id=draft.id, salt=salt, word=draft.word))
    return rows, words


def _explained(error: IntegrityError) -> Exception:
    """Return what the person is told when the database refuses."""
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if broken == "ledger_nothing_below_zero":
        return NotEnough(_("There is not as much there as you want to take."))
    if broken == "posting_period_open":
        return PeriodClosed(_("The books of that day are closed. Choose a later day."))
    if broken == "posting_within_campaign":
        return OutsideCampaign(_("The campaign accepts nothing on that day."))
    if "reverses" in broken and broken.endswith(("_key", "_uniq")):
        return AlreadyReversed(_("This was taken back before."))
    if broken.startswith("posting_"):
        return NotBalanced(broken)
    return error


def _line(fund: Fund, seq: int, draft: Draft, at: datetime, sealed: bytes) -> Line:
    return Line(
        seq=seq,
        id=draft.id,
        fund=fund.pk,
        move=draft.move,
        source=draft.source,
        target=draft.target,
        amount=draft.amount,
        on=draft.on,
        at=at,
        together=draft.together,
        reverses=draft.reverses,
        commitment=sealed,
    )


def _accounts(fund: Fund, drafts: Sequence[Draft]) -> dict[Address, Account]:
    """Return the accounts of these postings; new ones are opened. The fund is held, so nobody opens them beside us."""
    wanted = {a for d in drafts for a in (d.source, d.target)}
    there = Account.objects.filter(
        Q(unit_id__in={a.unit_id for a in wanted}) | Q(unit_id=None),
        fund=fund,
        place__in={a.place for a in wanted},
    )
    known = {a.address: a for a in there}
    missing = [
        Account(
            fund=fund,
            place=a.place,
            commodity_id=a.commodity,
            purpose=a.purpose,
            unit_id=a.unit_id,
        )
        for a in sorted(wanted - known.keys(), key=str)
    ]
    known |= {a.address: a for a in Account.objects.bulk_create(missing)}
    return known


def reverse(
    *, posting: Posting, key: UUID, on: date, at: datetime, by: audit.Actor | None = None
) -> Posting:
    """Take a posting back by its contrary; the original stays. Idempotent by the key."""
    draft = Draft(
        id=key,
        move=Move.REVERSE,
        source=posting.target.address,
        target=posting.source.address,
        amount=posting.amount,
        on=on,
        reverses=posting.pk,
    )
    return post([draft], fund_id=posting.fund_id, at=at, by=by)[0]


@transaction.atomic
def close_books(
    *, fund_id: UUID, through: date, at: datetime, by: audit.Actor | None = None
) -> Fund:
    """Let nothing more count for that day or one before. Closed books are not opened again."""
    fund = Fund.objects.select_for_update(no_key=True).get(pk=fund_id)
    if fund.closed_through and through <= fund.closed_through:
        return fund
    before = fund.closed_through
    fund.closed_through = through
    fund.save(update_fields=["closed_through"])
    audit.record(
        "funds.books.closed",
        on=fund,
        by=by,
        at=at,
        unit_id=fund.unit_id,
        before={"through": before},
        after={"through": through},
    )
    return fund


@transaction.atomic
def publish_root(*, fund_id: UUID, day: date, at: datetime) -> Root:
    """Write down the tree over all postings so far as that day's root. Once a day; asked again it is the one there is.

    Raises PeriodClosed when a later day has its root: roots are published in the order of their days.
    """
    fund = Fund.objects.select_for_update(no_key=True).get(pk=fund_id)
    there = Root.objects.filter(fund=fund, day=day).first()
    if there is not None:
        return there
    if Root.objects.filter(fund=fund, day__gt=day).exists():
        raise PeriodClosed(_("The books of that day are closed. Choose a later day."))
    Tile.objects.bulk_create(trees.new_tiles(fund.pk, fund.seq), batch_size=AT_ONCE)
    return Root.objects.create(
        fund=fund,
        day=day,
        size=fund.seq,
        root=trees.root_of(fund.pk, fund.seq),
        link=bytes(fund.head),
        published_at=at,
    )


@transaction.atomic
def issue_receipt(
    *, posting: Posting, unit_id: UUID, year: int, at: datetime, by: audit.Actor
) -> Receipt:
    """Give the next number of the unit and year to a posting; a posting has one receipt. Idempotent."""
    Fund.objects.select_for_update(no_key=True).get(pk=posting.fund_id)
    there = Receipt.objects.filter(posting=posting).first()
    if there is not None:
        return there
    receipt = Receipt.objects.create(
        posting=posting,
        unit_id=unit_id,
        year=year,
        number=1,  # the database gives the next one
        issued_at=at,
        by_id=by.account_id,
    )
    receipt.refresh_from_db(fields=["number"])
    audit.record(
        "funds.receipt.issued",
        on=receipt,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"number": receipt.number, "year": year},
    )
    return receipt


@transaction.atomic
def erase_word(*, posting_id: UUID, at: datetime, by: audit.Actor | None = None) -> bool:
    """Forget the name or memo beside a posting, and the salt that would prove it. The chain stays whole. -> whether there was one."""
    word = Word.objects.filter(posting_id=posting_id).select_related("posting__fund").first()
    if word is None:
        return False
    fund = word.posting.fund
    word.delete()
    audit.record("funds.word.erased", on=fund, by=by, at=at, unit_id=fund.unit_id)
    return True


@transaction.atomic
def erase_words(*, fund_id: UUID, posting_ids: Sequence[UUID], at: datetime) -> int:
    """Forget the names or memos beside many postings of one fund, and their salts. The chain stays whole. -> how many"""
    gone, _each = Word.objects.filter(posting__fund_id=fund_id, posting_id__in=posting_ids).delete()
    if gone:
        fund = Fund.objects.get(pk=fund_id)
        audit.record(
            "funds.words.erased", on=fund, at=at, unit_id=fund.unit_id, after={"words": gone}
        )
    return gone
