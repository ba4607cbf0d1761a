"""Decisions about roles: pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from caunoi.staff.terms import Permission as P
from caunoi.staff.terms import Role

_READ = frozenset(
    {
        P.DESK_VIEW,
        P.UNITS_VIEW,
        P.CASES_VIEW,
        P.ANSWERS_VIEW,
        P.CHANNELS_VIEW,
        P.ROUTING_VIEW,
        P.DOCUMENTS_VIEW,
        P.NOTICES_VIEW,
        P.CAMPAIGNS_VIEW,
        P.GOODS_VIEW,
        P.WORKS_VIEW,
    }
)
_TELL = frozenset({P.NOTICES_VIEW, P.NOTICES_PROPOSE, P.NOTICES_DECLARE})
"""Proposing a notice, and declaring that one was posted, read out or put up."""
_HELP = frozenset({P.CAMPAIGNS_VIEW, P.NEEDS_REPORT, P.GOODS_VIEW, P.GOODS_KEEP}) | {
    P.WORKS_VIEW,
    P.WORKS_KEEP,
    P.HOUSES_VIEW,
    P.HOUSES_KEEP,
}
"""What a village or commune does for gifts and houses: says what is needed, takes in and hands over, keeps the stages of a house."""
_ROLES: dict[Role, frozenset[P]] = {
    Role.VIEWER: _READ,
    Role.CONTRIBUTOR: _TELL
    | _HELP
    | {P.DESK_VIEW, P.UNITS_VIEW, P.CASES_VIEW, P.CASES_TAKE_IN, P.CASES_NOTE},
    Role.EDITOR: _READ
    | {P.CASES_TAKE_IN, P.CASES_NOTE, P.CASES_DRAFT, P.ANSWERS_MANAGE}
    | {P.CANNED_MANAGE, P.NOTICES_WRITE, P.CAMPAIGNS_WRITE}
    | _TELL
    | _HELP,
    Role.CASE_OFFICER: _READ
    | _TELL
    | {
        P.DUTY_TAKE,
        P.INBOX_VIEW,
        P.CASES_TAKE_IN,
        P.CASES_NOTE,
        P.CASES_REFER,
        P.DOCUMENTS_ISSUE,
        P.CASES_DRAFT,
        P.OUTBOX_VIEW,
        P.OUTBOX_MANAGE,
    },
    Role.SEALED_OFFICER: frozenset(
        {
            P.DESK_VIEW,
            P.UNITS_VIEW,
            P.CASES_TAKE_IN,
            P.CASES_SEALED,
            P.DUTY_TAKE,
            P.DOCUMENTS_VIEW,
            P.DOCUMENTS_ISSUE,
        },
    ),
    Role.APPROVER: _READ
    | _TELL
    | _HELP
    | {
        P.CAMPAIGNS_WRITE,
        P.CAMPAIGNS_APPROVE,
        P.FUNDS_VIEW,
        P.FUNDS_APPROVE,
        P.HOUSES_APPROVE,
        P.NOTICES_WRITE,
        P.NOTICES_APPROVE,
        P.DUTY_TAKE,
        P.DUTY_MANAGE,
        P.INBOX_VIEW,
        P.CASES_TAKE_IN,
        P.CASES_NOTE,
        P.CASES_REFER,
        P.DOCUMENTS_ISSUE,
        P.CASES_DRAFT,
        P.CASES_APPROVE,
        P.CANNED_MANAGE,
        P.CASES_PUBLISH,
        P.CASES_SEALED,
        P.PRIVACY_VIEW,
        P.PRIVACY_DECIDE,
        P.ANSWERS_MANAGE,
        P.OUTBOX_VIEW,
        P.OUTBOX_MANAGE,
    },
    Role.TREASURER: _READ | _HELP | {P.CAMPAIGNS_WRITE, P.FUNDS_VIEW, P.FUNDS_KEEP},
    Role.AUDITOR: _READ
    | {
        P.AUDIT_VIEW,
        P.FUNDS_VIEW,
        P.HOUSES_VIEW,
        P.HEALTH_VIEW,
        P.OUTBOX_VIEW,
        P.INBOX_VIEW,
        P.PEOPLE_VIEW,
        P.PRIVACY_VIEW,
        P.INCIDENTS_VIEW,
    },
    Role.ADMINISTRATOR: _READ
    | _TELL
    | {
        P.DUTY_TAKE,
        P.DUTY_MANAGE,
        P.UNITS_MANAGE,
        P.ROUTING_MANAGE,
        P.DOCUMENTS_MANAGE,
        P.PEOPLE_VIEW,
        P.PEOPLE_MANAGE,
        P.CHANNELS_MANAGE,
        P.CANNED_MANAGE,
        P.DEADLINES_MANAGE,
        P.WEBHOOKS_MANAGE,
        P.KEYS_MANAGE,
        P.INBOX_VIEW,
        P.OUTBOX_VIEW,
        P.OUTBOX_MANAGE,
        P.HEALTH_VIEW,
        P.AUDIT_VIEW,
        P.PRIVACY_VIEW,
        P.PRIVACY_DECIDE,
        P.PRIVACY_MANAGE,
        P.INCIDENTS_VIEW,
        P.INCIDENTS_MANAGE,
    },
}
NEEDS_SECOND_FACTOR = frozenset(
    {Role.SEALED_OFFICER, Role.APPROVER, Role.TREASURER, Role.ADMINISTRATOR}
)


def permissions_of(role: Role) -> frozenset[P]:
    """Return what a role may do in its unit and below."""
    return _ROLES[role]


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """True when one of these roles may publish, administer or read sealed cases: a password alone is not enough."""
    return any(role in NEEDS_SECOND_FACTOR for role in roles)


def may_give(*, own: Iterable[Role], role: Role) -> bool:
    """True when somebody with these roles in a unit may give ``role`` there: administrators give every role."""
    del role
    return Role.ADMINISTRATOR in set(own)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held today: in which unit, that unit's path in today's tree, and its name of today."""

    role: Role
    unit_id: UUID
    path: str
    unit_name: str = ""


@dataclass(frozen=True)
class Staff:
    """A signed-in person with the roles held today; the ``Viewer`` of every query."""

    account_id: int
    name: str
    email: str
    grants: tuple[Grant, ...] = field(default=())
    has_second_factor: bool = False

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(g.role for g in self.grants)

    @property
    def home_unit_id(self) -> UUID | None:
        """The unit of the first role, or None for somebody without any."""
        return self.grants[0].unit_id if self.grants else None

    @property
    def place(self) -> str:
        """The name of the unit of the first role, empty for somebody without any."""
        return self.grants[0].unit_name if self.grants else ""

    @property
    def must_add_second_factor(self) -> bool:
        return needs_second_factor(self.roles) and not self.has_second_factor

    def may(self, permission: str, unit_path: str | None = None) -> bool:
        """True when held somewhere, or at this path."""
        scope = self.scope(permission)
        if unit_path is None:
            return bool(scope)
        return any(unit_path == root or unit_path.startswith(root + ".") for root in scope)

    def scope(self, permission: str) -> Collection[str]:
        """Return today's paths below which the permission holds; a path inside another is left out."""
        paths = sorted(
            {g.path for g in self.grants if permission in permissions_of(g.role)}, key=len
        )
        kept: list[str] = []
        for path in paths:
            if not any(path == k or path.startswith(k + ".") for k in kept):
                kept.append(path)
        return tuple(kept)

    def unit_ids(self, permission: str) -> Collection[UUID]:
        """Return the units in which a role with the permission is held."""
        return tuple({g.unit_id for g in self.grants if permission in permissions_of(g.role)})
