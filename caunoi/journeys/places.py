"""Where a case was asked: one place, or several when one asker's cases were joined."""

from collections.abc import Sequence
from uuid import UUID

from caunoi.cases.merge_models import Merge
from caunoi.cases.models import Case
from caunoi.inbox import queries as inbox
from caunoi.inbox.models import Thread


def merged_here(case: Case) -> list[Merge]:
    """Return the cases of the same asker that were joined with this one."""
    return list(Merge.objects.filter(into=case).select_related("case").defer("case__words"))


def to_answer(case: Case, *, merged: Sequence[Merge] | None = None) -> list[tuple[Case, Thread]]:
    """Return where an answer to the case goes: the place it was asked, and those of the cases joined with it, each once.

    merged  what ``merged_here`` gave, when it was asked for already
    """
    joined = merged_here(case) if merged is None else merged
    cases_here = [case, *(m.case for m in joined)]
    places: dict[UUID, tuple[Case, Thread]] = {}
    for one in cases_here:
        if one.thread_id and one.thread_id not in places:
            places[one.thread_id] = (one, inbox.thread(thread_id=one.thread_id))
    return list(places.values())


def likely_twins(case: Case) -> list[Case]:
    """Return other open cases from the same conversation, or from the same person in the same channel."""
    if case.thread_id is None:
        return []
    thread = inbox.thread(thread_id=case.thread_id)
    threads = {thread.pk}
    if thread.sender_ref:
        same = Thread.objects.filter(channel_id=thread.channel_id, sender_ref=thread.sender_ref)
        threads |= set(same.values_list("pk", flat=True)[:50])
    found = Case.objects.filter(thread_id__in=threads, closed_at=None, answered_at=None)
    return list(found.exclude(pk=case.pk).order_by("opened_at")[:5])
