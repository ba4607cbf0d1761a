"""What a giver asks for, and forgetting her when the work has ended long ago. The amounts stay."""

from datetime import datetime

from django.db import transaction

from caunoi.kit import audit, clock
from caunoi.kit.holding import ERASED
from caunoi.kit.viewing import Viewer
from caunoi.works import actions, rules
from caunoi.works.models import Contribution

NO_NAME = ERASED[:120]


@transaction.atomic
def show_initials(*, contribution: Contribution, by: Viewer, at: datetime) -> Contribution:
    """Show a giver with initials from now on, because she asked for it. Idempotent. Raises NotYourWork."""
    actions.check(contribution.project.unit_id, by, at)
    held = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if held.initials or held.giver == NO_NAME:
        return held
    held.initials = True
    held.save(update_fields=["initials"])
    unit_id = contribution.project.unit_id
    audit.record("works.giver.initials", on=held, by=by, at=at, unit_id=unit_id)
    return held


@transaction.atomic
def forget_due(*, at: datetime, limit: int = 1000) -> int:
    """Forget who gave to works that ended five years ago; amounts, days and sorts of land stay. -> how many."""
    before = rules.keeps_since(clock.local_date(at))
    old = Contribution.objects.filter(project__ends_on__lt=before).exclude(giver=NO_NAME)
    locked = old.select_for_update(of=("self",), skip_locked=True).select_related("project")
    found = list(locked.order_by("project__ends_on", "pk")[:limit])
    for row in found:
        row.giver, row.initials, row.note = NO_NAME, False, ""
        row.because = ERASED if row.because else ""
    Contribution.objects.bulk_update(
        found, ["giver", "initials", "note", "because"], batch_size=500
    )
    for project in {row.project for row in found}:
        n = sum(row.project_id == project.pk for row in found)
        audit.record(
            "works.givers.forgotten", on=project, at=at, unit_id=project.unit_id, after={"rows": n}
        )
    return len(found)
