"""Reading a sealed case is itself an act."""

from datetime import datetime

from django.db import transaction

from caunoi.cases import rules
from caunoi.cases.models import Case, Opening
from caunoi.cases.terms import NotYourCase
from caunoi.kit import audit
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission


@transaction.atomic
def open_sealed(*, case: Case, by: Viewer, at: datetime) -> Opening:
    """Record that the sealed case is read by this person now. Every reading is one row. Raises NotYourCase."""
    if not rules.is_sealed(case.kind) or case.owner_id not in by.unit_ids(Permission.CASES_SEALED):
        raise NotYourCase("This case is sealed; only its unit's sealed officers open it.")
    opening = Opening.objects.create(case=case, by_id=by.account_id, at=at)
    audit.record("cases.sealed.opened", on=case, by=by, at=at, unit_id=case.owner_id)
    return opening
