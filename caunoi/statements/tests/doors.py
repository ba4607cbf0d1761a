"""What the doors of this room name, for the test of who may open which."""

import uuid

from caunoi.campaigns.models import Campaign
from caunoi.funds import actions as funds
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from caunoi.statements.models import BankAccount, BankLine, StatementFile
from tests.cast import MONDAY


def doors_of(unit, account_id, relation):
    """A campaign of the unit with its books, a file of its bank and a line of it."""
    funds.know_common_commodities()
    approver = make_staff(name=f"Duyệt {relation}", unit_id=unit.pk, role=Role.VIEWER)
    campaign = Campaign.objects.create(
        unit=unit,
        area=unit,
        slug=f"sao-ke-{relation}",
        kind="relief",
        state="open",
        title="t",
        starts_on=MONDAY.date(),
        fund=funds.open_fund(unit_id=unit.pk, name="q", on=MONDAY.date(), at=MONDAY),
        written_by_id=account_id,
        written_at=MONDAY,
        approved_by_id=approver.account_id,
        approved_at=MONDAY,
    )
    bank = BankAccount.objects.create(campaign=campaign, number="1", salt=b"s")
    file = StatementFile.objects.create(
        account=bank,
        name="a.csv",
        sha256=b"x",
        size=1,
        kind="csv",
        state="done",
        made_at=MONDAY,
        by_id=account_id,
    )
    line = BankLine.objects.create(
        key=uuid.uuid4(),
        account=bank,
        campaign=campaign,
        file=file,
        on=MONDAY.date(),
        amount=1,
        state="unmatched",
        why="no_code",
    )
    return {
        "statement": {"slug": campaign.slug},
        "statement_giving": {"slug": campaign.slug, "ending": "json"},
        "bank_file": {"pk": file.pk},
        "bank_account": {"pk": bank.pk},
        "bank_line": {"short": line.short},
        "bank_line_deed": {"short": line.short, "deed": "phi"},
    }
