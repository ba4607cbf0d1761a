"""Saved views and what each colleague has read."""

from django.db import models

from caunoi.cases.models import Case
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class SavedView(models.Model):
    """A view somebody put together: the words of its address; shared with colleagues when it names a unit."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account"], name="handling_views_of_person"),
            models.Index(fields=["unit"], name="handling_views_of_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """Until when a colleague has read a case; only used to show what is new to her."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "account"], name="handling_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.account_id}"
