"""Decisions about keys and requests: pure."""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from caunoi.api.terms import KeyState, Scope
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission as P

GIVES: dict[Scope, frozenset[P]] = {
    Scope.CASES_READ: frozenset({P.CASES_VIEW, P.INBOX_VIEW, P.DOCUMENTS_VIEW}),
    Scope.CASES_WRITE: frozenset(
        {
            P.CASES_VIEW,
            P.CASES_TAKE_IN,
            P.CASES_NOTE,
            P.CASES_REFER,
            P.CASES_DRAFT,
            P.CANNED_MANAGE,
            P.DOCUMENTS_VIEW,
            P.DOCUMENTS_ISSUE,
        }
    ),
    Scope.CASES_APPROVE: frozenset({P.CASES_VIEW, P.CASES_DRAFT, P.CASES_APPROVE, P.CASES_PUBLISH}),
    Scope.CASES_SEALED: frozenset({P.CASES_SEALED}),
    Scope.ANSWERS_READ: frozenset({P.ANSWERS_VIEW}),
    Scope.ANSWERS_WRITE: frozenset({P.ANSWERS_VIEW, P.ANSWERS_MANAGE}),
    Scope.WEBHOOKS_MANAGE: frozenset({P.WEBHOOKS_MANAGE}),
    Scope.OPEN311_WRITE: frozenset({P.CASES_TAKE_IN}),
    Scope.AGENCY_ANSWER: frozenset(),
}
"""Sealed cases open to their own scope alone; no scope ever opens a contact, an account or a unit."""
ONLY_FOR_ONESELF = frozenset({Scope.CASES_APPROVE, Scope.CASES_SEALED})
TELLING: dict[Scope, P] = {
    Scope.CASES_READ: P.CASES_VIEW,
    Scope.CASES_WRITE: P.CASES_NOTE,
    Scope.CASES_APPROVE: P.CASES_APPROVE,
    Scope.CASES_SEALED: P.CASES_SEALED,
    Scope.ANSWERS_READ: P.ANSWERS_VIEW,
    Scope.ANSWERS_WRITE: P.ANSWERS_MANAGE,
    Scope.WEBHOOKS_MANAGE: P.WEBHOOKS_MANAGE,
    Scope.OPEN311_WRITE: P.CASES_TAKE_IN,
}
"""The right an account must hold for a key with the scope to make sense; for agency:answer it is a member of a body instead."""
LONGEST_DAYS = 366
_KEY = re.compile(r"caunoi_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")
_IDEMPOTENCY = re.compile(r"[\x21-\x7e]{1,100}")


def state_of(*, revoked: bool, ends_on: date, on: date) -> KeyState:
    """Return whether the key opens anything on that day; its last day is included."""
    if revoked:
        return KeyState.REVOKED
    return KeyState.EXPIRED if on > ends_on else KeyState.IN_USE


def ends_in_time(*, ends_on: date, on: date) -> bool:
    """True for a last day from today to a year from now."""
    return on <= ends_on <= on + timedelta(days=LONGEST_DAYS)


def parts_of(key: str) -> tuple[str, str] | None:
    """Return the visible beginning and the secret of a written key, or None when it is none."""
    found = _KEY.fullmatch(key.strip())
    return (found[1], found[2]) if found else None


def written(*, prefix: str, secret: str) -> str:
    """Return the key as it is shown once."""
    return f"caunoi_{prefix}_{secret}"


def hash_of(secret: str) -> bytes:
    """Return what is stored of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def opens(*, secret: str, stored: bytes) -> bool:
    """True when the secret is the one that was hashed, in constant time."""
    return hmac.compare_digest(hash_of(secret), stored)


def is_idempotency_key(text: str) -> bool:
    """True for one to a hundred visible ASCII letters."""
    return _IDEMPOTENCY.fullmatch(text) is not None


def print_of(*, method: str, address: str, body: bytes) -> bytes:
    """Return the mark by which a repeated request is known: the very same bytes to the same address."""
    return hashlib.sha256(f"{method} {address}\x00".encode() + body).digest()


def may_stand_for(
    *, account_id: int, made_by_id: int, author_id: int | None, account_is_author: bool
) -> bool:
    """True when a key may approve an answer: neither its account nor whoever made it wrote the words."""
    return not account_is_author and author_id not in {account_id, made_by_id}


@dataclass(frozen=True)
class KeyViewer:
    """Whoever acts through a key: the account's rights of today, cut to the key's scopes and to its unit and below.

    person     the account as it stands today
    unit_path  the key's unit in today's tree; empty when the unit is gone, and then nothing is allowed
    body_ids   the agencies in the key's unit and below for which the account may answer, when the key is for that
    """

    person: Viewer
    unit_id: UUID
    unit_path: str
    scopes: frozenset[Scope]
    label: str
    body_ids: frozenset[UUID] = frozenset()

    @property
    def account_id(self) -> int:
        return self.person.account_id

    @property
    def name(self) -> str:
        """How the record names it: the person and the key."""
        return f"{self.person.name[:140]} ({self.label})"

    def scope(self, permission: str) -> Collection[str]:
        if not self.unit_path or permission not in self._permissions():
            return ()
        return tuple(_cut(self.person.scope(permission), self.unit_path))

    def may(self, permission: str, unit_path: str | None = None) -> bool:
        scope = self.scope(permission)
        if unit_path is None:
            return bool(scope)
        return any(is_within(unit_path, root) for root in scope)

    def unit_ids(self, permission: str) -> Collection[UUID]:
        found = tuple(UUID(path.rpartition(".")[2]) for path in self.scope(permission))
        if permission != P.CASES_SEALED:
            return found
        # a sealed case opens only in the very unit in which the account holds the right, never in one below
        own = set(self.person.unit_ids(permission))
        return tuple(unit_id for unit_id in found if unit_id in own)

    def _permissions(self) -> frozenset[str]:
        return frozenset(p for s in self.scopes for p in GIVES[s])


def _cut(paths: Iterable[str], root: str) -> list[str]:
    """Return where both the paths and ``root`` reach."""
    below = [path for path in paths if is_within(path, root)]
    return [root] if any(is_within(root, path) for path in paths) else below


def is_within(path: str, root: str) -> bool:
    """True for the unit itself and every unit below it."""
    return path == root or path.startswith(root + ".")
