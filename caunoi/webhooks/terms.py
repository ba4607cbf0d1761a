"""Words about webhooks: what other systems are told, and how a delivery stands."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class EventType(StrEnum):
    """What happened; the words are part of the contract with other systems and never change."""

    CASE_OPENED = "case.opened"
    CASE_REFERRED = "case.referred"
    CASE_ANSWERED = "case.answered"
    CASE_CLOSED = "case.closed"
    CASE_REOPENED = "case.reopened"
    ANSWER_PUBLISHED = "answer.published"
    ANSWER_CORRECTED = "answer.corrected"
    ANSWER_WITHDRAWN = "answer.withdrawn"
    TEST = "webhook.test"


SUBSCRIBABLE = tuple(e for e in EventType if e != EventType.TEST)
"""What an endpoint may ask for; the test goes only where somebody pressed the button."""


class EndpointState(StrEnum):
    """Whether an address is called."""

    ON = "on"
    OFF = "off"
    GONE = "gone"


class DeliveryState(StrEnum):
    """How one event stands at one address."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Verdict(StrEnum):
    """What an answer means: taken, try later, try later and spare the address meanwhile, never again."""

    TAKEN = "taken"
    LATER = "later"
    THROTTLED = "throttled"
    GONE = "gone"


class AddressProblem(StrEnum):
    """Why an address may not be called."""

    UNREADABLE = "unreadable"
    NOT_HTTPS = "not_https"
    OTHER_PORT = "other_port"
    INSIDE = "inside"


class WebhookError(Foreseen):
    """Something about webhooks that cannot be done."""


class BadAddress(WebhookError):
    """The address cannot be called from here."""


class NotYourEndpoint(WebhookError):
    """The endpoint belongs to a unit in which you do not hold this right."""


class NothingChosen(WebhookError):
    """An endpoint that is told nothing makes no sense."""


class SwitchedOff(WebhookError):
    """The endpoint is switched off; switch it on first."""
