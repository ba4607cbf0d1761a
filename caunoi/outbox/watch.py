"""Looking after what goes out: nothing waits unseen, nothing stays unclear, nobody is told twice an hour."""

import logging
from datetime import datetime

from caunoi.channels import alerts, registry, token_keeper
from caunoi.channels.contract import ReconnectNeeded, Refused, TryLater, Unclear
from caunoi.channels.terms import AlertKind
from caunoi.kit.keyring import KeyringError
from caunoi.outbox import actions, arrivals, leases, queries
from caunoi.outbox.delivery import CLOCK_DIFFERENCE
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import SendState

LOOK_FOR_AT_MOST = 40
"""Quiet sends looked for in one round; each is one call of a provider."""
FOR_A_PERSON = {
    AlertKind.UNCERTAIN: [SendState.UNCERTAIN],
    AlertKind.DEAD: [SendState.FAILED, SendState.DEAD],
}
log = logging.getLogger("caunoi.outbox")


def watch_sends(*, at: datetime) -> int:
    """Free what a lost worker held, mark what nobody confirmed, and tell those in charge. -> how many channels need somebody."""
    leases.lose_expired(at=at)
    actions.mark_unconfirmed(at=at)
    found = [(AlertKind.STUCK, w) for w in queries.stuck_sends(at=at)]
    for kind, states in FOR_A_PERSON.items():
        found += [(kind, w) for w in queries.sends_for_a_person(states=states, at=at)]
    for kind, waiting in found:
        alerts.raise_alert(channel=waiting.channel, kind=kind, count=waiting.count, at=at)
    return len({waiting.channel.pk for _, waiting in found})


def look_for_quiet_sends(*, at: datetime) -> int:
    """Look at the provider for sends an hour old without echo or receipt: a lost webhook is no lost message. -> how many were found."""
    return sum(_look_for(m, at) for m in queries.quiet_sends(at=at, limit=LOOK_FOR_AT_MOST))


def _look_for(message: OutboundMessage, at: datetime) -> bool:
    connector = registry.connector_for(message.channel.connector_key)
    since = (message.first_tried_at or message.created_at) - CLOCK_DIFFERENCE
    try:
        account = token_keeper.fresh_account(channel=message.channel, at=at)
        post, key = actions.as_post(message), str(message.pk)
        found = connector.find_sent(post, account, key=key, since=since)
    except (TryLater, ReconnectNeeded, KeyringError):
        return False
    except (Refused, Unclear) as error:
        log.info("send %s cannot be looked for: %s", message.pk, error)
        found = None
    if found is None:
        actions.note_looked_for(message=message)
        return False
    echo = arrivals.Echo(message.channel, message.external_id, key=None)
    return bool(arrivals.confirm([echo], at=at))
