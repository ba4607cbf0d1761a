"""Reads about people; every list starts from what the viewer's roles reach."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate

from caunoi.kit.models import AuditEntry
from caunoi.kit.text import fold, given_name_key
from caunoi.kit.viewing import Viewer, system
from caunoi.staff.models import Account, Invitation, RoleGrant
from caunoi.staff.rules import Grant, Staff
from caunoi.staff.terms import Permission, Role
from caunoi.units import queries as units


@system("every request asks who is signed in")
def viewer_for(*, account: Account, on: date, has_second_factor: bool) -> Staff:
    """Return the person with the roles held on that day, in today's tree; a unit that is gone gives nothing."""
    held = list(RoleGrant.objects.filter(account=account, valid__contains=on).order_by("pk"))
    places = units.places_of(unit_ids=[g.unit_id for g in held], on=on) if held else {}
    grants = tuple(
        Grant(Role(g.role), g.unit_id, *places[g.unit_id]) for g in held if g.unit_id in places
    )
    return Staff(
        account_id=account.pk,
        name=account.full_name,
        email=account.email,
        grants=grants,
        has_second_factor=has_second_factor,
    )


@system("sign-in asks for a second factor")
def has_second_factor(account: Account) -> bool:
    """True when the account has an authenticator app or a passkey."""
    from allauth.mfa.models import Authenticator

    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=account, type__in=kinds).exists()


def visible_people(viewer: Viewer, *, on: date) -> QuerySet[Account]:
    """Return the accounts that hold, or held, a role somewhere below the viewer."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PEOPLE_VIEW), on=on)
    inside = RoleGrant.objects.filter(unit_id__in=reach).values("account_id")
    return Account.objects.filter(pk__in=inside)


def people(
    viewer: Viewer,
    *,
    on: date,
    text: str = "",
    role: str = "",
    unit_id: UUID | None = None,
    active: str = "",
) -> QuerySet[Account]:
    """Return the people below the viewer, filtered, by Vietnamese given name.

    text             part of a name (with or without marks) or of an e-mail address
    role, unit_id    who holds that role today; who holds a role today in the unit or below it (both: one and the same role)
    active           "yes" or "no"; everybody when empty
    """
    found = visible_people(viewer, on=on)
    if text:
        found = found.annotate(
            folded=Func(F("full_name"), function="vi_fold", output_field=TextField())
        )
        found = found.filter(Q(folded__contains=fold(text)) | Q(email__icontains=text.strip()))
    if role or unit_id:
        reach = units.subtree_filter(paths=viewer.scope(Permission.PEOPLE_VIEW), on=on)
        held = RoleGrant.objects.filter(
            account_id=OuterRef("pk"), valid__contains=on, unit_id__in=reach
        )
        held = held.filter(role=role) if role else held
        if unit_id:
            held = held.filter(unit_id__in=units.subtree_ids(unit_id=unit_id, on=on))
        found = found.filter(Exists(held))
    if active:
        found = found.filter(is_active=active == "yes")
    by_given_name = RawSQL(
        "vi_sort(regexp_replace(staff_account.full_name, '^(.*) (\\S+)$', '\\2 \\1'))", []
    )
    return found.annotate(name_key=Collate(by_given_name, "C")).order_by("name_key", "pk")


def roles_of(viewer: Viewer, *, accounts: list[Account], on: date) -> dict[int, list[RoleGrant]]:
    """Return the roles each of these people holds on that day, where the viewer sees them, in one query."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PEOPLE_VIEW), on=on)
    held = RoleGrant.objects.filter(account__in=accounts, valid__contains=on, unit_id__in=reach)
    found: dict[int, list[RoleGrant]] = {}
    for grant in held.order_by("pk"):
        found.setdefault(grant.account_id, []).append(grant)
    return found


def history_of(viewer: Viewer, *, account: Account, on: date) -> list[AuditEntry]:
    """Return what was done to the account and its roles, newest first; only for whoever may see the person."""
    if not visible_people(viewer, on=on).filter(pk=account.pk).exists():
        return []
    found = AuditEntry.objects.filter(
        object_type="staff.account", object_id=str(account.pk), event__startswith="staff."
    )
    return list(found.order_by("-pk")[:100])


