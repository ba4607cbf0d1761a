"""Writes about people: invitations, accounts, roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff import mail
from caunoi.staff.models import Account, Invitation, RoleGrant
from caunoi.staff.terms import (
    AlreadyHeld,
    EmailTaken,
    InvitationSpent,
    LastAdministrator,
    NotYours,
    Permission,
    Role,
)
from caunoi.units import queries as units

INVITATION_DAYS = 7


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to invite, into which unit, as what."""

    email: str
    full_name: str
    unit_id: UUID
    role: Role
    phone: str = ""


@transaction.atomic
def invite(
    *,
    email: str,
    full_name: str,
    unit_id: UUID,
    role: Role,
    by: Viewer | None,
    at: datetime,
    phone: str = "",
) -> Invitation:
    """Open a door for one person for seven days and queue the mail with the link. Raises NotYours, EmailTaken."""
    invitee = Invitee(email, full_name, unit_id, role, phone)
    (invitation,) = _invite([invitee], by=by, at=at)
    audit.record(
        "staff.person.invited",
        on=invitation,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"role": role.value},
    )
    return invitation


@transaction.atomic
def invite_list(
    *, invitees: Sequence[Invitee], by: Viewer | None, at: datetime
) -> list[Invitation]:
    """Invite everybody on a list, or nobody, in a handful of statements. Raises NotYours, EmailTaken."""
    invitations = _invite(invitees, by=by, at=at)
    if invitations:
        audit.record(
            "staff.people.invited",
            on=invitations[0],
            by=by,
            at=at,
            unit_id=invitations[0].unit_id,
            after={"count": len(invitations), "invitations": [str(i.pk) for i in invitations]},
        )
    return invitations


def _invite(invitees: Sequence[Invitee], *, by: Viewer | None, at: datetime) -> list[Invitation]:
    for unit_id in {i.unit_id for i in invitees}:
        check_reach(by=by, unit_id=unit_id, on=day_of(at))
    emails = [i.email.strip().lower() for i in invitees]
    if Account.objects.filter(email__in=emails).exists():
        raise EmailTaken("Somebody with this e-mail address already has an account.")
    older = Invitation.objects.filter(email__in=emails, used_at=None, withdrawn_at=None)
    older.update(withdrawn_at=at)
    made = Invitation.objects.bulk_create(
        Invitation(
            email=email,
            full_name=clean(invitee.full_name),
            phone=invitee.phone,
            unit_id=invitee.unit_id,
            role=invitee.role.value,
            invited_by_id=by.account_id if by else None,
            invited_at=at,
        )
        for email, invitee in zip(emails, invitees, strict=True)
    )
    mail.queue_invitations(made)
    return made


def invitation_for(*, token: str, at: datetime) -> Invitation:
    """Return the open invitation behind a link. Raises InvitationSpent."""
    try:
        pk = signing.loads(token, salt=mail.SALT)
    except signing.BadSignature:
        pk = None
    invitation = Invitation.objects.filter(pk=pk, used_at=None, withdrawn_at=None).first()
    if invitation is None or at - invitation.invited_at > timedelta(days=INVITATION_DAYS):
        raise InvitationSpent(
            "This invitation was used, withdrawn or is too old. Ask for a new one."
        )
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, full_name: str, password: str, at: datetime) -> Account:
    """Make the account and its first role, once. Raises InvitationSpent, EmailTaken."""
    found = invitation_for(token=token, at=at)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if invitation.used_at is not None:
        raise InvitationSpent("This invitation was used. Sign in with your e-mail address.")
    if Account.objects.filter(email=invitation.email).exists():
        raise EmailTaken("Somebody with this e-mail address already has an account.")
    account = Account.objects.create_user(invitation.email, clean(full_name), password)
    account.phone = invitation.phone
    account.save(update_fields=["phone"])
    RoleGrant.objects.create(
        account=account,
        unit_id=invitation.unit_id,
        role=invitation.role,
        valid=DateRange(day_of(at), None),
        granted_by_id=invitation.invited_by_id,
    )
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    audit.record(
        "staff.invitation.accepted",
        on=account,
        at=at,
        unit_id=invitation.unit_id,
        after={"role": invitation.role, "invitation": invitation.pk},
    )
    return account


