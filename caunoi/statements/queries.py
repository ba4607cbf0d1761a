"""Reads of statements: the keepers' files and work list, and the public search among millions of lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
)

from caunoi.campaigns import queries as campaign_queries
from caunoi.campaigns.models import Campaign, Gift, Need, TransferCode
from caunoi.campaigns.terms import GiftState, NeedState, State
from caunoi.funds import queries as books
from caunoi.funds.models import Posting
from caunoi.kit import clock
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.terms import Permission
from caunoi.statements import rules
from caunoi.statements.models import BankAccount, BankLine, StatementFile, Total
from caunoi.statements.terms import FileState, Hint, LineState
from caunoi.units import queries as units

PAGE = 50
WALK = 20_000
"""So many of the newest lines are walked through before the index of fragments is asked."""
_REFERENCE = re.compile(r"[a-z]{0,6}[0-9][a-z0-9.-]{5,30}")
FAR, LAST = date(9999, 12, 31), 2**63 - 1
PUBLIC = "what came in and went out of a campaign's account is public, givers masked"


# -- for those who keep the books ----------------------------------------------


def campaigns(viewer: Viewer, *, on: date, keep: bool = False) -> QuerySet[Campaign]:
    """Return the campaigns with books in the units where the viewer sees (or keeps) funds, newest first."""
    needed = Permission.FUNDS_KEEP if keep else Permission.FUNDS_VIEW
    reach = units.subtree_filter(paths=viewer.scope(needed), on=on)
    found = Campaign.objects.filter(unit_id__in=reach, fund__isnull=False)
    return found.order_by("-starts_on", "slug")


def accounts(viewer: Viewer, *, on: date) -> QuerySet[BankAccount]:
    """Return the accounts of those campaigns."""
    found = BankAccount.objects.filter(campaign__in=campaigns(viewer, on=on))
    return found.select_related("campaign").order_by("campaign__title", "number")


@system("the account was loaded for its viewer")
def is_sole(*, account: BankAccount, on: date) -> bool:
    """True when on that day the account takes money for its campaign only."""
    changes = [(change.since, change.sole) for change in account.sole_changes.all()]
    return rules.sole_on(account.sole, changes, on)


def files(viewer: Viewer, *, on: date) -> QuerySet[StatementFile]:
    """Return the files brought in for those campaigns, newest first."""
    found = StatementFile.objects.filter(account__campaign__in=campaigns(viewer, on=on))
    return found.select_related("account__campaign", "by").order_by("-made_at", "pk")


def lines(viewer: Viewer, *, on: date) -> QuerySet[BankLine]:
    """Return the lines of those campaigns, with the bank's own words."""
    found = BankLine.objects.filter(campaign__in=campaigns(viewer, on=on))
    return found.select_related("campaign", "account", "file")


@system("the lines were chosen for their viewer")
def saying(*, rows: QuerySet[BankLine], text: str) -> QuerySet[BankLine]:
    """Return those of the lines in which these words stand as everybody reads them; found by the index of letters."""
    letters = {"function": "statements_letters", "output_field": TextField()}
    there = rows.alias(letters=Func(F("folded"), **letters))
    return there.filter(
        letters__contains=Func(Value(fold(text)), **letters), folded__contains=fold(text)
    )


def line(viewer: Viewer, *, short: str, on: date) -> BankLine | None:
    """Return one line of a campaign whose books the viewer sees."""
    keys = rules.keys_of(short)
    if keys is None:
        return None
    found = lines(viewer, on=on).filter(key__range=keys)
    return found.select_related("campaign", "account", "file", "gift", "need__unit", "of").first()


@system("keys name nobody; they tell which lines are there")
def lasting(*, keys: Sequence[UUID]) -> list[UUID]:
    """Return the keys under which lines stand or will stand: one whose import was undone leaves its key behind and takes the next."""
    found = list(keys)
    while True:
        undone = BankLine.objects.filter(key__in=found, state=LineState.UNDONE)
        gone = set(undone.values_list("key", flat=True))
        if not gone:
            return found
        found = [uuid5(key, "again") if key in gone else key for key in found]


@system("the line was loaded for its viewer")
def left_of(*, line: BankLine) -> int:
    """Return how much of a line that came in has not gone back."""
    back = BankLine.objects.filter(of=line, state=LineState.REFUND).aggregate(n=Sum("amount"))["n"]
    return line.amount + (back or 0)


