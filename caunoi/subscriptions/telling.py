"""The round in which followers are told: claim what is due, send outside any transaction, keep what came of it."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from caunoi.kit.keyring import KeyringError
from caunoi.subscriptions import announcing, chatting, mailing, push, queries, rules, words
from caunoi.subscriptions.models import Sending, Subscription
from caunoi.subscriptions.terms import TRIES, Fate, News, Way

BATCH = 200
log = logging.getLogger("caunoi.subscriptions")


def tell_followers(*, at: datetime) -> int:
    """Tell everybody for whom something is due, one message a follower. -> how many were told. Run one at a time.

    A claim moves the next try ahead before anything is sent: a crash loses nothing, and what is sent again replaces the first
    (same Message-ID, same topic). A browser or mailbox that is gone is erased; after eight tries a sending is given up.
    """
    told = 0
    while claimed := _claim(at):
        with _post_office() as mailer:
            told += sum(_tell_one(found, sendings, at, mailer) for found, sendings in claimed)
    return told


@contextmanager
def _post_office() -> Iterator[BaseEmailBackend]:
    """One connection to the mail server for a whole batch; one that cannot be opened is tried again by each letter."""
    mailer = get_connection()
    with suppress(OSError, SMTPException):
        mailer.open()
    yield mailer
    with suppress(OSError, SMTPException):
        mailer.close()


@transaction.atomic
def _claim(at: datetime) -> list[tuple[Subscription, list[Sending]]]:
    due = queries.due(at=at).select_for_update(of=("self",), skip_locked=True)
    due = due.select_related("subscription").order_by("not_before", "pk")
    # a warning does not wait until a long round is over
    rows = list(due.filter(kind=News.WARNING)[:BATCH]) or list(due[:BATCH])
    of_one: dict[Subscription, list[Sending]] = defaultdict(list)
    for row in rows:
        row.attempts += 1
        row.not_before = at + rules.wait_after(row.attempts)
        of_one[row.subscription].append(row)
    Sending.objects.bulk_update(rows, ["attempts", "not_before"])
    return list(of_one.items())


def _tell_one(
    found: Subscription, sendings: list[Sending], at: datetime, mailer: BaseEmailBackend
) -> bool:
    rows = words.rows_of(found, sendings, at=at)
    if not rows:
        # nothing of it holds any more: no failure, nothing to tell
        Sending.objects.filter(pk__in=[s.pk for s in sendings]).update(given_up_at=at)
        return False
    try:
        if found.way == Way.EMAIL:
            mailing.tell(found, sendings, rows, at=at, mailer=mailer)
        elif found.way == Way.PUSH:
            push.tell(found, sendings, rows, at=at)
        elif not chatting.tell(found, sendings, rows, at=at):
            _settle(found, sendings, Fate.FAILED, at)
            return False
    except (push.Gone, SMTPRecipientsRefused):
        _settle(found, sendings, Fate.GONE, at)
        return False
    except (push.NotNow, SMTPException, OSError, KeyringError) as error:
        log.warning("follower %s not told: %s", found.pk, type(error).__name__)
        _settle(found, [s for s in sendings if s.attempts >= TRIES], Fate.FAILED, at)
        return False
    _settle(found, sendings, Fate.ACCEPTED, at)
    return True


@transaction.atomic
def _settle(found: Subscription, sendings: Sequence[Sending], fate: Fate, at: datetime) -> None:
    """Keep what became of it, and count it; an address that is gone is erased."""
    announcing.note(about=found.about, way=found.way, sendings=sendings, fate=fate)
    if fate == Fate.GONE:
        Subscription.objects.filter(pk=found.pk).delete()
        return
    ended = {"sent_at": at} if fate == Fate.ACCEPTED else {"given_up_at": at}
    Sending.objects.filter(pk__in=[s.pk for s in sendings]).update(**ended)
