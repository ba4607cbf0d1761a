"""The loudspeaker's script read by machine: asked for, made by the worker part by part, heard by a person, forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from caunoi.kit import audit, clock
from caunoi.kit.viewing import Viewer
from caunoi.notices import languages, queries, queries_variants, speech
from caunoi.notices.languages import SpokenState
from caunoi.notices.models import Notice
from caunoi.notices.terms import MustBeCorrected, NotYourNotice, WrongState
from caunoi.notices.variant_models import SpokenScript
from caunoi.speech import making
from caunoi.speech.terms import CannotSpeak, Sound
from caunoi.staff.terms import Permission

JOB = "notices.make_reading"
WAV_KEPT_FOR = timedelta(days=60)
"""A WAV is ten times the MP3; after two months the MP3 alone is kept."""
PAUSE_SECONDS = 0.45


@transaction.atomic
def ask_reading(*, notice: Notice, voice: str, by: Viewer, at: datetime) -> SpokenScript:
    """Let the worker make the loudspeaker reading of a notice as its script is now; an earlier one is thrown away.

    Raises NotYourNotice, WrongState, MustBeCorrected (nothing to read)
    """
    found = _open(notice, by, at)
    script = queries_variants.script_of(notice=found)
    parts = speech.sentences(script)
    if not parts or not found.title:
        raise MustBeCorrected("There is nothing to read aloud yet.")
    spoken, _new = SpokenScript.objects.update_or_create(
        notice=found,
        defaults={
            "script": script,
            "voice": voice[:40],
            "state": SpokenState.WAITING.value,
            "parts_done": 0,
            "parts_total": len(parts),
            "problem": "",
            "seconds": None,
            "mp3": None,
            "wav": None,
            "asked_by_id": by.account_id,
            "asked_at": at,
            "heard_by": None,
            "heard_at": None,
        },
    )
    _record("reading_asked", found, by, at, voice=voice[:40])
    jobs.configure_task(JOB).defer(notice_id=str(found.pk), asked_at=at.isoformat())
    return spoken


def make_reading(*, notice_id: UUID, asked_at: str) -> SpokenState | None:
    """Make the sound that was asked for at that moment, part by part. -> how it ended; None when it was asked for anew meanwhile.

    A missing or failing engine is written down as the problem; the script stays as it is. Idempotent
    """
    asked = SpokenScript.objects.filter(pk=notice_id, asked_at=datetime.fromisoformat(asked_at))
    spoken = asked.first()
    if spoken is None or spoken.state in {SpokenState.READY, SpokenState.FAILED}:
        return None
    parts: list[bytes] = []
    rate = 0
    try:
        for number, said in enumerate(speech.sentences(spoken.script), start=1):
            sound = making.speak(said, voice=spoken.voice)
            rate = rate or sound.rate_hz
            parts += [sound.samples, bytes(2 * int(rate * PAUSE_SECONDS))]
            if not asked.update(state=SpokenState.MAKING.value, parts_done=number):
                return None
    except CannotSpeak as error:
        asked.update(state=SpokenState.FAILED.value, problem=str(error)[:200])
        return SpokenState.FAILED
    whole = Sound(samples=b"".join(parts), rate_hz=rate)
    asked.update(
        state=SpokenState.READY.value,
        seconds=whole.seconds,
        mp3=making.as_mp3(whole),
        wav=making.as_wav(whole),
    )
    return SpokenState.READY


@transaction.atomic
def mark_heard(*, notice: Notice, asked_at: str, by: Viewer, at: datetime) -> SpokenScript:
    """Somebody listened to the reading and says that it can be played. Raises NotYourNotice, WrongState (another was made meanwhile)."""
    found = _open(notice, by, at)
    spoken = SpokenScript.objects.select_for_update(of=("self",), no_key=True).defer("mp3", "wav")
    made = spoken.filter(pk=found.pk, state=SpokenState.READY.value).first()
    if made is None or made.asked_at.isoformat() != asked_at:
        raise WrongState("Another reading was made meanwhile; hear it first.")
    if made.heard_at is None:
        made.heard_at, made.heard_by_id = at, by.account_id
        made.save(update_fields=["heard_at", "heard_by"])
        _record("reading_heard", found, by, at)
    return made


def forget_sound(*, at: datetime) -> int:
    """Forget the WAV of readings made two months ago; the MP3 stays. -> how many"""
    old = SpokenScript.objects.filter(asked_at__lt=at - WAV_KEPT_FOR, wav__isnull=False)
    return old.update(wav=None)


def _open(notice: Notice, by: Viewer, at: datetime) -> Notice:
    found = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    on = clock.local_date(at)
    allowed = queries.may_edit(by, notice=found, on=on)
    if not allowed and not queries.may(by, Permission.NOTICES_APPROVE, notice=found, on=on):
        raise NotYourNotice("The notice belongs to a unit in which you may not do that.")
    if found.state not in {s.value for s in languages.OPEN}:
        raise WrongState("The notice stands where this cannot be done any more; look at it again.")
    return found


def _record(event: str, notice: Notice, by: Viewer, at: datetime, **after: object) -> None:
    audit.record(
        f"notices.notice.{event}", on=notice, by=by, at=at, unit_id=notice.unit_id, after=after
    )