@system("the line was loaded for its viewer")
def proposals_for(*, line: BankLine) -> list[tuple[rules.Proposal, Gift]]:
    """Return the promises a line could belong to, with the reasons."""
    if line.amount < 0 or line.state != LineState.UNMATCHED:
        return []
    still = Gift.objects.filter(
        campaign=line.campaign_id,
        commodity="VND",
        state__in=[GiftState.PROMISED.value, GiftState.PARTLY.value, GiftState.LAPSED.value],
        came__lt=F("amount"),
        code__isnull=False,
    )
    gifts = {g.pk: g for g in still.select_related("code", "need__unit").order_by("-promised_at")[:2000]}  # fmt: skip
    open_still = [
        rules.Open(
            g.pk,
            g.code.number,
            g.amount - g.came,
            g.giver,
            g.purpose,
            promised_on=clock.local_date(g.promised_at),
            lapsed=g.state == GiftState.LAPSED,
        )
        for g in gifts.values()
    ]
    found = rules.proposals(memo=line.memo, other=line.other_name, amount=line.amount, promises=open_still, on=line.on)  # fmt: skip
    return [(p, gifts[p.gift_id]) for p in found]


@system("the line was loaded for its viewer")
def needs_for(*, line: BankLine) -> list[tuple[list[Hint], Need]]:
    """Return the open needs of money a line could be meant for, with the reasons; those that have a code of their own."""
    if line.amount < 0 or line.state != LineState.UNMATCHED:
        return []
    still = Need.objects.filter(campaign=line.campaign_id, commodity="VND", state=NeedState.OPEN)
    codes = Prefetch("codes", TransferCode.objects.filter(gift=None).order_by("number"))
    coded = still.filter(codes__gift=None, codes__isnull=False).distinct()
    asked = list(coded.select_related("unit").prefetch_related(codes)[:500])
    if not asked:
        return []
    met = campaign_queries.met_of(need_ids=[need.pk for need in asked])
    names = units.names_of(unit_ids={need.unit_id for need in asked}, on=line.on)
    purposes = dict(line.campaign.purposes.values_list("code", "name"))
    found = []
    for need in asked:
        hints = rules.need_hints(
            memo=line.memo,
            amount=line.amount,
            missing=need.amount - met.get(need.pk, 0),
            place=_bare_name(names.get(need.unit_id, "")),
            purpose=purposes.get(need.purpose, ""),
        )
        if hints:
            need.place = names.get(need.unit_id, "")  # type: ignore[attr-defined]
            found.append((hints, need))
    return sorted(found, key=lambda pair: -len(pair[0]))[:5]


def _bare_name(name: str) -> str:
    """Return the name of a unit without its kind: givers write "Bích Hào", not "Xã Bích Hào"."""
    kind, _gap, rest = name.partition(" ")
    return rest if kind.lower() in {"xã", "phường", "bản", "xóm", "thôn", "tỉnh", "khối"} else name


@system("the line was loaded for its viewer")
def could_be_given_back(*, line: BankLine) -> list[BankLine]:
    """Return the lines that money which went out could give back: the same amount, before it, not given back yet.

    Those of the same other side, of which it could be a part, follow.
    """
    if line.amount > 0 or line.state != LineState.UNMATCHED:
        return []
    could = BankLine.objects.filter(
        campaign=line.campaign_id,
        on__lte=line.on,
        state__in=[LineState.UNMATCHED.value, LineState.MATCHED.value],
        posting_id__isnull=False,
    ).order_by("-on", "-id")
    same = list(could.filter(amount=-line.amount)[:20])
    if not line.other_name and not line.other_account:
        return same
    side = (
        Q(other_account=line.other_account) if line.other_account else Q(other_name=line.other_name)
    )
    part = list(could.filter(side, amount__gt=-line.amount)[:20])
    return [*same, *(one for one in part if left_of(line=one) >= -line.amount)]


# -- for everybody -------------------------------------------------------------


@system(PUBLIC)
def public_campaigns() -> QuerySet[Campaign]:
    """Return the campaigns whose statement is public, newest first."""
    shown = [State.OPEN.value, State.SETTLED.value]
    found = Campaign.objects.filter(state__in=shown, bank_accounts__isnull=False).distinct()
    return found.order_by("-starts_on", "slug")


