"""Words about keys: what a key may be used for, and why one is refused."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class Scope(StrEnum):
    """What a key may be used for; what its account may do in the key's unit bounds it further."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    CASES_APPROVE = "cases:approve"
    CASES_SEALED = "cases:sealed"
    ANSWERS_READ = "answers:read"
    ANSWERS_WRITE = "answers:write"
    WEBHOOKS_MANAGE = "webhooks:manage"
    OPEN311_WRITE = "open311:write"
    AGENCY_ANSWER = "agency:answer"


class KeyState(StrEnum):
    """Whether a key opens anything today."""

    IN_USE = "in_use"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ApiError(Foreseen):
    """Something about keys that cannot be done."""


class NotYourKey(ApiError):
    """A key is made for oneself, or by an administrator of its unit."""


class BeyondTheAccount(ApiError):
    """The account may not do in this unit what the key would be for."""


class OnlyForOneself(ApiError):
    """Approving, and reading what is sealed, is a person's own: nobody makes a key for it for somebody else."""


class NothingChosen(ApiError):
    """A key that is good for nothing makes no sense."""


class EndsTooSoon(ApiError):
    """The last day of a key lies in the past, or too far away."""
