"""Writes of what comes after a movement: its picture shown to everybody, how it fared, names forgotten."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from caunoi.funds import actions as funds
from caunoi.goods import actions, rules
from caunoi.goods.models import FollowUp, Movement
from caunoi.goods.terms import KEEPS_NAMES, GoodsError, MovementKind, NotNow, WrongCount
from caunoi.kit import audit, clock
from caunoi.kit.holding import ERASED
from caunoi.kit.viewing import Viewer

NO_NAME = ERASED[:120]


@transaction.atomic
def release_picture(*, movement: Movement, looked: bool, by: Viewer, at: datetime) -> Movement:
    """Show the picture to everybody, after an officer said that nobody can be recognised who did not agree.

    Raises NotYourStock, NotNow, GoodsError when nobody looked
    """
    held = _held(movement, by, at)
    if held.picture_id is None:
        raise NotNow(_("There is no picture."))
    if not looked:
        raise GoodsError(
            _("Look at the picture first, and say that everybody on it agreed to be shown.")
        )
    return _show(held, at, by)


@transaction.atomic
def take_back_picture(*, movement: Movement, by: Viewer, at: datetime) -> Movement:
    """Show the picture to staff only, again. Raises NotYourStock"""
    return _show(_held(movement, by, at), None, by, at=at)


def _held(movement: Movement, by: Viewer, at: datetime) -> Movement:
    held = Movement.objects.select_for_update(of=("self",), no_key=True).get(pk=movement.pk)
    actions.check_keeps(held.unit_id, by, at)
    return held


def _show(
    held: Movement, since: datetime | None, by: Viewer, *, at: datetime | None = None
) -> Movement:
    held.released_at, held.released_by_id = since, by.account_id if since else None
    held.save(update_fields=["released_at", "released_by"])
    event = "goods.picture.released" if since else "goods.picture.taken_back"
    audit.record(event, on=held, by=by, at=since or at or held.at, unit_id=held.unit_id)
    return held


@transaction.atomic
def follow_up(
    *,
    movement: Movement,
    on: date,
    alive: int,
    sold: int,
    died: int,
    born: int,
    by: Viewer,
    at: datetime,
) -> FollowUp:
    """Note how what was handed over fares: counts only. The same day again corrects that day's count.

    Raises NotYourStock, NotNow, WrongCount
    """
    held = _held(movement, by, at)
    if held.kind != MovementKind.HANDED_OVER:
        raise NotNow(_("Only what was handed over is asked after."))
    if born < 0 or rules.wrong_follow_up(
        handed_over=held.amount, alive=alive, sold=sold, died=died
    ):
        raise WrongCount(
            _("Alive, sold and died are together at most the %(n)d that were handed over.")
            % {"n": held.amount}
        )
    counts = {"alive": alive, "sold": sold, "died": died, "born": born}
    told, _made = FollowUp.objects.update_or_create(
        movement=held, on=on, defaults=counts | {"at": at, "by_id": by.account_id}
    )
    audit.record("goods.followed_up", on=told, by=by, at=at, unit_id=held.unit_id, after=counts)
    return told


@transaction.atomic
def forget_names(*, at: datetime, limit: int = 1000) -> int:
    """Forget who got and who saw what was handed over two years ago; amounts, days and places stay. -> how many."""
    before = clock.local_date(at - KEEPS_NAMES)
    old = Movement.objects.filter(on__lt=before).exclude(witness__in=["", NO_NAME])
    found = list(old.order_by("on")[:limit])
    for movement in found:
        forget_one(movement, at=at)
    return len(found)


def forget_one(movement: Movement, *, at: datetime, by: Viewer | None = None) -> None:
    """Forget the names beside one hand-over; the chain stays whole."""
    funds.erase_word(posting_id=movement.posting_id, at=at, by=by)
    movement.witness, movement.note = NO_NAME if movement.witness else "", ""
    movement.save(update_fields=["witness", "note"])
    audit.record("goods.names.forgotten", on=movement, by=by, at=at, unit_id=movement.unit_id)
