"""From a notice to those who follow its unit, or a unit it is for: one row a person, whatever she follows; and what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from procrastinate.contrib.django import app

from caunoi.kit import clock
from caunoi.notices import followers
from caunoi.notices import queries as notices
from caunoi.notices.models import Notice
from caunoi.notices.terms import Audience, NoticeKind
from caunoi.subscriptions import rules
from caunoi.subscriptions.models import NoticeNews, NoticeTally, Sending
from caunoi.subscriptions.terms import WEB_PUSH, About, Fate, News, Way

TELL_TASK, TELL_LOCK = "subscriptions.tell_of_notice", "subscriptions.tell"
WRITE = """
INSERT INTO subscriptions_sending (subscription_id, event_id, number, kind, address_hash, at, not_before, attempts)
SELECT DISTINCT ON (s.address_hash) s.id, %(event)s, %(number)s, %(kind)s, s.address_hash, %(at)s, %(from)s, 0
FROM subscriptions_subscription s
WHERE s.confirmed_at IS NOT NULL AND s.about = 'notices' AND s.unit_id = ANY(%(units)s)
  AND s.asked_at <= %(at)s AND (%(warns)s OR NOT s.only_warnings) AND NOT (s.way = ANY(%(out)s))
ORDER BY s.address_hash, (s.unit_id = %(own)s) DESC, s.asked_at
ON CONFLICT DO NOTHING
"""
WRITE_RECALL = """
INSERT INTO subscriptions_sending (subscription_id, event_id, number, kind, address_hash, at, not_before, attempts)
SELECT t.subscription_id, %(event)s, %(number)s, %(kind)s, t.address_hash, %(at)s, %(from)s, 0
FROM subscriptions_sending t
WHERE t.event_id = ANY(%(told)s) AND t.address_hash IS NOT NULL AND t.sent_at IS NOT NULL
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def announce(*, notice: Notice, at: datetime) -> None:
    """Let the followers be told of a notice that goes out now, by a job queued in the same transaction. Internal ones are told nobody.

    Idempotent by notice
    """
    kind = News.WARNING if notice.kind == NoticeKind.WARNING else News.NOTICE
    _keep(notice, kind, at)


@transaction.atomic
def announce_recall(*, notice: Notice, at: datetime) -> None:
    """Let whoever was told of the notice be told that it was taken back. Idempotent by notice."""
    if NoticeNews.objects.filter(notice=notice).exists():
        _keep(notice, News.RECALLED, at)


def _keep(notice: Notice, kind: News, at: datetime) -> None:
    if notice.audience != Audience.PUBLIC:
        return
    _news, new = NoticeNews.objects.get_or_create(
        notice=notice, kind=kind.value, defaults={"at": at}
    )
    if new:
        app.configure_task(TELL_TASK, lock=TELL_LOCK).defer()


def spread(*, at: datetime) -> int:
    """Write what each follower is to be told of the notices not told yet, oldest first. -> how many. Each is its own transaction."""
    done = 0
    while _spread_one(at):
        done += 1
    return done


@transaction.atomic
def _spread_one(at: datetime) -> bool:
    untold = NoticeNews.objects.select_for_update(skip_locked=True, of=("self",))
    news = untold.filter(told_at=None).select_related("notice").order_by("pk").first()
    if news is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(WRITE_RECALL if news.kind == News.RECALLED else WRITE, _given(news, at))
    news.told_at = at
    news.save(update_fields=["told_at"])
    return True


def _given(news: NoticeNews, at: datetime) -> dict[str, Any]:
    notice = news.notice
    given = {
        "event": news.pk,
        "number": notice.number,
        "kind": news.kind,
        "at": news.at,
        "from": at if notice.kind == NoticeKind.WARNING else rules.awake(at),
    }
    if news.kind == News.RECALLED:
        others = NoticeNews.objects.filter(notice=notice).exclude(pk=news.pk)
        return given | {"told": list(others.values_list("pk", flat=True))}
    meant = notices.audience_units(notice=notice, on=clock.local_date(news.at))
    return given | {
        "units": [notice.unit_id, *meant.values_list("pk", flat=True)],
        "own": notice.unit_id,
        "warns": news.kind == News.WARNING,
        "out": _left_out(notice),
    }


def _left_out(notice: Notice) -> list[str]:
    """Return the ways by which this notice is not told: browsers, where its audience names kinds of channel and not these."""
    out = followers.left_out(notices.lines_of(notice=notice))
    return [Way.PUSH.value] if WEB_PUSH in out else []


@transaction.atomic
def note(*, about: str, way: str, sendings: Iterable[Sending], fate: Fate) -> None:
    """Count what became of tellings of notices, by way; of answers nothing is counted."""
    if about != About.NOTICES:
        return
    for sending in sendings:
        counted = NoticeTally.objects.filter(news_id=sending.event_id, way=way)
        NoticeTally.objects.get_or_create(news_id=sending.event_id, way=way)
        counted.update(**{fate.value: F(fate.value) + 1})
