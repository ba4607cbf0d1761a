"""Money that came for a need by its own code, or was matched to it by hand, meets it."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Sum

from caunoi.campaigns.meeting import register
from caunoi.kit.viewing import system
from caunoi.statements.models import BankLine
from caunoi.statements.terms import LineState


@system("what is asked for is public")
def met_by_money(need_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return by need the đồng that came for it without a promise; what went back counts no more."""
    came = BankLine.objects.filter(need_id__in=need_ids, gift=None, state=LineState.MATCHED.value)
    met = dict(came.order_by().values_list("need_id").annotate(n=Sum("amount")))
    back = BankLine.objects.filter(of__in=came, state=LineState.REFUND.value)
    for need_id, amount in back.order_by().values_list("of__need_id").annotate(n=Sum("amount")):
        met[need_id] += amount
    return met


register(met_by_money)
