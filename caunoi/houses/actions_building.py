"""Writes about building: who pays, the planned days, what is seen at the house, the minutes of handing it over."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from caunoi.documents import actions as documents
from caunoi.documents.models import Paper
from caunoi.documents.terms import PaperType
from caunoi.files import actions as files
from caunoi.funds import actions as funds
from caunoi.funds.terms import Address, Draft, Move, Place
from caunoi.houses import actions, queries, rules
from caunoi.houses.actions import check, locked
from caunoi.houses.models import Household, HouseMoney, News, Stage
from caunoi.houses.terms import (
    Backwards,
    HouseState,
    MoneyStands,
    NothingThere,
    NotYetTrue,
    OverSupport,
    Source,
    StageKind,
    WrongStep,
)
from caunoi.kit import audit, clock
from caunoi.kit.number_words import amount_in_words
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission
from caunoi.units import heirs
from caunoi.units import queries as units
from caunoi.units.terms import Level

BUILT = (HouseState.APPROVED.value, HouseState.DONE.value)


def _built(household: Household, by: Viewer, at: datetime) -> Household:
    held = locked(household, by, at)
    if held.state not in BUILT:
        raise WrongStep(
            _("The commune has not agreed to this household, or it has left the programme.")
        )
    return held


# -- who pays ------------------------------------------------------------------


@transaction.atomic
def declare(
    *,
    household: Household,
    source: Source,
    commodity: str,
    amount: int,
    on: date,
    by: Viewer,
    at: datetime,
    giver: str = "",
    note: str = "",
    key: UUID | None = None,
) -> HouseMoney:
    """Write what a source outside the books gives: money, material, days of work. Idempotent by the key.

    Raises NotYourHouse, WrongStep
    """
    held = _built(household, by, at)
    there = HouseMoney.objects.filter(pk=key).first() if key else None
    if there is not None:
        return there
    if source == Source.FUND:
        raise WrongStep(_("Money of the fund goes through the books; the treasurer sets it aside."))
    money = HouseMoney.objects.create(
        id=key or uuid4(),
        household=held,
        source=source.value,
        commodity_id=commodity,
        amount=amount,
        giver=clean(giver).strip()[:120],
        note=clean(note).strip()[:200],
        on=on,
        written_at=at,
        written_by_id=by.account_id,
    )
    _record("houses.money.declared", held, by, at, source=source.value, amount=amount)
    return money


def _record(event: str, household: Household, by: Viewer, at: datetime, **told: object) -> None:
    audit.record(event, on=household, by=by, at=at, unit_id=household.village_id, after=told)


@transaction.atomic
def take_off(*, money: HouseMoney, by: Viewer, at: datetime) -> HouseMoney:
    """Let an amount that was written by mistake count no more; the row stays. Raises NotYourHouse, WrongStep."""
    held = locked(money.household, by, at)
    row = HouseMoney.objects.select_for_update(of=("self",)).get(pk=money.pk)
    if row.source == Source.FUND or row.withdrawn_at:
        raise WrongStep(_("Money of the fund goes through the books; the treasurer sets it aside."))
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _record("houses.money.taken_off", held, by, at, amount=row.amount)
    return row


@transaction.atomic
def set_aside(
    *, household: Household, amount: int, on: date, by: Viewer, at: datetime, key: UUID
) -> HouseMoney:
    """Set money of the programme's books aside for a house, no more than the programme gives to one. Idempotent by the key.

    Raises NotYourHouse, WrongStep, OverSupport, funds.NotEnough, funds.PeriodClosed
    """
    programme = household.programme
    if programme.fund is None:
        raise WrongStep(_("The programme has no books yet."))
    check(Permission.FUNDS_KEEP, programme.fund.unit_id, by, at)
    held = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    there = HouseMoney.objects.filter(pk=key).first()
    if there is not None:
        return there
    if held.state not in BUILT:
        raise WrongStep(
            _("The commune has not agreed to this household, or it has left the programme.")
        )
    running = HouseMoney.objects.filter(
        queries.counted_money(), household=held, source=Source.FUND.value
    )
    so_far = running.aggregate(n=Sum("amount"))["n"] or 0
    most = actions.within_support(household)
    if so_far + amount > most:
        raise OverSupport(
            _("The programme gives this house %(most)s đồng at most; %(left)s đồng are left.")
            % {
                "most": f"{most:,}".replace(",", "."),
                "left": f"{most - so_far:,}".replace(",", "."),
            }
        )
    ends = (Address(Place.ON_HAND, queries.VND), _aside(held))
    draft = Draft(uuid4(), Move.ALLOCATE, *ends, amount=amount, on=on)
    posting = funds.post([draft], fund_id=programme.fund.pk, at=at, by=by)[0]
    money = HouseMoney.objects.create(
        id=key,
        household=held,
        source=Source.FUND.value,
        commodity_id=queries.VND,
        amount=amount,
        on=on,
        allocation=posting,
        written_at=at,
        written_by_id=by.account_id,
    )
    _record("houses.money.set_aside", held, by, at, amount=amount)
    return money


def _aside(household: Household) -> Address:
    return Address(Place.ALLOCATED, queries.VND, "", household.village_id)


@transaction.atomic
def hand_over_money(*, money: HouseMoney, on: date, by: Viewer, at: datetime) -> HouseMoney:
    """Note that money set aside was handed to the household. Raises NotYourHouse, NothingThere, funds.PeriodClosed."""
    row, fund_id = _running(money, by, at)
    if queries.waits_for_second(money=row, on=on):
        raise WrongStep(_("Another person agrees to this amount first, then it is handed over."))
    out = Address(Place.HANDED_OVER, queries.VND, "", row.household.village_id)
    draft = Draft(uuid4(), Move.HAND_OVER, _aside(row.household), out, amount=row.amount, on=on)
    row.hand_over = funds.post([draft], fund_id=fund_id, at=at, by=by)[0]
    row.release = None
    row.save(update_fields=["hand_over", "release"])
    _record("houses.money.handed_over", row.household, by, at, amount=row.amount)
    return row


@transaction.atomic
def agree_to_money(*, money: HouseMoney, by: Viewer, at: datetime) -> HouseMoney:
    """Agree, as the second person, to an amount that was set aside. Raises NotYourHouse, NothingThere, WrongStep. Said twice it is said once."""
    row, _fund_id = _running(money, by, at, Permission.FUNDS_APPROVE)
    if row.agreed_by_id == by.account_id:
        return row
    if row.written_by_id == by.account_id:
        raise WrongStep(_("Another person than the one who set it aside agrees to it."))
    row.agreed_at, row.agreed_by_id = at, by.account_id
    row.save(update_fields=["agreed_at", "agreed_by"])
    _record("houses.money.agreed", row.household, by, at, amount=row.amount)
    return row


@transaction.atomic
def release(*, money: HouseMoney, on: date, by: Viewer, at: datetime) -> HouseMoney:
    """Take money that was set aside back into the books. Raises NotYourHouse, NothingThere, funds.PeriodClosed."""
    row, fund_id = _running(money, by, at)
    back = Address(Place.ON_HAND, queries.VND)
    draft = Draft(uuid4(), Move.RELEASE, _aside(row.household), back, amount=row.amount, on=on)
    row.release = funds.post([draft], fund_id=fund_id, at=at, by=by)[0]
    row.hand_over = None
    row.save(update_fields=["hand_over", "release"])
    _record("houses.money.released", row.household, by, at, amount=row.amount)
    return row


def _running(
    money: HouseMoney, by: Viewer, at: datetime, permission: Permission = Permission.FUNDS_KEEP
) -> tuple[HouseMoney, UUID]:
    rows = HouseMoney.objects.select_for_update(of=("self",)).select_related("household__programme")
    row = rows.get(pk=money.pk)
    lies = HouseMoney.objects.filter(queries.set_aside_money(), pk=row.pk).exists()
    if row.allocation is None or not lies:
        raise NothingThere(_("There is no money set aside here any more."))
    check(permission, row.allocation.fund.unit_id, by, at)
    return row, row.allocation.fund_id


# -- building ---------------------------------------------------------------------


@transaction.atomic
def plan(
    *, household: Household, days: Mapping[StageKind, date | None], by: Viewer, at: datetime
) -> Household:
    """Say on which day each stage shall be finished. Raises NotYourHouse, WrongStep, Backwards."""
    held = _built(household, by, at)
    in_order = [day for kind in rules.ORDER if (day := days.get(kind))]
    if in_order != sorted(in_order):
        raise Backwards(_("The days stand in the order of the stages: foundation before roof."))
    for kind, day in days.items():
        Stage.objects.update_or_create(
            household=held, kind=kind.value, defaults={"planned_on": day}
        )
    held.due_on = _due(held)
    held.save(update_fields=["due_on"])
    _record("houses.stages.planned", held, by, at)
    return held


def _due(household: Household) -> date | None:
    """Return the planned day of the first stage that is not finished."""
    planned = {
        s.kind: s.planned_on for s in Stage.objects.filter(household=household, done_on=None)
    }
    later = rules.ORDER.index(StageKind(household.stage)) + 1 if household.stage else 0
    return next((day for k in rules.ORDER[later:] if (day := planned.get(k.value))), None)


@transaction.atomic
def tell(
    *,
    household: Household,
    stage: StageKind,
    on: date,
    finished: bool,
    by: Viewer,
    at: datetime,
    note: str = "",
    photo: bytes = b"",
    key: UUID | None = None,
) -> News:
    """Keep what was seen at a house: a photo, a note, that a stage is finished; the last one hands the house over. Idempotent by the key.

    Raises NotYourHouse, WrongStep, Backwards, NotYetTrue, files.NotAPhoto, files.PhotoTooBig
    """
    held = _built(household, by, at)
    there = News.objects.filter(pk=key).first() if key else None
    if there is not None:
        return there
    if on > clock.local_date(at):
        raise NotYetTrue(_("This day is still to come. Write what was seen, not what is planned."))
    if finished:
        _finish(held, stage, on)
    news = News.objects.create(
        id=key or uuid4(),
        household=held,
        kind=stage.value,
        on=on,
        finished=finished,
        note=clean(note).strip()[:300],
        picture=files.keep_picture(content=photo, at=at, by=by) if photo else None,
        at=at,
        by_id=by.account_id,
    )
    held.news_on = max(filter(None, (held.news_on, on)))
    held.due_on = _due(held) if held.state == HouseState.APPROVED else None
    held.save(update_fields=["stage", "state", "done_on", "news_on", "due_on"])
    _record("houses.news.told", held, by, at, stage=stage.value, finished=finished)
    return news


def _finish(held: Household, stage: StageKind, on: date) -> None:
    rows = {s.kind: s for s in Stage.objects.filter(household=held)}
    done = [(StageKind(s.kind), s.done_on) for s in rows.values() if s.done_on]
    if any(kind == stage for kind, _day in done) or held.state == HouseState.DONE:
        raise WrongStep(
            _("This stage is finished already. Add a photo or a note without ticking it.")
        )
    if rules.goes_back(stage=stage, on=on, done=done):
        raise Backwards(
            _(
                "A later stage is finished already, or an earlier one on a later day. Look at the days above."
            )
        )
    row = rows.get(stage.value) or Stage(household=held, kind=stage.value)
    row.done_on = on
    row.save()
    held.stage = stage.value
    if stage == StageKind.HAND_OVER:
        held.state, held.done_on = HouseState.DONE.value, on


@transaction.atomic
def write_minutes(*, household: Household, actual: int, by: Viewer, at: datetime) -> Paper:
    """Give the handing-over its minutes, with a number of the commune's register, once; and keep what the house cost.

    The paper names the household, so it is sealed: it is read on the household's page. Raises NotYourHouse, WrongStep, documents.NotYourPaper
    """
    held = locked(household, by, at)
    if held.minutes is not None:
        return held.minutes
    if held.state != HouseState.DONE or held.done_on is None:
        raise WrongStep(_("Minutes are written when the house is handed over."))
    held.actual = actual
    paper = documents.issue_paper(
        unit_id=_issuer(held.village_id, clock.local_date(at)),
        paper_type=PaperType.HANDOVER,
        subject=f"Nhà của hộ {held.head}, {units.name_of(unit_id=held.village_id, on=held.done_on)}",
        addressee="Hộ gia đình và các bên tham gia",
        paragraphs=_minutes(held),
        reference=f"house:{held.pk}",
        by=by,
        at=at,
        is_sealed=True,
        permission=Permission.HOUSES_KEEP,
    )
    held.minutes = paper
    held.save(update_fields=["minutes", "actual"])
    _record("houses.minutes.written", held, by, at, paper=paper.symbol)
    return paper


def _issuer(unit_id: UUID, on: date) -> UUID:
    """Return the commune of a village (of whoever took it over); it keeps the register."""
    path = heirs.places_of(unit_ids=[unit_id], on=on)[unit_id][0]
    line = units.lineages_of(unit_ids=[UUID(path.rsplit(".", 1)[-1])], on=on)
    above = next(iter(line.values()))
    return next((u.id for u in reversed(above) if u.level == Level.COMMUNE), above[-1].id)


WORK_WORDS = {"new": "làm mới", "repair": "sửa chữa"}
SOURCE_WORDS = {
    "fund": "Quỹ",
    "budget": "Ngân sách nhà nước",
    "firm": "Doanh nghiệp",
    "family": "Gia đình",
    "clan": "Dòng họ",
    "labour": "Cộng đồng góp công",
}


def _minutes(household: Household) -> list[str]:
    """The words of the minutes; content, so Vietnamese."""
    rows = [m for m in queries.money_of(household=household) if m.stands != MoneyStands.BACK]
    sums = [f"{SOURCE_WORDS[m.source]}: {_said(m)}" for m in rows] or ["chưa ghi"]
    total = sum(m.amount for m in rows if m.commodity_id == queries.VND)
    cost = household.actual or total
    return [
        f"Ngày {household.done_on:%d/%m/%Y}, các bên bàn giao ngôi nhà {WORK_WORDS[household.work]} của hộ "
        f"{household.head} (mã hộ {household.code}) thuộc chương trình “{household.programme.name}”.",
        f"Nguồn góp: {'; '.join(sums)}.",
        f"Tổng chi phí: {cost:,} đồng ({amount_in_words(cost)}).".replace(",", "."),
        "Nhà đã được kiểm tra, bảo đảm ở được và an toàn. Gia đình nhận nhà, giữ gìn và sử dụng đúng mục đích.",
        "Đại diện gia đình, ban công tác Mặt trận thôn, đội thợ và người chứng kiến cùng ký tên./.",
    ]


def _said(money: HouseMoney) -> str:
    amount = f"{money.amount:,}".replace(",", ".")
    if money.commodity_id == queries.VND:
        return f"{amount} đồng"
    return f"{amount} {money.commodity.unit_word} ({money.commodity.name})"
