"""Reads about campaigns."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from caunoi.campaigns.models import Campaign, TransferCode
from caunoi.campaigns.terms import State
from caunoi.kit.viewing import system


@system("what is asked for is public")
def public() -> QuerySet[Campaign]:
    """Return the campaigns that everybody sees, newest first."""
    shown = Campaign.objects.filter(state__in=[State.OPEN.value, State.SETTLED.value])
    return shown.order_by("-starts_on", "slug")


@system("a line of a bank statement is matched by its code")
def codes_of(*, numbers: Iterable[int]) -> dict[int, TransferCode]:
    """Return the transfer codes that exist under these numbers, with campaign and gift."""
    found = TransferCode.objects.filter(number__in=list(numbers))
    return {c.number: c for c in found.select_related("campaign", "gift", "need")}


@system("books are kept by campaign")
def of_fund(*, fund_id: UUID) -> Campaign | None:
    """Return the campaign of a set of books."""
    return Campaign.objects.filter(fund_id=fund_id).first()
