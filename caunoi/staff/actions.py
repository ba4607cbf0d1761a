"""Writes about people: invitations, accounts, roles."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core import signing
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
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
SALT = "caunoi.staff.invitation"


def link_token(invitation: Invitation) -> str:
    """Return the signed word of the invitation's address."""
    return signing.dumps(str(invitation.pk), salt=SALT)


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
    """Open a door for one person for seven days. Raises NotYours, EmailTaken. Not done here: sending the link."""
    _check_reach(by=by, unit_id=unit_id, on=_day(at))
    email = email.strip().lower()
    if Account.objects.filter(email=email).exists():
        raise EmailTaken("Somebody with this e-mail address already has an account.")
    Invitation.objects.filter(email=email, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    invitation = Invitation.objects.create(
        email=email,
        full_name=clean(full_name),
        phone=phone,
        unit_id=unit_id,
        role=role.value,
        invited_by_id=by.account_id if by else None,
        invited_at=at,
    )
    audit.record(
        "staff.person.invited",
        on=invitation,
        by=by,
        at=at,
        unit_id=unit_id,
        after={"role": role.value},
    )
    return invitation


def invitation_for(*, token: str, at: datetime) -> Invitation:
    """Return the open invitation behind a link. Raises InvitationSpent."""
    spent = InvitationSpent("This invitation was used, withdrawn or is too old. Ask for a new one.")
    try:
        pk = signing.loads(token, salt=SALT, max_age=INVITATION_DAYS * 86400)
    except signing.BadSignature as error:
        raise spent from error
    invitation = Invitation.objects.filter(pk=pk, used_at=None, withdrawn_at=None).first()
    if invitation is None or at - invitation.invited_at > timedelta(days=INVITATION_DAYS):
        raise spent
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
        valid=DateRange(_day(at), None),
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
def withdraw_invitation(*, invitation: Invitation, by: Viewer, at: datetime) -> None:
    """Close the door before it was used. Raises NotYours, InvitationSpent."""
    _check_reach(by=by, unit_id=invitation.unit_id, on=_day(at))
    closed = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    if not closed:
        raise InvitationSpent("This invitation is closed already.")
    audit.record(
        "staff.invitation.withdrawn", on=invitation, by=by, at=at, unit_id=invitation.unit_id
    )


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
    _check_reach(by=by, unit_id=unit_id, on=_day(at))
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
    _check_reach(by=by, unit_id=grant.unit_id, on=_day(at))
    _keep_an_administrator(grants=[grant], on=on)
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


@transaction.atomic
def set_active(*, account: Account, active: bool, by: Viewer, at: datetime) -> None:
    """Close or open an account; closing ends all its sessions at once. Raises NotYours, LastAdministrator."""
    running = list(RoleGrant.objects.filter(account=account, valid__contains=_day(at)))
    for grant in running:
        _check_reach(by=by, unit_id=grant.unit_id, on=_day(at))
    if account.pk == by.account_id:
        raise NotYours("Nobody closes her own account; ask another administrator.")
    if not active:
        _keep_an_administrator(grants=running, on=_day(at))
        end_sessions(account=account)
    account.is_active = active
    account.save(update_fields=["is_active"])
    event = "staff.account.opened" if active else "staff.account.closed"
    audit.record(
        event,
        on=account,
        by=by,
        at=at,
        before={"is_active": not active},
        after={"is_active": active},
    )


def end_sessions(*, account: Account) -> int:
    """Sign the person out everywhere; returns how many sessions ended."""
    from allauth.usersessions.models import UserSession

    keys = list(UserSession.objects.filter(user=account).values_list("session_key", flat=True))
    UserSession.objects.filter(user=account).delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]


def _day(at: datetime) -> date:
    from caunoi.kit import clock

    return clock.local_date(at)


def _check_reach(*, by: Viewer | None, unit_id: UUID, on: date) -> None:
    """Raises NotYours when the unit is not below a unit in which ``by`` manages people; None is the system itself."""
    if by is None:
        return
    path = units.paths_of(unit_ids=[unit_id], on=on).get(unit_id)
    if path is None or not by.may(Permission.PEOPLE_MANAGE, path):
        raise NotYours("This unit is outside the units whose people you manage.")


def _keep_an_administrator(*, grants: Sequence[RoleGrant], on: date) -> None:
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