def grants_of(viewer: Viewer, *, account: Account, on: date) -> list[RoleGrant]:
    """Return the person's roles inside the viewer's reach, running ones first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PEOPLE_VIEW), on=on)
    held = RoleGrant.objects.filter(account=account, unit_id__in=reach)
    return list(held.select_related("granted_by").order_by("-valid"))


def open_invitations(viewer: Viewer, *, on: date) -> list[Invitation]:
    """Return the invitations below the viewer that are still open, newest first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PEOPLE_VIEW), on=on)
    waiting = Invitation.objects.filter(unit_id__in=reach, used_at=None, withdrawn_at=None)
    return list(waiting.order_by("-invited_at")[:500])


def invitations_by_pk(viewer: Viewer, *, pks: set[str], on: date) -> list[Invitation]:
    """Return those of these invitations that the viewer may see and that are still open."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PEOPLE_VIEW), on=on)
    waiting = Invitation.objects.filter(unit_id__in=reach, used_at=None, withdrawn_at=None)
    return list(waiting.filter(pk__in=pks))


def colleagues(
    viewer: Viewer, *, unit_path_ids: list, on: date, permission: Permission
) -> list[Account]:
    """Return who may do ``permission`` in one of these units (the unit and those above it), by given name."""
    from caunoi.staff import rules

    roles = [r.value for r in Role if permission in rules.permissions_of(r)]
    held = RoleGrant.objects.filter(unit_id__in=unit_path_ids, role__in=roles, valid__contains=on)
    found = Account.objects.filter(pk__in=held.values("account_id"), is_active=True)
    return sorted(found, key=lambda a: given_name_key(a.full_name))


def colleagues_by(
    viewer: Viewer, *, unit_path_ids: list, on: date, permissions: Collection[Permission]
) -> dict[Permission, list[Account]]:
    """Return for each of these rights what ``colleagues`` returns, in one query."""
    from caunoi.staff import rules

    held = RoleGrant.objects.filter(
        unit_id__in=unit_path_ids, valid__contains=on, account__is_active=True
    ).select_related("account")
    found: dict[Permission, dict[int, Account]] = {p: {} for p in permissions}
    for grant in held:
        for permission in found.keys() & rules.permissions_of(Role(grant.role)):
            found[permission][grant.account_id] = grant.account
    return {
        permission: sorted(people.values(), key=lambda a: given_name_key(a.full_name))
        for permission, people in found.items()
    }


def holders(viewer: Viewer, *, unit_ids: list, on: date) -> dict:
    """Return how many people hold a role in each of these units on that day, where the viewer sees people."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.PEOPLE_VIEW), on=on)
    held = RoleGrant.objects.filter(
        unit_id__in=unit_ids, valid__contains=on, account__is_active=True
    ).filter(unit_id__in=reach)
    return dict(held.values_list("unit_id").annotate(n=Count("account", distinct=True)))


@system("letters to the officers of a unit")
def people_of_unit(*, unit_id: UUID, on: date, permission: Permission) -> list[Account]:
    """Return who holds ``permission`` in that very unit on that day, by given name; not those of the units above."""
    from caunoi.staff import rules

    roles = [r.value for r in Role if permission in rules.permissions_of(r)]
    held = RoleGrant.objects.filter(unit_id=unit_id, role__in=roles, valid__contains=on)
    found = Account.objects.filter(pk__in=held.values("account_id"), is_active=True)
    return sorted(found, key=lambda a: given_name_key(a.full_name))


@system("somebody must be told")
def in_charge(*, unit_id: UUID, permission: Permission, on: date) -> list[Account]:
    """Return who may do ``permission`` in the unit; where nobody may, who may in the nearest unit above."""
    from caunoi.staff import rules

    roles = [r.value for r in Role if permission in rules.permissions_of(r)]
    chain = [unit_id, *(u.id for u in reversed(units.ancestors(unit_id=unit_id, on=on)))]
    held = RoleGrant.objects.filter(unit_id__in=chain, role__in=roles, valid__contains=on)
    held = held.filter(account__is_active=True).select_related("account")
    by_unit: dict[UUID, dict[int, Account]] = {}
    for grant in held:
        by_unit.setdefault(grant.unit_id, {})[grant.account_id] = grant.account
    found = next((by_unit[u] for u in chain if u in by_unit), {})
    return sorted(found.values(), key=lambda a: given_name_key(a.full_name))
