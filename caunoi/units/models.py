"""Units and their dated attributes."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from caunoi.units.ltree import LtreeField
from caunoi.units.terms import EventKind, Level, Share


class Unit(models.Model):
    """A place with an office: province, district, commune or village. Its identity never changes; all else is dated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=140, unique=True)
    is_synthetic = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.slug


class UnitVersion(models.Model):
    """What was true of a unit from one day (included) to another (excluded).

    The database keeps: one version a unit and day, one unit a level, code and day, a parent for every day, ``path`` =
    the parent's path and the unit's own label (so no cycle can exist). See migration 0002.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    valid = DateRangeField()
    level = models.CharField(max_length=10)
    type = models.CharField(max_length=12)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    full_name = models.CharField(max_length=120)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="child_versions")
    path = LtreeField()
    folded = models.GeneratedField(
        expression=Func(F("full_name"), function="vi_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )
    folded_name = models.GeneratedField(
        expression=Func(F("name"), function="vi_fold"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=Func(F("name"), function="vi_sort"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="unit_one_version_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="unit_one_code_a_day",
                expressions=[
                    ("level", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(valid__isempty=True), name="unit_version_lasts"),
            models.CheckConstraint(
                condition=Q(level__in=[x.value for x in Level]), name="unit_level_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(level=Level.PROVINCE.value),
                name="unit_only_provinces_stand_alone",
            ),
        ]
        indexes = [
            # everything below a unit on any day, read from the index alone (a range of paths: see ltree.py)
            models.Index(fields=["path"], include=["unit", "valid"], name="unit_paths"),
            # children of one unit
            models.Index(fields=["parent", "sort_key"], name="unit_children"),
            # search by the name or its beginning, in order
            models.Index(fields=["folded_name", "level"], name="unit_by_name"),
            # search by any part of a name, when too few begin with it
            GinIndex(
                F("level"), OpClass(F("folded_name"), name="gin_trgm_ops"), name="unit_name_parts"
            ),
            # look-up by code, whatever the level
            models.Index(fields=["code"], name="unit_code"),
            # listing one level in order, and counting the levels of a day without the table
            models.Index(fields=["level", "sort_key"], include=["valid"], name="unit_level_order"),
            # the units that have ended: few beside all that live, asked on every "today" page
            models.Index(
                fields=["unit"],
                include=["valid"],
                condition=Q(valid__endswith__isnull=False),
                name="unit_versions_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"


class UnitEvent(models.Model):
    """Something that happened to the tree on a day, with its legal reference."""

    kind = models.CharField(max_length=10)
    on_date = models.DateField()
    legal_reference = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    units = models.ManyToManyField(Unit, related_name="events")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[x.value for x in EventKind]), name="unit_event_known"
            )
        ]
        indexes = [models.Index(fields=["on_date"], name="unit_event_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_date}"


class Succession(models.Model):
    """``new_unit`` took over all or part of ``old_unit``; no ``new_unit`` means that the sources do not say who did."""

    event = models.ForeignKey(UnitEvent, models.PROTECT, related_name="successions")
    old_unit = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    new_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="predecessions")
    share = models.CharField(max_length=5, default=Share.WHOLE.value)
    is_default = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["old_unit", "new_unit"], name="unit_succession_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~Q(old_unit=F("new_unit")), name="unit_succeeds_another"
            ),
            models.CheckConstraint(
                condition=Q(share__in=[x.value for x in Share]), name="unit_share_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_unit_id} → {self.new_unit_id or '?'}"