@system(PUBLIC)
def public_campaign(*, slug: str) -> Campaign | None:
    """Return one campaign that everybody sees, with or without a statement yet."""
    shown = [State.OPEN.value, State.SETTLED.value]
    return Campaign.objects.filter(slug=slug, state__in=shown).first()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in a statement; ``after`` is the last line of the page before."""

    text: str = ""
    code: int | None = None
    amount: int | None = None
    first_on: date = date.min
    last_on: date = FAR
    after: tuple[date, int] = (FAR, LAST)

    @property
    def folded(self) -> str:
        """The words as they stand in public lines: who types her full name or account is found by what is left of it there."""
        return fold(rules.masked(self.text))

    @property
    def reference(self) -> str:
        """The bank's own number of a transfer, if what was typed could be one: it stands in public lines as it is, unlike an account."""
        one = fold(self.text.strip())
        return one if one != self.folded and _REFERENCE.fullmatch(one) else ""


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of lines, newest first; ``has_more``: older ones follow."""

    lines: list[BankLine]
    has_more: bool


@system(PUBLIC)
def found(*, campaign_id: UUID, wanted: Wanted, size: int = PAGE) -> Slice:
    """Return the lines of a campaign that are looked for, newest first."""
    rows = BankLine.objects.filter(campaign=campaign_id).exclude(state=LineState.UNDONE)
    if wanted.text and wanted.code is None:
        ids = (
            _with_fragment(campaign_id, wanted, wanted.reference, size + 1)
            if wanted.reference
            else []
        )
        # what is a name by itself may be none beside other words: then it stands there as it was typed
        for fragment in dict.fromkeys((wanted.folded, fold(wanted.text))):
            ids = ids or _with_fragment(campaign_id, wanted, fragment, size + 1)
        rows = rows.filter(pk__in=ids)
    else:
        rows = _narrowed(rows, wanted)
    page = list(rows.order_by("-on", "-id").defer("memo", "other_name", "other_account")[: size + 1])  # fmt: skip
    return Slice(page[:size], len(page) > size)


def _narrowed(rows: QuerySet[BankLine], wanted: Wanted) -> QuerySet[BankLine]:
    if wanted.code is not None:
        rows = rows.filter(code=wanted.code)
    if wanted.amount is not None:
        rows = rows.filter(amount__in=[wanted.amount, -wanted.amount]) if wanted.amount else rows.none()  # fmt: skip
    if wanted.first_on != date.min:
        rows = rows.filter(on__gte=wanted.first_on)
    if wanted.last_on != FAR:
        rows = rows.filter(on__lte=wanted.last_on)
    if wanted.after != (FAR, LAST):
        on, pk = wanted.after
        rows = rows.filter(Q(on__lt=on) | Q(on=on, id__lt=pk), on__lte=on)
    if wanted.code is not None and wanted.text:
        rows = rows.filter(folded__contains=wanted.folded)
    return rows


def _with_fragment(campaign_id: UUID, wanted: Wanted, fragment: str, size: int) -> list[int]:
    given = [
        campaign_id,
        fragment,
        max(wanted.first_on, date(1900, 1, 1)),
        wanted.last_on,
        wanted.amount,
        *wanted.after,
        size,
        WALK,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line FROM statements_find(%s, %s, %s::date, %s::date, %s::bigint, %s::date, %s::bigint, %s, %s)",
            given,
        )
        return [pk for (pk,) in cursor.fetchall()]


@system(PUBLIC)
def public_line(*, short: str) -> BankLine | None:
    """Return one line by its lasting address."""
    keys = rules.keys_of(short)
    if keys is None:
        return None
    shown = [State.OPEN.value, State.SETTLED.value]
    rows = BankLine.objects.filter(key__range=keys, campaign__state__in=shown)
    return rows.select_related("campaign", "need__unit", "of").defer("memo", "other_name", "other_account").first()  # fmt: skip


@system("whoever holds the address may prove the line; without the words it names nobody")
def proof_of(*, line: BankLine) -> dict[str, Any] | None:
    """Return the proof that the line's posting is under a published root; None as long as there is none."""
    posting = (
        Posting.objects.select_related("source", "target").filter(pk=_posting_of(line)).first()
    )
    return books.proof(posting=posting) if posting is not None else None


@system(PUBLIC)
def has_proof(*, line: BankLine) -> bool:
    """True when a root over the line's posting was published."""
    posting = Posting.objects.filter(pk=_posting_of(line)).values_list("fund_id", "seq").first()
    if posting is None:
        return False
    return any(root.size >= posting[1] for root in books.roots(fund_id=posting[0])[:1])


