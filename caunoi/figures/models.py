"""Counted questions: a row a unit and day, and from these a row a unit and period with everything below it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caunoi.figures.terms import Period
from caunoi.units.models import Unit


class FiguresDay(models.Model):
    """What was counted of one unit alone for one day; every night the last thirteen months are counted anew, older days stay.

    answer_days  the working days each answer of that day took
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    day = models.DateField()
    asked = models.IntegerField(default=0)
    looked_at_due = models.IntegerField(default=0)
    acknowledged = models.IntegerField(default=0)
    due = models.IntegerField(default=0)
    in_time = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    answer_days = ArrayField(models.SmallIntegerField(), default=list)

    class Meta:
        db_table = "figures_day"
        constraints = [
            models.UniqueConstraint(fields=["unit", "day"], name="figures_once_a_unit_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class FiguresPeriod(models.Model):
    """What was counted of one unit and everything below it, in today's units, for one period."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    period = models.CharField(max_length=3)
    counted_on = models.DateField()
    asked = models.IntegerField(default=0)
    looked_at_due = models.IntegerField(default=0)
    acknowledged = models.IntegerField(default=0)
    due = models.IntegerField(default=0)
    in_time = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    median_working_days = models.FloatField(null=True)
    waiting = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    soso = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)

    class Meta:
        db_table = "figures_period"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period"], name="figures_once_a_unit_and_period"
            ),
            models.CheckConstraint(
                condition=Q(period__in=[p.value for p in Period]), name="figures_period_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period}"
