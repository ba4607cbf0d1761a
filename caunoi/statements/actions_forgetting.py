"""Whose transfer it was is forgotten when the campaign ended long ago; amount, day, number and code of each line stay public."""

from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from caunoi.campaigns.actions_forgetting import kept_since
from caunoi.funds import actions as funds
from caunoi.kit import audit, clock
from caunoi.statements import rules
from caunoi.statements.models import BadRow, BankLine
from caunoi.statements.terms import LineState


@transaction.atomic
def forget_givers(*, at: datetime, limit: int = 20_000) -> int:
    """Forget names, accounts and words of old transfers, and what sealed them beside the books. -> how many lines.

    Idempotent; what is left over is forgotten the next night. Roots and chain stay as they are: no name stands in them
    """
    before = kept_since(on=clock.local_date(at))
    over = Q(campaign__ends_on__lt=before) | Q(campaign__ends_on=None, on__lt=before)
    locked = BankLine.objects.select_for_update(of=("self",), skip_locked=True)
    found = locked.filter(over, forgotten=False).select_related("campaign").order_by("pk")[:limit]
    lines = sorted(found, key=lambda line: line.campaign_id)
    for line in lines:
        line.memo = line.other_name = line.other_account = line.text = line.giver = line.note = ""
        kept = ("", "", line.reference, line.code_text)
        line.folded = "" if line.state == LineState.UNDONE else rules.folded(*kept)
        line.forgotten = True
    fields = ["memo", "other_name", "other_account", "text", "giver", "note", "folded", "forgotten"]
    BankLine.objects.bulk_update(lines, fields, batch_size=500)
    for _campaign, some in groupby(lines, key=lambda line: line.campaign_id):
        _forget_beside([*some], at)
    of_old = Q(file__account__campaign__ends_on__lt=before)
    BadRow.objects.filter(of_old).exclude(said="").update(said="")
    return len(lines)


def _forget_beside(lines: list[BankLine], at: datetime) -> None:
    campaign = lines[0].campaign
    postings = {
        key for line in lines for key in (line.key, line.posting_id, line.settled_id) if key
    }
    if campaign.fund_id is not None:
        funds.erase_words(fund_id=campaign.fund_id, posting_ids=[*postings], at=at)
    audit.record(
        "statements.givers.forgotten",
        on=campaign,
        at=at,
        unit_id=campaign.unit_id,
        after={"lines": len(lines)},
    )
