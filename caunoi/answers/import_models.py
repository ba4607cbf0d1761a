"""Old questions and answers from a sheet: looked at first, then published as they were, for a day taken back in one go."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.answers.terms import ImportState, RowState
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class AnswerImport(models.Model):
    """One sheet of one unit: checked, running, done, being taken back, taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=160)
    state = models.CharField(max_length=8, default=ImportState.CHECKED.value)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ImportState]), name="answer_import_state"
            )
        ]
        indexes = [models.Index(fields=["unit", "-made_at"], name="answer_imports_of_unit")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ImportRow(models.Model):
    """One line of a sheet, personal data masked already; ``problem`` says why it is left out."""

    source = models.ForeignKey(AnswerImport, models.CASCADE, related_name="rows")
    line = models.IntegerField()
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    agency = models.CharField(max_length=160, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    answered_on = models.DateField(null=True)
    number = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=6, default=RowState.TODO.value)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "line"], name="answer_import_line_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RowState]), name="answer_import_row_state"
            ),
        ]
        indexes = [models.Index(fields=["source", "state", "line"], name="answer_import_rows")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.line}"
