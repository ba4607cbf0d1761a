"""Writes of the register: asking, checking, approving, registering; who holds it, and handing over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from caunoi.answers.rules import redact
from caunoi.custody import rules
from caunoi.custody.models import Asset, BrandRule, Keeper, Report
from caunoi.custody.terms import (
    LONGEST_LINKS,
    LONGEST_MISTAKE,
    LONGEST_REPORT,
    AssetKind,
    AssetState,
    Brand,
    LooksLikeSecret,
    NotAKeeper,
    NotNow,
    NotYourAsset,
    SamePerson,
    TooFewKeepers,
    WasHandedOver,
)
from caunoi.documents import actions as documents
from caunoi.documents.models import Paper
from caunoi.documents.terms import PaperType
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@transaction.atomic
def ask(
    *, unit_id: UUID, kind: AssetKind, name: str, reason: str, by: Viewer, at: datetime
) -> Asset:
    """Ask for a new page, account, group, SIM or domain of the unit. Raises NotYourAsset."""
    _check_reach(unit_id, by, at, Permission.CHANNELS_VIEW)
    asset = Asset.objects.create(
        unit_id=unit_id,
        kind=kind.value,
        name=clean(name).strip()[:160],
        reason=clean(reason).strip()[:300],
        asked_at=at,
        asked_by_id=by.account_id,
        changed_at=at,
    )
    audit.record(
        "custody.asset.asked", on=asset, by=by, at=at, unit_id=unit_id, after={"kind": kind.value}
    )
    return asset


@transaction.atomic
def move_on(*, asset: Asset, to: AssetState, by: Viewer, at: datetime) -> Asset:
    """Check, approve, register, refuse or end a thing. Who asked for it cannot approve it; two people hold what is registered.

    Raises NotYourAsset, NotNow, SamePerson, TooFewKeepers
    """
    asset = _locked(asset, by, at)
    if not rules.may_follow(AssetState(asset.state), to):
        raise NotNow("This step does not come next.")
    if to == AssetState.APPROVED and asset.asked_by_id == by.account_id:
        raise SamePerson("Who asked for it cannot approve it.")
    if to == AssetState.REGISTERED and asset.keepers.filter(until=None).count() < rules.FEWEST:
        raise TooFewKeepers("Two people must hold it before it is registered.")
    if to == AssetState.CHECKED:
        asset.checked_by_id = by.account_id
    if to == AssetState.APPROVED:
        asset.approved_by_id = by.account_id
    if to == AssetState.ENDED:
        asset.ended_on = clock.local_date(at)
    before, asset.state, asset.changed_at = asset.state, to.value, at
    asset.save(update_fields=["checked_by", "approved_by", "ended_on", "state", "changed_at"])
    audit.record(
        "custody.asset.moved_on",
        on=asset,
        by=by,
        at=at,
        unit_id=asset.unit_id,
        before={"state": before},
        after={"state": to.value},
    )
    return asset


@transaction.atomic
def describe(
    *,
    asset: Asset,
    name: str,
    url: str,
    number: str,
    envelope: str,
    links: str,
    look_ok: bool,
    by: Viewer,
    at: datetime,
) -> Asset:
    """Write down name, address, subscriber number, where the sealed envelope lies, where it leads, how logo and cover looked.

    Raises NotYourAsset, LooksLikeSecret
    """
    if rules.looks_like_secret(envelope):
        raise LooksLikeSecret(
            "This looks like a password or a code. Write where the sealed envelope is, never what is in it."
        )
    asset = _locked(asset, by, at)
    asset.name, asset.url = clean(name).strip()[:160], url.strip()[:300]
    asset.address_key = rules.address_key(asset.url)[:300]
    asset.number = rules.number_key(number) or number.strip()[:20]
    asset.envelope = clean(envelope).strip()[:200]
    asset.links = clean(links).strip()[:LONGEST_LINKS]
    asset.look_ok, asset.looked_at, asset.changed_at = look_ok, at, at
    asset.save(
        update_fields=[
            *("name", "url", "address_key", "number", "envelope", "links"),
            *("look_ok", "looked_at", "changed_at"),
        ]
    )
    audit.record("custody.asset.described", on=asset, by=by, at=at, unit_id=asset.unit_id)
    return asset


@transaction.atomic
def add_keeper(*, asset: Asset, account: Account, since: date, by: Viewer, at: datetime) -> Keeper:
    """Let one more person hold the thing. Raises NotYourAsset. Idempotent by thing and person."""
    asset = _locked(asset, by, at)
    keeper, new = Keeper.objects.get_or_create(
        asset=asset, account=account, until=None, defaults={"since": since}
    )
    if new:
        _record_keeper("custody.keeper.added", asset, account, by, at)
    return keeper


@transaction.atomic
def take_out_keeper(*, keeper: Keeper, why: str, by: Viewer, at: datetime) -> None:
    """Note that somebody never held the thing: she was named by mistake. It stays readable, with the reason.

    Raises NotYourAsset, NotAKeeper, WasHandedOver (she holds it by minutes)
    """
    asset = _locked(keeper.asset, by, at)
    held = Keeper.objects.select_for_update(of=("self",)).select_related("account")
    found = held.filter(pk=keeper.pk, until=None).first()
    if found is None:
        raise NotAKeeper("This person does not hold it.")
    if found.minutes_id is not None:
        raise WasHandedOver("Minutes name this person. Hand it over instead, with minutes.")
    found.until, found.mistake = clock.local_date(at), clean(why).strip()[:LONGEST_MISTAKE]
    found.save(update_fields=["until", "mistake"])
    _record_keeper("custody.keeper.taken_out", asset, found.account, by, at)


@transaction.atomic
def hand_over(
    *, asset: Asset, leaving: Account, to: Account, handed: str, by: Viewer, at: datetime
) -> Paper:
    """Let one person leave and another hold the thing from today, with minutes that bear a number of the unit's register.

    handed  what was handed over, in words ("điện thoại, SIM, phong bì số 3"); never a secret
    Raises NotYourAsset, NotAKeeper, LooksLikeSecret, documents.NotYourPaper
    """
    if rules.looks_like_secret(handed):
        raise LooksLikeSecret(
            "This looks like a password or a code. Write where the sealed envelope is, never what is in it."
        )
    asset = _locked(asset, by, at)
    on = clock.local_date(at)
    held = Keeper.objects.select_for_update().filter(asset=asset, account=leaving, until=None)
    keeper = held.first()
    if keeper is None or leaving.pk == to.pk:
        raise NotAKeeper("This person does not hold it.")
    paper = documents.issue_paper(
        unit_id=asset.unit_id,
        paper_type=PaperType.HANDOVER,
        subject=f"bàn giao {asset.name}",
        addressee=to.full_name,
        paragraphs=_minutes(asset, leaving, to, handed, on),
        signers=[("BÊN GIAO", leaving.full_name), ("BÊN NHẬN", to.full_name)],
        reference=f"asset:{asset.pk}",
        permission=Permission.CHANNELS_MANAGE,
        by=by,
        at=at,
    )
    keeper.until, keeper.minutes = on, paper
    keeper.save(update_fields=["until", "minutes"])
    Keeper.objects.get_or_create(
        asset=asset, account=to, until=None, defaults={"since": on, "minutes": paper}
    )
    _record_keeper("custody.asset.handed_over", asset, to, by, at)
    return paper


def _minutes(asset: Asset, leaving: Account, to: Account, handed: str, on: date) -> list[str]:
    """The words of the minutes; content, so Vietnamese."""
    number = f", số thuê bao {asset.number}" if asset.number else ""
    envelope = asset.envelope or "chưa ghi"
    return [
        f"Ngày {on:%d/%m/%Y}, hai bên bàn giao quyền giữ {asset.name} ({asset.url or 'không có địa chỉ'}{number}), "
        "là tài sản của đơn vị.",
        f"Bên giao: {leaving.full_name}. Bên nhận: {to.full_name}.",
        f"Nội dung bàn giao: {clean(handed).strip() or 'quyền quản trị'}.",
        f"Nơi cất phong bì niêm phong chứa mã khôi phục: {envelope}. Biên bản không ghi mật khẩu hay mã.",
        "Bên giao không còn giữ quyền, thiết bị hay mã nào sau khi ký. Hai bên thống nhất và cùng ký tên./.",
    ]


def _record_keeper(event: str, asset: Asset, account: Account, by: Viewer, at: datetime) -> None:
    audit.record(
        event, on=asset, by=by, at=at, unit_id=asset.unit_id, after={"account": account.pk}
    )


@transaction.atomic
def set_brand(*, unit_id: UUID, brand: Brand, by: Viewer, at: datetime) -> BrandRule:
    """Say how channels of the unit and below are called and where they lead. Raises NotYourAsset."""
    _check_reach(unit_id, by, at, Permission.CHANNELS_MANAGE)
    rule, _ = BrandRule.objects.update_or_create(
        unit_id=unit_id,
        defaults={
            "pattern": clean(brand.pattern).strip()[:120],
            "must_link": brand.must_link.strip()[:300],
            "may_link": "\n".join(brand.may_link)[:LONGEST_LINKS],
        },
    )
    audit.record("custody.pattern.set", on=rule, by=by, at=at, unit_id=unit_id)
    return rule


@dataclass(frozen=True, slots=True)
class Passing:
    """One thing that goes to a successor; ``ended_on`` ends it there, so that the look-up still says where to go.

    into_channel_id  which channel takes it in
    """

    asset_id: UUID
    to_unit_id: UUID
    name: str = ""
    ended_on: date | None = None
    into_channel_id: UUID | None = None


@transaction.atomic
def pass_assets(passings: Collection[Passing], *, at: datetime) -> int:
    """Let successors hold these things. -> how many, in as many statements whatever their number. Idempotent."""
    wanted = {p.asset_id: p for p in passings}
    locked = Asset.objects.select_for_update(of=("self",), no_key=True)
    found = list(locked.filter(pk__in=list(wanted)).order_by("pk"))
    told = []
    for asset in found:
        passing = wanted[asset.pk]
        before = {"unit": asset.unit_id, "state": asset.state}
        asset.unit_id, asset.changed_at = passing.to_unit_id, at
        asset.name = passing.name[:160] or asset.name
        if passing.ended_on is not None:
            asset.state, asset.ended_on = AssetState.ENDED.value, passing.ended_on
            asset.into_id = passing.into_channel_id
        told.append(
            audit.entry(
                "custody.asset.passed", on=asset, at=at, unit_id=asset.unit_id, before=before
            )
        )
    Asset.objects.bulk_update(found, ["unit", "name", "state", "ended_on", "into", "changed_at"])
    audit.record_all(told)
    return len(found)


@transaction.atomic
def report_impostor(*, unit_id: UUID, address: str, words: str, at: datetime) -> Report:
    """Keep that somebody saw a page that may be an impostor, for the office of that unit only; nothing of who said so.

    Phone numbers and the like are taken out of the words.
    """
    report = Report.objects.create(
        unit_id=unit_id,
        address=clean(address).strip()[:300],
        words=redact(clean(words)).text.strip()[:LONGEST_REPORT],
        at=at,
    )
    audit.record("custody.impostor.reported", on=report, at=at, unit_id=unit_id)
    return report


@transaction.atomic
def settle_report(*, report: Report, by: Viewer, at: datetime) -> Report:
    """Note that the office has looked at it. Raises NotYourAsset."""
    _check_reach(report.unit_id, by, at, Permission.CHANNELS_MANAGE)
    report.settled_at, report.settled_by_id = at, by.account_id
    report.save(update_fields=["settled_at", "settled_by"])
    audit.record("custody.impostor.settled", on=report, by=by, at=at, unit_id=report.unit_id)
    return report


def _locked(asset: Asset, by: Viewer, at: datetime) -> Asset:
    _check_reach(asset.unit_id, by, at, Permission.CHANNELS_MANAGE)
    return Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=asset.pk)


def _check_reach(unit_id: UUID, by: Viewer, at: datetime, permission: Permission) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(permission, path):
        raise NotYourAsset("The unit is outside those whose channels you look after.")
