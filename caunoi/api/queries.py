"""Reads about keys."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from caunoi.api import rules
from caunoi.api.models import ApiKey
from caunoi.api.rules import KeyViewer
from caunoi.api.terms import KeyState, Scope
from caunoi.kit.viewing import Viewer, system
from caunoi.routing import queries as routing
from caunoi.staff import queries as staff
from caunoi.staff.models import Account
from caunoi.staff.rules import Staff
from caunoi.staff.terms import Permission
from caunoi.units import queries as units

MAX_PEOPLE = 300


def keys(viewer: Viewer, *, on: date, text: str = "") -> QuerySet[ApiKey]:
    """Return the viewer's own keys, and those of the units in which she administers keys; newest first."""
    reach = units.subtree_filter(paths=viewer.scope(Permission.KEYS_MANAGE), on=on)
    found = ApiKey.objects.filter(Q(account_id=viewer.account_id) | Q(unit_id__in=reach))
    if text:
        found = found.filter(Q(name__icontains=text) | Q(prefix__startswith=text.lower()))
    return found.select_related("account", "made_by").order_by("-made_at", "pk")


def people_for_keys(viewer: Viewer, *, on: date) -> list[Account]:
    """Return for whom the viewer may make a key: herself first, then those below her where she administers keys."""
    me = list(Account.objects.filter(pk=viewer.account_id))
    if not viewer.may(Permission.KEYS_MANAGE):
        return me
    found = staff.people(viewer, on=on, active="yes").exclude(pk=viewer.account_id)
    return me + list(found[:MAX_PEOPLE])


@system("a request shows its key")
def key_by_text(*, text: str) -> ApiKey | None:
    """Return the key that was written, revoked and expired ones too, or None."""
    parts = rules.parts_of(text)
    if parts is None:
        return None
    prefix, secret = parts
    found = ApiKey.objects.filter(prefix=prefix).select_related("account").first()
    return found if found and rules.opens(secret=secret, stored=bytes(found.hashed)) else None


@system("a request shows its key")
def viewer_of(*, key: ApiKey, on: date) -> KeyViewer | None:
    """Return whoever acts through the key on that day; None when key or account is not in use any more."""
    state = rules.state_of(revoked=key.revoked_at is not None, ends_on=key.ends_on, on=on)
    if state != KeyState.IN_USE or not key.account.is_active:
        return None
    person = person_of(account=key.account, on=on)
    if person.must_add_second_factor:
        return None
    path = units.paths_of(unit_ids=[key.unit_id], on=on).get(key.unit_id, "")
    scopes = frozenset(Scope(s) for s in key.scopes)
    asked = Scope.AGENCY_ANSWER in scopes and bool(path)
    bodies = bodies_of(account=key.account, unit_path=path, on=on) if asked else frozenset()
    return KeyViewer(person, key.unit_id, path, scopes, f"khóa {key.prefix}", bodies)


@system("what an account may answer for bounds its keys")
def bodies_of(*, account: Account, unit_path: str, on: date) -> frozenset[UUID]:
    """Return the bodies of that unit and of those below for which the account answers."""
    found = routing.bodies_of_member(account_id=account.pk, on=on)
    paths = units.paths_of(unit_ids={b.unit_id for b in found}, on=on)
    return frozenset(b.pk for b in found if rules.is_within(paths.get(b.unit_id, ""), unit_path))


@system("what an account may do bounds its keys")
def person_of(*, account: Account, on: date) -> Staff:
    """Return the account with today's roles."""
    return staff.viewer_for(
        account=account, on=on, has_second_factor=staff.has_second_factor(account)
    )
