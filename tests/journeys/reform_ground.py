"""Nghệ An before its second wave, where every commune holds a page, an account, a village group, a form and open cases."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from caunoi.cases.models import Case
from caunoi.channels.models import Channel
from caunoi.journeys import ask_and_answer
from caunoi.subscriptions.models import Subscription
from caunoi.units import endings
from caunoi.units import queries as units
from caunoi.units.models import Unit
from caunoi.units.terms import Level

WAVE = date(2025, 7, 1)
BEFORE = datetime(2025, 6, 16, 2, 0, tzinfo=UTC)
MORNING = datetime(2025, 6, 30, 17, 5, tzinfo=UTC)
"""Five minutes past midnight of 1/7/2025 in Việt Nam."""
KINDS = ("facebook_page", "zalo_oa", "hand_posted")


def nghe_an() -> Unit:
    """Return the province, whose tree is loaded."""
    return Unit.objects.get(slug="tinh-nghe-an")


def fill(*, communes: int | None, cases: int = 2) -> list[UUID]:
    """Give so many closing communes (all when None) and every district their things. -> the units that hold something."""
    ending = endings.on_day(under=nghe_an().pk, on=WAVE)
    chosen = [u for u in ending if u.level == Level.COMMUNE][:communes]
    above = {u.parent_id for u in chosen}
    holders = chosen + [u for u in ending if u.id in above]
    Channel.objects.bulk_create(
        Channel(
            unit_id=unit.id,
            connector_key=kind,
            external_id=f"{kind}-{unit.code}",
            name=f"MTTQ {unit.full_name}",
            url=f"https://example.vn/{unit.slug}/{kind}",
            registered_at=BEFORE,
        )
        for unit in holders
        for kind in KINDS
    )
    for unit in chosen:
        for n in range(cases):
            ask_and_answer.ask_on_web(
                unit_id=unit.id, text=f"Bao giờ sửa đường xóm {n + 1}?", form_key=f"{unit.code}-{n}", is_public=True, at=BEFORE
            )  # fmt: skip
    Subscription.objects.bulk_create(
        Subscription(
            way="email",
            unit_id=unit.id,
            sealed_address=b"x",
            address_hash=unit.code.encode(),
            asked_at=BEFORE,
            confirmed_at=BEFORE,
        )
        for unit in chosen
    )
    return [unit.id for unit in holders]


def left_behind(unit_ids: list[UUID], *, on: date) -> dict[str, int]:
    """Return what is still held by a unit that does not live on that day, or by none of the wave's."""
    living = units.paths_of(unit_ids=Channel.objects.values_list("unit_id", flat=True), on=on)
    owners = Case.objects.values_list("owner_id", flat=True)
    owners_living = units.paths_of(unit_ids=owners, on=on)
    return {
        "channels": Channel.objects.exclude(unit_id__in=list(living)).count(),
        "cases": Case.objects.exclude(owner_id__in=list(owners_living)).count(),
        "followers": Subscription.objects.filter(unit_id__in=unit_ids).count(),
    }


def decide_everything(plan: Any, *, by: Any) -> None:
    """Districts stay with the province; groups go on, pages of communes are closed or merged, followers go along."""
    from caunoi.reform import actions
    from caunoi.reform.models import Closing
    from caunoi.reform.terms import Outcome, Rule

    split = list(Closing.objects.filter(plan=plan, target=None))
    actions.choose_successor(
        plan=plan, closings=split, to_unit_id=plan.root_id, reason="", by=by, at=BEFORE
    )
    for rule in (
        Rule("channels", Outcome.ARCHIVED, level="district"),
        Rule("channels", Outcome.KEPT, kind="hand_posted"),
        Rule("channels", Outcome.CLOSED, kind="facebook_page"),
        Rule("channels", Outcome.MERGED, kind="zalo_oa"),
        Rule("roles", Outcome.KEPT),
        Rule("followers", Outcome.MERGED),
    ):
        actions.decide_by_rule(plan=plan, rule=rule, by=by, at=BEFORE)
