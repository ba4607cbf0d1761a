"""Cases of one asker that were joined, and cases that were split off another."""

from django.db import models
from django.db.models import F, Q

from caunoi.staff.models import Account


class Merge(models.Model):
    """The case goes on in another of the same asker; what it was before is kept, so that it can be taken out again."""

    case = models.OneToOneField(
        "cases.Case", models.CASCADE, primary_key=True, related_name="merged_into"
    )
    into = models.ForeignKey("cases.Case", models.PROTECT, related_name="merged_here")
    state_before = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(case=F("into")), name="case_merged_into_another")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.into_id}"


class SplitOff(models.Model):
    """The case was the second question of another's message."""

    case = models.OneToOneField(
        "cases.Case", models.CASCADE, primary_key=True, related_name="split_off"
    )
    source = models.ForeignKey("cases.Case", models.PROTECT, related_name="parts")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.source_id} ⇒ {self.case_id}"
