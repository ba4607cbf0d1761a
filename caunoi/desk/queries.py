"""Reads for the first pages of the desk; each part comes from its own room, scoped by the viewer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from caunoi.cases import queries as cases
from caunoi.cases import successions
from caunoi.channels import queries as channels
from caunoi.channels.models import Alert
from caunoi.inbox import queries as inbox
from caunoi.inbox.terms import DeliveryState
from caunoi.kit import jobs
from caunoi.kit.models import AuditEntry
from caunoi.kit.text import fold
from caunoi.kit.viewing import Viewer
from caunoi.outbox import queries as outbox
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

ALERTS_SHOWN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watch finds now, and whether it goes round at all."""

    channels: channels.Watch
    sends: outbox.Watch
    unread: int
    alerts: list[Alert]
    jobs: list[jobs.Shown]


def watch(viewer: Viewer, *, at: datetime, on: date) -> Watch:
    """Return what somebody must look at among the viewer's channels and sends, and when each job ran last."""
    return Watch(
        channels=channels.watch(viewer, at=at, on=on),
        sends=outbox.watch(viewer, at=at, on=on),
        unread=inbox.deliveries(viewer, state=DeliveryState.FAILED.value).count(),
        alerts=list(channels.alerts(viewer, on=on, since=at - ALERTS_SHOWN)[:10]),
        jobs=jobs.shown(at=at),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What lies somewhere until a person looks: None where the viewer may not."""

    orphans: int | None
    dead_sends: int | None
    unread: int | None

    @property
    def by_door(self) -> dict[str, int]:
        """Return the counts by the name of the page that shows them; nothing for zero."""
        counts = {
            "journeys:orphans": self.orphans,
            "outbox:sends": self.dead_sends,
            "inbox:deliveries": self.unread,
        }
        return {name: n for name, n in counts.items() if n}


def held(viewer: Viewer, *, at: datetime, on: date) -> Held:
    """Return how many cases wait in the holding pen, how many sends and deliveries were given up."""
    failed = inbox.deliveries(viewer, state=DeliveryState.FAILED.value)
    return Held(
        orphans=successions.waiting_count(viewer, at=at)
        if viewer.may(Permission.CASES_REFER)
        else None,
        dead_sends=outbox.waiting_for_a_person(viewer, on=on)
        if viewer.may(Permission.OUTBOX_VIEW)
        else None,
        unread=failed.count() if viewer.may(Permission.HEALTH_VIEW) else None,
    )


def audit_entries(
    viewer: Viewer, *, on: date, text: str = "", event: str = ""
) -> QuerySet[AuditEntry]:
    """Return the record of actions in the units below the viewer, newest first.

    Entries without a unit (of the installation itself) are shown to whoever audits a province.
    """
    reach = units.subtree_filter(paths=viewer.scope("audit.view"), on=on)
    mine = Q(unit_id__in=reach)
    if any("." not in path for path in viewer.scope("audit.view")):
        mine |= Q(unit_id=None)
    found = AuditEntry.objects.filter(mine).order_by("-pk")
    if text:
        found = found.filter(Q(actor_name__icontains=text.strip()) | Q(object_id=text.strip()))
    return found.filter(event__startswith=event) if event else found


def search(viewer: Viewer, *, text: str, on: date) -> dict[str, list]:
    """Return cases the viewer may see and units, for the search box of the desk. No search by person."""
    if len(fold(text)) < 2:
        return {"cases": [], "units": []}
    return {
        "cases": cases.find(viewer, text=text, on=on, limit=20),
        "units": units.search(text=text, on=on, limit=10),
    }
