"""Meetings of delegates with voters, and the petitions said there."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.cases.models import Case
from caunoi.staff.models import Account
from caunoi.units.models import Unit
from caunoi.voters.terms import Delegates


class VoterMeeting(models.Model):
    """One meeting: where, when, with whom, and its minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    held_on = models.DateField()
    place = models.CharField(max_length=160)
    level = models.CharField(max_length=10)
    delegates = models.CharField(max_length=400)
    minutes_number = models.CharField(max_length=80, blank=True)
    record = models.TextField(blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[d.value for d in Delegates]), name="voter_level_known"
            )
        ]
        indexes = [models.Index(fields=["unit", "-held_on"], name="voter_meetings_of_unit")]

    def __str__(self) -> str:
        return f"{self.held_on} {self.place}"


class VoterPetition(models.Model):
    """That a case was said at a meeting, in which place of its list."""

    meeting = models.ForeignKey(VoterMeeting, models.PROTECT, related_name="petitions")
    case = models.OneToOneField(Case, models.CASCADE, related_name="+")
    place_in_list = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "place_in_list"], name="voter_petition_one_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.place_in_list}"
