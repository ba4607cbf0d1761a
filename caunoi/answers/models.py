"""What was answered, in public."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from caunoi.answers.import_models import AnswerImport, ImportRow
from caunoi.answers.terms import AnswerState, Event
from caunoi.units.models import Unit

__all__ = ["AnswerImport", "ImportRow"]


class PublishedAnswer(models.Model):
    """One question and its answer, personal data masked, under a number that never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="answers")
    title = models.CharField(max_length=160)
    question = models.TextField()
    answer = models.TextField()
    agency = models.CharField(max_length=160)
    topic = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default=AnswerState.VALID.value)
    published_at = models.DateTimeField()
    approved_by_name = models.CharField(max_length=120)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    law_changed_at = models.DateTimeField(null=True)
    law_note = models.CharField(max_length=300, blank=True)
    corrected_at = models.DateTimeField(null=True)
    correction = models.CharField(max_length=300, blank=True)
    imported_at = models.DateTimeField(null=True)
    folded = models.GeneratedField(
        expression=Func(
            Concat(
                F("title"),
                Value(" "),
                F("question"),
                Value(" "),
                F("answer"),
                Value(" "),
                F("number"),
                output_field=models.TextField(),
            ),
            function="vi_fold",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AnswerState]), name="answer_state_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_from__lte=F("valid_until")),
                name="answer_valid_from_before_until",
            ),
        ]
        indexes = [
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="answers_search"),
            models.Index(fields=["unit", "-published_at"], name="answers_of_unit"),
            models.Index(fields=["-published_at"], name="answers_newest"),
            models.Index(fields=["topic", "-published_at"], name="answers_of_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class AnswerVersion(models.Model):
    """One text an answer had, from one moment on, and why it came; kept when the first correction is made."""

    answer = models.ForeignKey(PublishedAnswer, models.CASCADE, related_name="versions")
    number = models.SmallIntegerField()
    text = models.TextField()
    from_at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="answer_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.number}"


class AnswerEvent(models.Model):
    """Something happened to a published answer; whoever follows it is told once, later. The row is written with the event itself.

    No foreign key: a removed answer leaves only its number. ``told_at`` is when the followers' sendings were written.
    """

    number = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    topic = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[e.value for e in Event]), name="answer_event_known"
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="answer_events_untold", condition=Q(told_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class HelpTally(models.Model):
    """How often somebody said of an answer that it settled the question, or that it did not; counts a month, no persons."""

    answer = models.ForeignKey(PublishedAnswer, models.CASCADE, related_name="tallies")
    month = models.DateField()
    helped = models.IntegerField(default=0)
    not_helped = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "month"], name="answer_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.month}"


class IndexedQuestion(models.Model):
    """What finds a published answer by its question: hashed words and meanings, and the hashed province it was given in.

    Only answers that may be proposed stand here; a withdrawn one, or one whose law has changed, does not.
    """

    answer = models.OneToOneField(
        PublishedAnswer, models.CASCADE, primary_key=True, related_name="indexed"
    )
    terms = ArrayField(models.IntegerField())

    class Meta:
        indexes = [
            # candidates by their rarest words; intarray's operators
            GinIndex(OpClass(F("terms"), name="gin__int_ops"), name="answers_by_terms")
        ]

    def __str__(self) -> str:
        return str(self.answer_id)


class TermCount(models.Model):
    """In how many indexed questions a term occurs; term 0 counts the questions."""

    term = models.IntegerField(primary_key=True)
    texts = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.term}: {self.texts}"


class IndexMark(models.Model):
    """By which word lists the index was built; one row."""

    lists = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.lists
