"""Public works, what was given to them, and the land cleared for them. The amounts stand in the books of the commune."""

import uuid

from django.db import models
from django.db.models import F, Q

from caunoi.funds.models import Fund, Posting
from caunoi.staff.models import Account
from caunoi.units.models import Unit
from caunoi.works import rules
from caunoi.works.terms import Kind, Land, Thing


class Book(models.Model):
    """The one set of books in which a unit keeps its works; a project's purpose there is its code."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+")
    fund = models.OneToOneField(Fund, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.unit_id)


class Project(models.Model):
    """A public work of a unit, and on which days people give to it.

    code      short, once in the unit's books: the purpose of every posting
    plan      how it is to be done
    estimate  what it will cost, in đồng
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="projects")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=160)
    purpose = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    estimate = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="work_code_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="work_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="work_days_in_order",
            ),
            models.CheckConstraint(condition=Q(estimate__gte=0), name="work_estimate_sane"),
        ]
        indexes = [models.Index(fields=["unit", "-starts_on"], name="works_of_unit")]

    def __str__(self) -> str:
        return self.name


class Contribution(models.Model):
    """What one household or group gave. The amount stands in the books under ``posting``; taken back it has its reversal, nothing is edited.

    giver     who gave it: read by those who keep the project, and by everybody unless only initials are wished
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="contributions")
    giver = models.CharField(max_length=120)
    initials = models.BooleanField(default=False)
    thing = models.CharField(max_length=12)
    land = models.CharField(max_length=12, blank=True)
    amount = models.BigIntegerField()
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="+")
    reversal = models.OneToOneField(Posting, models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(thing__in=[t.value for t in Thing]), name="work_thing_known"
            ),
            models.CheckConstraint(
                condition=Q(thing="m2", land__in=[s.value for s in Land])
                | ~Q(thing="m2") & Q(land=""),
                name="work_land_has_its_sort",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=rules.MOST[Thing.MONEY]),
                name="work_amount_sane",
            ),
            models.CheckConstraint(
                condition=Q(reversal=None) | ~Q(because=""), name="work_reversed_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["project", "-on"], name="contributions_of_work")]

    def __str__(self) -> str:
        return f"{self.amount} {self.thing}"


class Clearing(models.Model):
    """An area of one sort of land, agreed to or handed over on a day; less than nothing takes a mistake back.

    agreed, cleared  m² that this row adds
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="clearings")
    land = models.CharField(max_length=12)
    agreed = models.BigIntegerField(default=0)
    cleared = models.BigIntegerField(default=0)
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(land__in=[s.value for s in Land]), name="work_clearing_sort_known"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, agreed__gte=0, cleared__gte=0)
                | Q(reverses__isnull=False, agreed__lte=0, cleared__lte=0),
                name="work_clearing_or_its_contrary",
            ),
            models.CheckConstraint(
                condition=~Q(agreed=0, cleared=0), name="work_clearing_of_something"
            ),
        ]
        indexes = [models.Index(fields=["project", "land"], name="clearings_of_work")]

    def __str__(self) -> str:
        return f"{self.land} {self.agreed} {self.cleared}"
