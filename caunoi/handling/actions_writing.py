"""Writes while somebody is writing: what is typed is kept, colleagues see each other, a name in a note finds its person."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from caunoi.cases import actions as cases
from caunoi.cases.ground import check_may
from caunoi.cases.models import Case, Step
from caunoi.handling.models import Mention, Presence, Scratch
from caunoi.handling.terms import Doing, Field, ScratchMoved
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.staff.terms import Permission

HERE_FOR = timedelta(seconds=45)
"""A heartbeat comes every twenty seconds; two may be lost."""
FORGOTTEN_AFTER = timedelta(days=30)
PRESENCE_KEPT = timedelta(days=1)
RIGHTS = {Field.ANSWER: Permission.CASES_DRAFT, Field.NOTE: Permission.CASES_NOTE}


@transaction.atomic
def keep_scratch(
    *, case: Case, field: Field, text: str, seen: int, by: Viewer, at: datetime, agency: str = ""
) -> Scratch:
    """Keep what ``by`` is typing, for herself; not on record, since nothing of the case changes.

    seen  the version her window knows (0 = none)
    Raises NotYourCase, ScratchMoved (the text stands on the server in a later version; it is left as it is)
    """
    check_may(case, by, RIGHTS[field], at)
    mine = Scratch.objects.select_for_update(of=("self",))
    scratch = mine.filter(case=case, account_id=by.account_id, field=field.value).first()
    text, agency = clean(text)[: cases.MAX_TEXT], clean(agency)[:160]
    if scratch is None:
        return Scratch.objects.create(
            case=case,
            account_id=by.account_id,
            field=field.value,
            text=text,
            agency=agency,
            saved_at=at,
        )
    if (scratch.text, scratch.agency) == (text, agency):
        return scratch
    if scratch.version != seen:
        raise ScratchMoved("The same text was changed in another window meanwhile.")
    scratch.text, scratch.agency, scratch.saved_at = text, agency, at
    scratch.version += 1
    scratch.save(update_fields=["text", "agency", "saved_at", "version"])
    return scratch


def drop_scratch(*, case: Case, field: Field, by: Viewer) -> None:
    """Forget what was typed: it was kept as a draft or a note, or it is not wanted."""
    Scratch.objects.filter(case=case, account_id=by.account_id, field=field.value).delete()


def say_here(*, case: Case, doing: Doing, by: Viewer, at: datetime) -> None:
    """Let colleagues see for a while that ``by`` reads the case or writes in it."""
    Presence.objects.update_or_create(
        case=case,
        account_id=by.account_id,
        defaults={"doing": doing.value, "until": at + HERE_FOR},
    )


@transaction.atomic
def leave_note(
    *, case: Case, text: str, mentioned: Iterable[int], by: Viewer, at: datetime
) -> Step:
    """Leave a note for colleagues; whoever is named in it finds it on her desk until she opens the case.

    mentioned  accounts that may see the case (queries.may_be_mentioned)
    Raises as cases.note_case
    """
    step = cases.note_case(case=case, text=text, by=by, at=at)
    named = set(mentioned) - {by.account_id}
    Mention.objects.bulk_create(
        [Mention(step=step, case=case, account_id=account, at=at) for account in sorted(named)]
    )
    drop_scratch(case=case, field=Field.NOTE, by=by)
    return step


def see_mentions(*, case: Case, by: Viewer, at: datetime) -> int:
    """The colleague opened the case: what named her in it is seen."""
    waiting = Mention.objects.filter(case=case, account_id=by.account_id, seen_at=None)
    return waiting.update(seen_at=at)


def forget_old(*, at: datetime) -> int:
    """Forget what was typed and never kept in a month, and who had what open."""
    old, _ = Scratch.objects.filter(saved_at__lt=at - FORGOTTEN_AFTER).delete()
    Presence.objects.filter(until__lt=at - PRESENCE_KEPT).delete()
    return old
