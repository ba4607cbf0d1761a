"""Incidents with personal data: written down, told in time, noticed by an official paper, closed."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from caunoi.deadlines import queries as deadlines
from caunoi.documents import actions as documents
from caunoi.documents.terms import PaperType
from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.privacy.models import Incident
from caunoi.privacy.terms import BREACH, IncidentOver, IncidentState, NeedsReason, NotYours
from caunoi.staff import queries as staff
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

WARN_BEFORE = timedelta(hours=24)
ADDRESSEE = "Cục An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao (A05), Bộ Công an"
"""Whom the notice goes to; content, so always Vietnamese. Source: Law 91/2025/QH15 Art. 23, Decree 13/2023 Art. 23."""
log = logging.getLogger("caunoi.privacy")


@transaction.atomic
def report_incident(
    *,
    unit_id: UUID,
    what: str,
    found_at: datetime,
    data_kinds: str,
    people: int | None,
    measures: str,
    by: Viewer,
    at: datetime,
) -> Incident:
    """Write down that personal data got out; 72 hours run from the finding. Raises NotYours."""
    _check(unit_id, by, at)
    incident = Incident.objects.create(
        unit_id=unit_id,
        what=clean(what),
        found_at=found_at,
        due_at=deadlines.due_at(code=BREACH, start_at=found_at),
        data_kinds=clean(data_kinds),
        people=people,
        measures=clean(measures),
        entered_at=at,
        entered_by_id=by.account_id,
    )
    audit.record("privacy.incident.reported", on=incident, by=by, at=at, unit_id=unit_id)
    return incident


@transaction.atomic
def update_incident(
    *,
    incident: Incident,
    what: str,
    data_kinds: str,
    people: int | None,
    measures: str,
    by: Viewer,
    at: datetime,
) -> Incident:
    """Bring what is known up to date; when it was found never changes. Raises NotYours, IncidentOver."""
    incident = _open(incident, by, at)
    new = {
        "what": clean(what),
        "data_kinds": clean(data_kinds),
        "people": people,
        "measures": clean(measures),
    }
    changed = sorted(name for name, value in new.items() if getattr(incident, name) != value)
    for name, value in new.items():
        setattr(incident, name, value)
    incident.save(update_fields=list(new))
    _record("updated", incident, by, at, fields=changed)
    return incident


@transaction.atomic
def issue_notice(*, incident: Incident, by: Viewer, at: datetime) -> Incident:
    """Issue the notice to the authority as an official paper of the unit. Raises NotYours, IncidentOver."""
    incident = _open(incident, by, at)
    incident.paper = documents.issue_paper(
        unit_id=incident.unit_id,
        paper_type=PaperType.NOTICE,
        subject="Về việc vi phạm quy định bảo vệ dữ liệu cá nhân",
        addressee=ADDRESSEE,
        paragraphs=_words(incident),
        reference=f"incident:{incident.pk}",
        is_sealed=True,
        permission=Permission.INCIDENTS_MANAGE,
        by=by,
        at=at,
    )
    incident.save(update_fields=["paper"])
    _record("noticed", incident, by, at, symbol=incident.paper.symbol)
    return incident


def _words(incident: Incident) -> list[str]:
    found = timezone.localtime(incident.found_at).strftime("%H giờ %M ngày %d/%m/%Y")
    people = f"{incident.people} người" if incident.people is not None else "chưa xác định"
    return [
        "Thực hiện quy định của Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, đơn vị thông báo vi phạm như sau:",
        f"1. Thời điểm phát hiện: {found}.",
        f"2. Nội dung vi phạm: {incident.what}",
        f"3. Loại dữ liệu cá nhân: {incident.data_kinds}. Số người có liên quan: {people}.",
        f"4. Biện pháp đã và đang thực hiện: {incident.measures}",
        "Đơn vị tiếp tục xử lý, sẽ bổ sung thông tin khi có kết quả./.",
    ]


@transaction.atomic
def mark_notified(*, incident: Incident, to: str, by: Viewer, at: datetime) -> Incident:
    """Note to whom the notice was handed, and when; the clock stops. Raises NotYours, IncidentOver, NeedsReason."""
    incident = _open(incident, by, at)
    if not to.strip():
        raise NeedsReason("Write to whom the notice was handed.")
    incident.state, incident.notified_at = IncidentState.NOTIFIED.value, at
    incident.notified_to = clean(to)[:300]
    incident.save(update_fields=["state", "notified_at", "notified_to"])
    _record("notified", incident, by, at)
    return incident


@transaction.atomic
def close_incident(*, incident: Incident, outcome: str, by: Viewer, at: datetime) -> Incident:
    """End it, saying what came of it. Raises NotYours, IncidentOver, NeedsReason."""
    incident = _open(incident, by, at)
    if not outcome.strip():
        raise NeedsReason("Write what came of it.")
    incident.state, incident.closed_at = IncidentState.CLOSED.value, at
    incident.outcome = clean(outcome)
    incident.save(update_fields=["state", "closed_at", "outcome"])
    _record("closed", incident, by, at)
    return incident


def warn_due(*, at: datetime) -> int:
    """Write once to those in charge of an incident of which 24 hours are left and nobody was told. -> for how many mail left.

    The mail names the unit and the hour, nothing of what happened. No transaction is open while it is sent; what reached
    nobody is tried again next round.
    """
    waiting = Incident.objects.filter(
        state=IncidentState.OPEN, warned_at=None, due_at__lte=at + WARN_BEFORE
    )
    told = 0
    for incident in waiting.order_by("due_at")[:100]:
        if _mail(incident, at):
            Incident.objects.filter(pk=incident.pk).update(warned_at=at)
            told += 1
    return told


def _mail(incident: Incident, at: datetime) -> bool:
    on = clock.local_date(at)
    people = staff.in_charge(
        unit_id=incident.unit_id, permission=Permission.INCIDENTS_MANAGE, on=on
    )
    shown = {
        "unit_name": units.name_of(unit_id=incident.unit_id, on=on),
        "due_at": incident.due_at,
        "address": f"{settings.PUBLIC_URL}/quan-tri/su-co/{incident.pk}/",
    }
    with override("vi"):
        subject, _, body = render_to_string("messages/incident_due.txt", shown).partition("\n")
    reached = False
    for account in people:
        try:
            send_mail(subject.strip(), body.strip() + "\n", None, [account.email])
            reached = True
        except (SMTPException, OSError):
            log.warning("no mail left about an incident to somebody in charge")
    return reached


def _open(incident: Incident, by: Viewer, at: datetime) -> Incident:
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    _check(incident.unit_id, by, at)
    if incident.state == IncidentState.CLOSED:
        raise IncidentOver("The incident is closed.")
    return incident


def _check(unit_id: UUID, by: Viewer, at: datetime) -> None:
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.INCIDENTS_MANAGE, path):
        raise NotYours("You may not deal with incidents of this unit.")


def _record(what: str, incident: Incident, by: Viewer, at: datetime, **after: object) -> None:
    audit.record(
        f"privacy.incident.{what}",
        on=incident,
        by=by,
        at=at,
        unit_id=incident.unit_id,
        after=after,
    )
