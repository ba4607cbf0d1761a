"""Keeps the index of questions: which words and meanings stand in which published answer, and how often each occurs."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from caunoi.answers.models import IndexedQuestion, IndexMark, PublishedAnswer
from caunoi.answers.terms import AnswerState
from caunoi.answers.wording import lists_fingerprint, wording
from caunoi.kit.clock import local_date
from caunoi.units.models import UnitVersion

ALL_TEXTS = 0
BATCH = 2000
COUNT = """
INSERT INTO answers_termcount AS known (term, texts) SELECT unnest(%s::int[]), %s
ON CONFLICT (term) DO UPDATE SET texts = known.texts + excluded.texts
"""
RECOUNT = """
LOCK TABLE answers_termcount IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM answers_termcount;
INSERT INTO answers_termcount (term, texts)
    SELECT term, count(*) FROM answers_indexedquestion, unnest(terms) AS term WHERE term & 1 = 1 GROUP BY term;
INSERT INTO answers_termcount (term, texts) SELECT 0, count(*) FROM answers_indexedquestion;
"""


def hashed(term: str) -> int:
    """Return the odd number a term has in the index; these are counted."""
    return (zlib.crc32(term.encode()) - 2**31) | 1


def placed(term: str, province: str) -> int:
    """Return the even number a term has in the index of one province; these only find. 0 is nobody's."""
    return ((zlib.crc32(f"{term}@{province}".encode()) - 2**31) & ~1) or 2


def province_term(province: str) -> str:
    """Return the term that says in which province (the label of a path) an answer was given."""
    return f"@{province}"


def text_of(published: PublishedAnswer) -> str:
    """Return what is compared of an answer: its question, and its title when somebody wrote one."""
    title = published.title.rstrip("…")
    return published.question if title in published.question else f"{title}\n{published.question}"


def terms_of(published: PublishedAnswer, province: str) -> list[int]:
    """Return the sorted hashed terms of one answer: each word anywhere, and in its province."""
    return hashed_terms(wording(text_of(published)).terms, province)


def hashed_terms(words: Iterable[str], province: str) -> list[int]:
    """Return the sorted numbers under which a question with these words stands in the index."""
    known = {hashed(t) for t in words} | {placed(t, province) for t in words}
    return sorted(known | {hashed(province_term(province))})


@transaction.atomic
def put(published: PublishedAnswer) -> None:
    """Make the answer findable when it may be proposed, else take it out. Idempotent.

    Locks  the counters of its terms, always in the same order; call it at the end of a transaction
    """
    old = IndexedQuestion.objects.select_for_update().filter(answer=published).first()
    province = provinces([published.unit_id], on=local_date(published.published_at))
    new = (
        terms_of(published, province.get(published.unit_id, ""))
        if may_be_proposed(published)
        else []
    )
    before = old.terms if old else []
    if new and not old:
        IndexedQuestion.objects.create(answer=published, terms=new)
    elif old and not new:
        old.delete()
    elif old and new != old.terms:
        old.terms = new
        old.save(update_fields=["terms"])
    _count(set(before) - set(new), -1)
    _count(set(new) - set(before), 1)
    if bool(before) != bool(new):
        _count([ALL_TEXTS], 1 if new else -1)


COUNT_MANY = """
INSERT INTO answers_termcount AS known (term, texts) SELECT * FROM unnest(%s::int[], %s::int[])
ON CONFLICT (term) DO UPDATE SET texts = known.texts + excluded.texts
"""


def put_many(fresh: Sequence[PublishedAnswer], *, on: date) -> None:
    """Make many new answers findable at once. Locks as ``put``; call it at the end of a transaction."""
    where = provinces([p.unit_id for p in fresh], on=on)
    rows = [
        IndexedQuestion(answer=p, terms=terms_of(p, where.get(p.unit_id, "")))
        for p in fresh
        if may_be_proposed(p)
    ]
    IndexedQuestion.objects.bulk_create(rows)
    _count_many([row.terms for row in rows], 1)


def take_out(answers: Sequence[UUID]) -> None:
    """Make many answers unfindable, before they are deleted."""
    rows = IndexedQuestion.objects.select_for_update().filter(answer_id__in=answers)
    terms = list(rows.values_list("terms", flat=True))
    IndexedQuestion.objects.filter(answer_id__in=answers).delete()
    _count_many(terms, -1)


def _count_many(found: Sequence[Sequence[int]], change: int) -> None:
    counted = Counter(t for terms in found for t in terms if t & 1)
    counted[ALL_TEXTS] = len(found)
    order = sorted(counted)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_MANY, [order, [change * counted[t] for t in order]])


def may_be_proposed(published: PublishedAnswer) -> bool:
    """True while the answer stands; dates are asked when it is proposed."""
    return published.state != AnswerState.WITHDRAWN and published.law_changed_at is None


def _count(terms: Iterable[int], change: int) -> None:
    """Change the counters of the counted terms and of the whole, in ascending order."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [sorted(t for t in terms if t & 1 or t == ALL_TEXTS), change])


def provinces(unit_ids: Sequence[UUID], *, on: date) -> Mapping[UUID, str]:
    """Return the label of the province each unit lay in on that day (or last did)."""
    versions = (
        UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__startswith__lte=on)
        .order_by("unit_id", "-valid")
        .distinct("unit_id")
    )
    return {u: str(path).split(".")[0] for u, path in versions.values_list("unit_id", "path")}


def is_current() -> bool:
    """True when the index was built by the word lists of this release, or there is nothing to index."""
    return (
        IndexMark.objects.filter(lists=lists_fingerprint()).exists()
        or not PublishedAnswer.objects.exists()
    )


def rebuild(*, say: Callable[[int], None] = lambda _done: None) -> int:
    """Index every answer anew, in batches, then count the terms: after a change of the word lists. Returns how many.

    say  is told after each batch how many are done
    The library is read and written meanwhile: answers published, corrected or withdrawn during it stand rightly at its end.
    Locks  each batch's answers; the counters for the time of counting (who reads them does not wait)
    Run one at a time; broken off, it begins again and harms nothing.
    """
    done, last = 0, None
    while True:
        batch = PublishedAnswer.objects.order_by("pk").values_list("pk", flat=True)
        ids = list((batch.filter(pk__gt=last) if last else batch)[:BATCH])
        if not ids:
            break
        _put_batch(ids)
        done, last = done + len(ids), ids[-1]
        say(done)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RECOUNT)
        IndexMark.objects.update_or_create(pk=1, defaults={"lists": lists_fingerprint()})
    return done


@transaction.atomic
def _put_batch(ids: Sequence[UUID]) -> None:
    """Index these answers as they stand now; whoever changes one of them waits or is waited for."""
    locked = PublishedAnswer.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    rows = list(locked.filter(pk__in=ids).defer("folded"))
    if not rows:
        return
    where = provinces([r.unit_id for r in rows], on=max(local_date(r.published_at) for r in rows))
    IndexedQuestion.objects.filter(answer__in=ids).delete()
    IndexedQuestion.objects.bulk_create(
        IndexedQuestion(answer=r, terms=terms_of(r, where.get(r.unit_id, "")))
        for r in rows
        if may_be_proposed(r)
    )
