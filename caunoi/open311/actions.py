"""Writes that come by Open311: a question, and more words about one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import connection, transaction

from caunoi.api.models import ApiKey
from caunoi.api.rules import KeyViewer
from caunoi.cases import actions as cases
from caunoi.cases import actions_clock, ground
from caunoi.cases.models import Case
from caunoi.cases.rules import kind_of
from caunoi.cases.terms import Kind
from caunoi.files import actions as files
from caunoi.files import rules as file_rules
from caunoi.files.terms import FileError, FileKind, TooMany
from caunoi.journeys import ask_and_answer
from caunoi.kit import audit
from caunoi.open311 import rules
from caunoi.open311.models import PostedUpdate
from caunoi.open311.terms import MAX_DESCRIPTION, NO_TOPIC

SALT = "caunoi.open311.token"


@transaction.atomic
def post_request(
    *,
    unit_id: UUID,
    given: Mapping[str, str],
    is_public: bool,
    key: ApiKey,
    repeat: str,
    at: datetime,
) -> Case:
    """Open a case from a service request, once: the same words by the same key within ten minutes are the same case.

    given   the fields of the standard, checked at the door
    repeat  the Idempotency-Key, empty when none was sent
    Raises Refused 400 (no place)
    """
    words = rules.same_keys(key=str(key.pk), given=given, repeat=repeat, at=at)
    with connection.cursor() as cursor:
        # two of the same at one moment: the second waits, and finds the first one's case
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words[0]])
    for word in words:
        known = Case.objects.filter(origin_ref__endswith=f":{word}", opened_unit_id=unit_id).first()
        if known is not None and (repeat or at - known.opened_at <= rules.SAME_WITHIN):
            return known
    code = given["service_code"].strip()
    return ask_and_answer.ask_on_web(
        unit_id=unit_id,
        text=given["description"][:MAX_DESCRIPTION],
        form_key=words[0],
        name=rules.name_of(given),
        contact=(given.get("phone", "") or given.get("email", "")).strip()[:120],
        place=rules.place_of(given),
        topic="" if code == NO_TOPIC else code,
        is_public=is_public,
        at=at,
    )


def keep_media(*, case: Case, contents: Iterable[bytes], at: datetime) -> int:
    """Keep the photos and recordings that came with a request, private until an officer releases one. -> how many were refused.

    A refused one does not undo the request; the same one sent again is one.
    """
    refused = 0
    for number, content in enumerate(contents):
        keep = files.keep_voice if file_rules.sound_of(content) else files.keep_photo
        try:
            if number >= file_rules.MOST_A_SENDING[FileKind.PHOTO]:
                raise TooMany(files.TOO_MANY)
            keep(content=content, case_id=case.pk, at=at)
        except FileError:
            refused += 1
    return refused


def token_of(case: Case) -> str:
    """Return the token of a case that is not public; only whoever sent it knows it."""
    return signing.Signer(salt=SALT, sep=".").sign(case.number)


def number_of_token(token: str) -> str | None:
    """Return the number a token stands for, or None when nobody here made it."""
    try:
        return signing.Signer(salt=SALT, sep=".").unsign(token)
    except signing.BadSignature:
        return None


@transaction.atomic
def post_update(
    *, case: Case, external_id: str, text: str, key: ApiKey, by: KeyViewer, at: datetime
) -> PostedUpdate:
    """Add somebody's words to a case, once for each id of the sender; the clock runs again, and a cry for help rings.

    A finished case stays finished. Not done here  whatever state the other system gives the request: the unit decides that
    """
    known = PostedUpdate.objects.filter(key=key, case=case, external_id=external_id).first()
    if known is not None:
        return known
    update = PostedUpdate.objects.create(key=key, case=case, external_id=external_id, at=at)
    cases.add_words(case=case, text=text[:MAX_DESCRIPTION], at=at)
    actions_clock.resume_case(case=case, at=at)
    if kind_of(text) == Kind.EMERGENCY:
        ground.ring_for(case, at=at)
    told = {"key": key.prefix}
    audit.record("open311.update.posted", on=case, by=by, at=at, unit_id=case.owner_id, after=told)
    return update