def _posting_of(line: BankLine) -> UUID:
    """The posting a line stands under; its key when there is none yet."""
    return line.posting_id or line.key


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What an account adds up to, beside what the bank says stood there at the end."""

    account: BankAccount
    lines: int
    credits: int
    debits: int
    opening: int | None
    closing: int | None
    through: date | None

    @property
    def agrees(self) -> bool | None:
        return rules.adds_up(opening=self.opening, credits=self.credits, debits=self.debits, closing=self.closing)  # fmt: skip

    @property
    def off_by(self) -> int:
        if self.opening is None or self.closing is None:
            return 0
        return self.opening + self.credits - self.debits - self.closing


@system(PUBLIC)
def reckonings(*, campaign_id: UUID) -> list[Reckoning]:
    """Return of each account of a campaign what came in and went out, and the bank's balances at both ends."""
    found = []
    totals = {t.account_id: t for t in Total.objects.filter(account__campaign=campaign_id)}
    for account in _that_count(BankAccount.objects.filter(campaign=campaign_id)).order_by("number"):
        done = StatementFile.objects.filter(account=account, state=FileState.DONE)
        first = done.filter(opening__isnull=False).order_by("first_on", "made_at").first()
        last = done.filter(closing__isnull=False).order_by("-last_on", "-made_at").first()
        total = totals.get(account.pk) or Total(account=account)
        found.append(
            Reckoning(
                account,
                total.lines,
                total.credits,
                total.debits,
                first.opening if first else None,
                last.closing if last else None,
                last.last_on if last else None,
            )
        )
    return found


def _that_count(accounts: QuerySet[BankAccount]) -> QuerySet[BankAccount]:
    """Leave out accounts of which everything that was brought in was undone: numbers that were mistyped."""
    files = StatementFile.objects.filter(account=OuterRef("pk"))
    undone = files.filter(state=FileState.UNDONE)
    return accounts.exclude(Exists(undone), ~Exists(files.exclude(state=FileState.UNDONE)))


@system(PUBLIC)
def closings(*, fund_id: UUID) -> dict[date, int]:
    """Return what the bank says lay in the accounts of a fund at the end of days: days of which every account tells it."""
    accounts = _that_count(BankAccount.objects.filter(campaign__fund=fund_id)).count()
    rows = StatementFile.objects.filter(
        account__campaign__fund=fund_id, state=FileState.DONE, closing__isnull=False
    )
    told: dict[date, dict[int, int]] = {}
    for day, account, closing in rows.order_by("made_at").values_list("last_on", "account", "closing"):  # fmt: skip
        if day is not None and closing is not None:
            told.setdefault(day, {})[account] = closing
    return {day: sum(by.values()) for day, by in told.items() if len(by) == accounts}


@system(PUBLIC)
def told_twice(*, fund_id: UUID, most: int = 200) -> list[tuple[BankLine, BankLine]]:
    """Return lines of a fund that look like one movement told twice: same account, day, amount and number of the bank."""
    rows = BankLine.objects.filter(campaign__fund=fund_id).exclude(reference="").order_by()
    rows = rows.exclude(state=LineState.UNDONE)
    same = rows.values("account", "on", "amount", "reference").annotate(
        first=Min("id"), last=Max("id")
    )
    pairs = list(same.filter(first__lt=F("last")).values_list("first", "last")[:most])
    lines = BankLine.objects.in_bulk([pk for pair in pairs for pk in pair])
    return [(lines[first], lines[last]) for first, last in pairs]


@system(PUBLIC)
def waiting(*, campaign_id: UUID) -> dict[str, int]:
    """Return how much money that came in still waits to be matched, and in how many lines."""
    rows = BankLine.objects.filter(campaign=campaign_id, state=LineState.UNMATCHED, amount__gt=0)
    counted = rows.order_by().aggregate(amount=Sum("amount"))
    return {"amount": counted["amount"] or 0, "lines": rows.count()}


@system("the campaigns were loaded for their viewer")
def waiting_by_campaign(*, campaigns: Sequence[Campaign]) -> dict[UUID, int]:
    """Return in how many lines of each campaign something waits for a person; campaigns without any are not in it."""
    rows = BankLine.objects.filter(campaign__in=campaigns, state=LineState.UNMATCHED)
    return dict(rows.order_by().values_list("campaign").annotate(Count("pk")))


@system(PUBLIC)
def all_lines(*, campaign_id: UUID, most: int | None = None) -> Iterator[BankLine]:
    """Yield every line of a campaign as everybody may read it, the oldest first."""
    rows = BankLine.objects.filter(campaign=campaign_id).order_by("on", "id")
    rows = rows.exclude(state=LineState.UNDONE)
    rows = rows.defer("memo", "other_name", "other_account")
    return (rows[:most] if most else rows).iterator(chunk_size=2000)


@system(PUBLIC)
def shorts_of(*, posting_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the addresses of the lines behind these postings, for rooms that show postings."""
    rows = BankLine.objects.filter(posting_id__in=list(posting_ids))
    return {_posting_of(line): line.short for line in rows.only("key", "posting_id")}
