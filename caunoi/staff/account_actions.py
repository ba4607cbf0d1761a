"""Writes about accounts: closing, sessions, a lost second factor, corrections."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from caunoi.kit import audit
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff import actions
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import EmailTaken, NotYours


@transaction.atomic
def set_active(*, account: Account, active: bool, by: Viewer, at: datetime) -> None:
    """Close or open an account; closing ends all its sessions at once. Raises NotYours, LastAdministrator."""
    running = list(RoleGrant.objects.filter(account=account, valid__contains=actions.day_of(at)))
    _check_reach_of(account=account, by=by, at=at)
    if account.pk == by.account_id:
        raise NotYours("Nobody closes her own account; ask another administrator.")
    if not active:
        actions.keep_an_administrator(grants=running, on=actions.day_of(at))
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
    """Sign the person out everywhere; returns how many known sessions ended. Part of other actions, inside their transaction.

    The round of the account ends also the sessions that nobody listed.
    """
    from allauth.usersessions.models import UserSession

    Account.objects.filter(pk=account.pk).update(session_round=F("session_round") + 1)
    keys = list(UserSession.objects.filter(user=account).values_list("session_key", flat=True))
    UserSession.objects.filter(user=account).delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]


@transaction.atomic
def end_session(*, session_pk: int, by: Viewer, at: datetime) -> bool:
    """Sign oneself out on one device; False when there is no such session of one's own."""
    from allauth.usersessions.models import UserSession

    found = UserSession.objects.filter(user_id=by.account_id, pk=session_pk).first()
    if found is None:
        return False
    Session.objects.filter(session_key=found.session_key).delete()
    account = found.user
    found.delete()
    audit.record("staff.session.ended", on=account, by=by, at=at)
    return True


@transaction.atomic
def sign_out_everywhere(*, account: Account, by: Viewer, at: datetime) -> int:
    """End all sessions of a colleague (a lost phone); returns how many. Raises NotYours."""
    _check_reach_of(account=account, by=by, at=at)
    ended = end_sessions(account=account)
    audit.record("staff.sessions.ended", on=account, by=by, at=at, after={"sessions": ended})
    return ended


@transaction.atomic
def reset_second_factor(*, account: Account, by: Viewer, at: datetime) -> int:
    """Remove the app, passkeys and recovery codes of a colleague who lost them, and sign her out; the next sign-in asks anew.

    -> how many were removed. Raises NotYours, also for oneself: whoever takes over an account must not do this
    """
    from allauth.mfa.models import Authenticator

    if account.pk == by.account_id:
        raise NotYours("Nobody resets her own second factor; ask another administrator.")
    _check_reach_of(account=account, by=by, at=at)
    removed = Authenticator.objects.filter(user=account).delete()[0]
    end_sessions(account=account)
    audit.record("staff.second_factor.reset", on=account, by=by, at=at, after={"removed": removed})
    return removed


@transaction.atomic
def correct_account(
    *, account: Account, full_name: str, email: str, phone: str, by: Viewer, at: datetime
) -> None:
    """Correct how a person is called and reached; a new address ends her sessions. Raises NotYours, EmailTaken."""
    _check_reach_of(account=account, by=by, at=at)
    account = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    wanted = {"full_name": clean(full_name), "email": email.strip().lower(), "phone": phone}
    if Account.objects.filter(email=wanted["email"]).exclude(pk=account.pk).exists():
        raise EmailTaken("Somebody with this e-mail address already has an account.")
    changed = [name for name, value in wanted.items() if getattr(account, name) != value]
    before = {name: getattr(account, name) for name in changed}
    for name in changed:
        setattr(account, name, wanted[name])
    account.save(update_fields=changed)
    if "email" in changed:
        end_sessions(account=account)
    after = {name: wanted[name] for name in changed}
    audit.record("staff.account.corrected", on=account, by=by, at=at, before=before, after=after)


def _check_reach_of(*, account: Account, by: Viewer, at: datetime) -> None:
    """Raises NotYours unless every unit in which the person holds a role today is below the viewer."""
    for grant in RoleGrant.objects.filter(account=account, valid__contains=actions.day_of(at)):
        actions.check_reach(by=by, unit_id=grant.unit_id, on=actions.day_of(at))
