"""Writes about following. Nothing here is audited: who follows what is nobody's business, and nothing is decided."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from caunoi.cases.models import Case
from caunoi.subscriptions import rules, sealing
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.subscriptions.terms import (
    CONFIRM_DAYS,
    KEPT_DAYS,
    MOST_OF_ONE_ADDRESS,
    PUSH_HOSTS,
    RENEW_DAYS,
    About,
    NotAPushService,
    Spent,
    TooMany,
    Way,
    What,
)


def follow_by_email(*, what: What, email: str, at: datetime) -> Subscription | None:
    """Keep that this address wants to follow, not yet confirmed; a letter with a link asks it (``tasks.letters``).

    -> the row a letter is due for, or None when it follows already: the door says the same in both cases, so that nobody
       learns what an address follows. Idempotent by address and thing.
    Not done here  limits on tries
    """
    address = rules.same_address(email)
    found, new = _keep(Way.EMAIL, what, address, address, at=at)
    if found.confirmed_at is not None:
        return None
    if not new:
        Subscription.objects.filter(pk=found.pk).update(
            asked_at=at, mailed_at=None, only_warnings=what.only_warnings
        )
    return found


def follow_by_push(*, what: What, subscription: dict[str, str], at: datetime) -> Subscription:
    """Keep that this browser wants to be told; its own permission is the confirmation. Idempotent by browser and thing.

    subscription  endpoint, p256dh, auth as the browser gave them
    Raises NotAPushService, TooMany
    """
    endpoint = subscription["endpoint"]
    if not rules.is_push_service(endpoint, hosts=PUSH_HOSTS, loopback=settings.LOOPBACK_ONLY):
        raise NotAPushService("This is no push service of a browser we know.")
    found, _new = _keep(Way.PUSH, what, endpoint, json.dumps(subscription), at=at, confirmed=True)
    return choose(found=found, only_warnings=what.only_warnings)


def follow_by_chat(*, what: What, channel_id: UUID, thread_id: UUID, at: datetime) -> Subscription:
    """Keep that whoever wrote in this chat wants to be told there. Idempotent by chat and thing. Raises TooMany."""
    address = f"{channel_id}:{thread_id}"
    found, _new = _keep(Way.CHAT, what, address, address, at=at, confirmed=True)
    return choose(found=found, only_warnings=what.only_warnings)


def choose(*, found: Subscription, only_warnings: bool) -> Subscription:
    """Let a follower of notices be told of warnings only, or of all. Idempotent; of answers nothing is to be chosen."""
    if found.about == About.NOTICES and found.only_warnings != only_warnings:
        found.only_warnings = only_warnings
        found.save(update_fields=["only_warnings"])
    return found


def choose_by_link(*, subscription_id: UUID, only_warnings: bool) -> None:
    """The same, by whoever holds the link of a letter. Raises Spent."""
    found = Subscription.objects.filter(pk=subscription_id).first()
    if found is None:
        raise Spent("The link no longer opens anything.")
    choose(found=found, only_warnings=only_warnings)


@transaction.atomic
def _keep(
    way: Way, what: What, address: str, sealed: str, *, at: datetime, confirmed: bool = False
) -> tuple[Subscription, bool]:
    known = sealing.hash_of(f"{way}:{address}")
    of_this = Subscription.objects.filter(address_hash=known)
    thing = _thing(what)
    found = of_this.filter(**thing).first()
    if found is not None:
        return found, False
    if of_this.count() >= MOST_OF_ONE_ADDRESS:
        raise TooMany("You follow thirty things already; stop one first.")
    new_id = uuid.uuid4()
    try:
        with transaction.atomic():
            made = Subscription.objects.create(
                pk=new_id,
                way=way.value,
                sealed_address=sealing.seal(sealed, subscription_id=new_id),
                address_hash=known,
                asked_at=at,
                confirmed_at=at if confirmed else None,
                only_warnings=what.only_warnings,
                **thing,
            )
    except IntegrityError:
        return of_this.get(**thing), False
    return made, True


def _thing(what: What) -> dict[str, Any]:
    return {
        "number": what.number,
        "unit_id": what.unit_id,
        "topic": what.topic,
        "about": what.about.value,
    }


def confirm(*, subscription_id: UUID, at: datetime) -> Subscription:
    """Let the follower be told from now on; also her yearly yes. Idempotent. Raises Spent when it was erased meanwhile."""
    found = Subscription.objects.filter(pk=subscription_id).first()
    if found is None:
        raise Spent("The link no longer opens anything.")
    found.confirmed_at, found.mailed_at = at, None
    found.save(update_fields=["confirmed_at", "mailed_at"])
    return found


def stop(*, subscription_id: UUID) -> bool:
    """Erase the follower and everything still to be told. -> whether there was one. Idempotent."""
    return bool(Subscription.objects.filter(pk=subscription_id).delete()[0])


@transaction.atomic
def stop_all(*, subscription_id: UUID) -> int:
    """Erase everything the address of this follower follows. -> how many. Idempotent."""
    found = Subscription.objects.filter(pk=subscription_id).first()
    if found is None:
        return 0
    return len([s.delete() for s in Subscription.objects.filter(address_hash=found.address_hash)])


def stop_address(*, way: Way, address: str, what: What | None = None) -> int:
    """Erase what this browser or chat follows, all of it or one thing: whoever knows the address is its owner. -> how many."""
    found = Subscription.objects.filter(address_hash=sealing.hash_of(f"{way}:{address}"))
    if what is not None:
        found = found.filter(**_thing(what))
    return len([s.delete() for s in found])


def erase_old(*, at: datetime) -> int:
    """Erase addresses nobody confirmed in time, those that gave no yearly yes, and what follows a question no longer public. -> how many.

    What somebody was told three months ago is forgotten too.
    """
    unconfirmed = Q(confirmed_at=None, asked_at__lt=at - timedelta(days=CONFIRM_DAYS))
    silent = Q(confirmed_at__lt=at - timedelta(days=RENEW_DAYS + CONFIRM_DAYS))
    hidden = Case.objects.filter(is_public=False, number=OuterRef("number"))
    gone = ~Q(number="") & Q(Exists(hidden))
    Sending.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    return (
        Subscription.objects.filter(unconfirmed | silent | gone)
        .delete()[1]
        .get("subscriptions.Subscription", 0)
    )