@transaction.atomic
def withdraw_invitations(*, invitations: Sequence[Invitation], by: Viewer, at: datetime) -> int:
    """Close doors before they were used; those that were used or closed meanwhile stay as they are.

    -> how many were closed. Raises NotYours, InvitationSpent (none was open)
    """
    for unit_id in {i.unit_id for i in invitations}:
        check_reach(by=by, unit_id=unit_id, on=day_of(at))
    waiting = Invitation.objects.filter(
        pk__in=[i.pk for i in invitations], used_at=None, withdrawn_at=None
    )
    closed = waiting.update(withdrawn_at=at)
    if not closed:
        raise InvitationSpent("This invitation is closed already.")
    audit.record(
        "staff.invitation.withdrawn",
        on=invitations[0],
        by=by,
        at=at,
        unit_id=invitations[0].unit_id,
        after={"count": closed},
    )
    return closed


@transaction.atomic
def grant_role(
    *,
    account: Account,
    unit_id: UUID,
    role: Role,
    start: date,
    end: date | None,
    by: Viewer | None,
    at: datetime,
) -> RoleGrant:
    """Give a role in a unit from ``start`` (included) to ``end`` (excluded). Raises NotYours, AlreadyHeld."""
    check_reach(by=by, unit_id=unit_id, on=day_of(at))
    wanted = DateRange(start, end)
    if RoleGrant.objects.filter(
        account=account, unit_id=unit_id, role=role.value, valid__overlap=wanted
    ).exists():
        raise AlreadyHeld("The person already holds this role in this unit on these days.")
    grant = RoleGrant.objects.create(
        account=account,
        unit_id=unit_id,
        role=role.value,
        valid=wanted,
        granted_by_id=by.account_id if by else None,
    )
    audit.record(
        "staff.role.granted",
        on=account,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"role": role.value, "from": start, "to": end},
    )
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, on: date, by: Viewer, at: datetime) -> None:
    """End a role on that day. Raises NotYours, LastAdministrator."""
    grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    check_reach(by=by, unit_id=grant.unit_id, on=day_of(at))
    keep_an_administrator(grants=[grant], on=on)
    if grant.valid.lower >= on:
        grant.delete()
    else:
        RoleGrant.objects.filter(pk=grant.pk).update(valid=DateRange(grant.valid.lower, on))
    audit.record(
        "staff.role.ended",
        on=grant.account,
        by=by,
        at=at,
        unit_id=grant.unit_id,
        after={"role": grant.role, "to": on},
    )


def day_of(at: datetime) -> date:
    """Return the day in Việt Nam on which something is done."""
    return clock.local_date(at)


def check_reach(*, by: Viewer | None, unit_id: UUID, on: date) -> None:
    """Raises NotYours when the unit is not below a unit in which ``by`` manages people; None is the system itself."""
    if by is None:
        return
    path = units.paths_of(unit_ids=[unit_id], on=on).get(unit_id)
    if path is None or not by.may(Permission.PEOPLE_MANAGE, path):
        raise NotYours("This unit is outside the units whose people you manage.")


def keep_an_administrator(*, grants: Sequence[RoleGrant], on: date) -> None:
    """Raises LastAdministrator when one of these roles is the last that administers its unit."""
    for grant in grants:
        if grant.role != Role.ADMINISTRATOR.value:
            continue
        above = {u.id for u in units.ancestors(unit_id=grant.unit_id, on=on)} | {grant.unit_id}
        others = RoleGrant.objects.filter(
            unit_id__in=above,
            role=Role.ADMINISTRATOR.value,
            valid__contains=on,
            account__is_active=True,
        ).exclude(pk=grant.pk)
        if not others.exists():
            raise LastAdministrator(
                "Name another administrator first: somebody must remain who can."
            )
