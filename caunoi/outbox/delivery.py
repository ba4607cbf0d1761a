"""One round of sending, called again and again by the worker. No transaction is open while a provider is spoken to."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import DatabaseError
from django.utils.translation import gettext_noop

from caunoi.channels import actions as channels
from caunoi.channels import numbers, quotas, registry, token_keeper
from caunoi.channels.contract import (
    Account,
    Capability,
    Connector,
    OutboundPost,
    Picture,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    Video,
)
from caunoi.kit import clock, http
from caunoi.kit.keyring import KeyringError
from caunoi.outbox import actions, lanes, leases, pace, rules
from caunoi.outbox.models import OutboundMessage
from caunoi.outbox.terms import NotNow, SendState

BATCH = 40
ROUND = timedelta(seconds=5)
"""How long a round goes on beginning sends: far less than a lease."""
CLOCK_DIFFERENCE = timedelta(minutes=2)
PICTURE_GONE = gettext_noop("A picture of this publication is not there any more.")
VIDEO_GONE = gettext_noop("The video of this publication is not there any more.")
USED_UP = gettext_noop(
    "This channel has used up what its provider allows for now; it goes on by itself."
)
NIGHT = gettext_noop("It is night; this goes out in the morning by itself.")
OFF_THE_LIST = gettext_noop("This number is not on the list any more.")
BROKEN = gettext_noop("The connector made a mistake; we look whether the message arrived.")
NO_READING_BACK = gettext_noop("This kind of channel cannot be read back; please look yourself.")
log = logging.getLogger("caunoi.outbox")
Clock = Callable[[], datetime]
Pictures = Callable[[Sequence[str]], Mapping[str, bytes]]
Reader = Callable[[int, int], bytes]
T = TypeVar("T")


def no_pictures(refs: Sequence[str]) -> dict[str, bytes]:
    """Know no picture; for senders of a house without publications."""
    return {}


@dataclass(frozen=True, slots=True)
class Held:
    """What the house holds of its publications: pictures and videos by their references; what is left out is not there any more."""

    pictures: Pictures = no_pictures
    video: Callable[[str], Reader | None] = lambda ref: None


NOTHING_HELD = Held()


def deliver_once(
    *,
    worker: str,
    now: Clock,
    limit: int = BATCH,
    kinds: list[str] | None = None,
    held: Held = NOTHING_HELD,
) -> int:
    """Claim what is due and send it, or look it up when its outcome is uncertain. Returns how many rows were claimed.

    kinds     only channels of these connectors: a provider that hangs then holds up nobody else's, and is spared itself
    held    gives the bytes of pictures and videos
    What was claimed and not begun after ROUND is given back, so that a slow provider holds few rows at a time.
    """
    began = now()
    room = lanes.room(kinds, limit=limit, at=began)
    if not room:
        return 0
    claimed = leases.claim_due(limit=room, worker=worker, at=began, kinds=kinds)
    for place, message in enumerate(claimed):
        if place and now() - began > ROUND:
            leases.give_back(messages=claimed[place:], worker=worker, at=now())
            break
        try:
            _one(message, worker, now, held)
        except NotNow:
            log.info("send %s was decided elsewhere", message.pk)
    return len(claimed)


def _one(message: OutboundMessage, worker: str, now: Clock, held: Held) -> None:
    connector = registry.connector_for(message.channel.connector_key)
    try:
        if message.state == SendState.UNCERTAIN:
            leases.renew_lease(message=message, worker=worker, at=now())
            _look(message, connector, worker, now)
        else:
            _send(message, connector, worker, now, held)
    except (ReconnectNeeded, KeyringError) as error:
        _wait_for_a_person(message, str(error), worker, now())
    except TryLater as error:
        _later(message, error, worker, now())


def _send(
    message: OutboundMessage,
    connector: Connector,
    worker: str,
    now: Clock,
    house: Held,
) -> None:
    """Send once. Raises TryLater and ReconnectNeeded, as nothing was sent then."""
    post = _ready_post(message, connector, worker, now, house)
    if post is None:
        return
    key, quota_day = str(message.pk), now()
    try:
        account = token_keeper.fresh_account(channel=message.channel, at=now())
        with lanes.watched(connector.key, now), http.counted() as made:
            result = _with_fresh_token(
                message,
                account,
                worker,
                now,
                lambda a: connector.send(post, a, key=key, at=now()),
            )
    except Refused as error:
        quotas.give_back(channel=message.channel, kind=post.kind, at=quota_day)
        actions.record_refused(message=message, reason=error.reason, worker=worker, at=now())
        pace.record_outcome(channel=message.channel, worked=True, at=now())
    except Unclear as error:
        _unclear(message, error.reason, worker, now())
    except (TryLater, ReconnectNeeded, KeyringError):
        quotas.give_back(channel=message.channel, kind=post.kind, at=quota_day)
        raise
    except (NotNow, DatabaseError):
        raise
    except Exception:
        log.exception("connector %s broke while sending %s", connector.key, message.pk)
        _unclear(message, BROKEN, worker, now())
    else:
        actions.record_sent(message=message, result=result, worker=worker, at=now())
        pace.give_back(
            channel=message.channel,
            per_minute=connector.per_minute,
            per_minute_all=connector.per_minute_all,
            calls=connector.calls(post) - made.calls if made.calls else 0,
        )


def _ready_post(
    message: OutboundMessage, connector: Connector, worker: str, now: Clock, house: Held
) -> OutboundPost | None:
    """Return what may be sent now; None when the row was put back to wait for its turn, or refused. Raises NotNow when it is not ours."""
    at, refs = now(), message.content.picture_refs if message.content else []
    held = house.pictures([r["ref"] for r in refs]) if refs else {}
    if len(held) < len({r["ref"] for r in refs}):
        actions.record_refused(message=message, reason=PICTURE_GONE, worker="", at=at)
        return None
    shown = [
        Picture(r["media_type"], r["alt"], r["name"], held[r["ref"]], r.get("url", ""))
        for r in refs
    ]
    video = _video(message, worker, now, house)
    if video is None and message.content is not None and message.content.video_ref:
        actions.record_refused(message=message, reason=VIDEO_GONE, worker="", at=at)
        return None
    post = actions.as_post(message, pictures=shown, video=video)
    quiet = None if message.at_any_hour else connector.quiet_hours
    morning = rules.quiet_until(hours=quiet, now=clock.local(at))
    if morning is not None:
        actions.put_back(message=message, not_before=morning, reason=NIGHT)
        return None
    if Capability.LISTED_NUMBERS in connector.capabilities:
        number = numbers.open_number(channel=message.channel, ref=post.target_ref)
        if number is None:
            actions.record_refused(message=message, reason=OFF_THE_LIST, worker="", at=at)
            return None
        post = replace(post, target_ref=number)
    wait = pace.begin(
        message=message,
        worker=worker,
        per_minute=connector.per_minute,
        per_minute_all=connector.per_minute_all,
        calls=connector.calls(post),
        at=at,
    )
    reason = ""
    if wait is None:
        wait, reason = quotas.take(channel=message.channel, kind=post.kind, at=at), USED_UP
    if wait is None:
        return post
    actions.put_back(message=message, not_before=wait, reason=reason)
    return None


def _video(message: OutboundMessage, worker: str, now: Clock, house: Held) -> Video | None:
    """Return the video as its connector reads it; a long upload holds on to its row with every piece."""
    ref = message.content.video_ref if message.content else {}
    read = house.video(ref["ref"]) if ref else None
    if read is None:
        return None

    def piece(start: int, size: int) -> bytes:
        leases.renew_lease(message=message, worker=worker, at=now())
        return read(start, size)

    return Video(ref["media_type"], ref["name"], ref["size"], ref["seconds"], piece)


def _unclear(message: OutboundMessage, reason: str, worker: str, at: datetime) -> None:
    actions.record_unclear(message=message, reason=reason, worker=worker, at=at)
    pace.record_outcome(channel=message.channel, worked=False, at=at)


def _with_fresh_token(
    message: OutboundMessage,
    account: Account,
    worker: str,
    now: Clock,
    act: Callable[[Account], T],
) -> T:
    """Act; when the provider says that the token is gone, refresh it once and act once more."""
    try:
        return act(account)
    except ReconnectNeeded:
        if not token_keeper.can_renew(message.channel):
            raise
    leases.renew_lease(message=message, worker=worker, at=now())
    fresh = token_keeper.fresh_account(channel=message.channel, at=now(), gone=account)
    leases.renew_lease(message=message, worker=worker, at=now())
    return act(fresh)


def _look(message: OutboundMessage, connector: Connector, worker: str, now: Clock) -> None:
    """Look at the provider whether an uncertain send is there. Raises TryLater and ReconnectNeeded: then nobody knows yet."""
    account = token_keeper.fresh_account(channel=message.channel, at=now())
    if Capability.READ_BACK not in connector.capabilities:
        raise TryLater(NO_READING_BACK)
    since = (message.first_tried_at or message.created_at) - CLOCK_DIFFERENCE
    post, key = actions.as_post(message), str(message.pk)
    try:
        with lanes.watched(connector.key, now):
            found = _with_fresh_token(
                message,
                account,
                worker,
                now,
                lambda a: connector.find_sent(post, a, key=key, since=since),
            )
    except (Refused, Unclear) as error:
        raise TryLater(error.reason) from error
    actions.record_looked(message=message, found=found, worker=worker, at=now())


def _later(message: OutboundMessage, error: TryLater, worker: str, at: datetime) -> None:
    if message.state == SendState.UNCERTAIN:
        actions.record_not_looked(message=message, reason=error.reason, worker=worker, at=at)
        return
    actions.record_later(
        message=message,
        reason=error.reason,
        wanted_seconds=error.after_seconds,
        worker=worker,
        at=at,
    )
    pace.record_outcome(channel=message.channel, worked=False, at=at)


def _wait_for_a_person(message: OutboundMessage, reason: str, worker: str, at: datetime) -> None:
    channels.mark_reconnect_needed(channel=message.channel, reason=reason, at=at)
    actions.record_waiting(message=message, reason=reason, worker=worker, at=at)
