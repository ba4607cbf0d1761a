"""What is kept back for whom, what moved, and who gives her days. Amounts stand in the books (``funds``); here stands what is beside them.

The triggers of 0002 hold what the tables cannot say: never more kept back than there is, no hand-over without somebody who got it.
"""

import uuid

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from caunoi.campaigns.models import Campaign, Gift, Need
from caunoi.documents.models import Paper
from caunoi.files.models import Picture
from caunoi.funds.models import Commodity, Posting
from caunoi.goods.terms import PROVEN, MovementKind, ReservationState
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Reservation(models.Model):
    """So much of a gift is kept back for a need. The two sides are two people.

    delivered    what of it reached people
    lost         what of it spoiled or died on the way or in store
    may_exceed   the unit wishes more than its need says
    holds_until  a proposal ends then
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gift = models.ForeignKey(Gift, models.PROTECT, related_name="reservations")
    need = models.ForeignKey(Need, models.PROTECT, related_name="reservations")
    amount = models.BigIntegerField()
    delivered = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    may_exceed = models.BooleanField(default=False)
    state = models.CharField(max_length=11, default=ReservationState.OFFERED.value)
    holds_until = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    giver_at = models.DateTimeField(null=True)
    giver_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    unit_at = models.DateTimeField(null=True)
    unit_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="reservation_of_something"),
            models.CheckConstraint(
                condition=Q(delivered__gte=0, lost__gte=0), name="reservation_given_sane"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ReservationState]),
                name="reservation_state_known",
            ),
            models.CheckConstraint(
                condition=Q(giver_by=None) | Q(unit_by=None) | ~Q(giver_by=F("unit_by")),
                name="reservation_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "released", "expired"])
                | Q(giver_at__isnull=False, unit_at__isnull=False),
                name="reservation_agreed_by_both",
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at"], name="reservations_newest"),
            models.Index(fields=["gift", "state"], name="reservations_of_gift"),
            models.Index(fields=["need", "state"], name="reservations_of_need"),
            # the nightly look for what ends
            models.Index(
                fields=["holds_until"],
                name="reservations_that_end",
                condition=Q(state__in=["offered", "confirmed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.state}"


class Team(models.Model):
    """People of a unit who offered their days: builders, drivers, helpers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(ended_at=None), name="team_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Volunteer(models.Model):
    """Somebody who said yes to being called. The row goes when she says so, or at ``kept_until``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="volunteers")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    skills = models.CharField(max_length=120, blank=True)
    agreed_at = models.DateTimeField()
    kept_until = models.DateField()
    taken_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["kept_until"], name="volunteers_that_end")]

    def __str__(self) -> str:
        return str(self.id)


class Movement(models.Model):
    """What happened to things at a unit, beside its posting. Who got them is sealed there (``funds.Word``), and can be erased.

    id          chosen by the form: pressed twice it happens once
    amount      how many left or came
    promised    how many should have come
    good, spoiled, missing  of what was sent: what came whole, came spoiled, did not come
    earmarked   it goes to a unit for a need, and is not free stock there
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=11)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="movements")
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    gift = models.ForeignKey(Gift, models.PROTECT, null=True, related_name="movements")
    reservation = models.ForeignKey(
        Reservation, models.PROTECT, null=True, related_name="movements"
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="movements")
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="movement")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    earmarked = models.BooleanField(default=False)
    promised = models.BigIntegerField(null=True)
    good = models.BigIntegerField(null=True)
    spoiled = models.BigIntegerField(default=0)
    missing = models.BigIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    expires_on = models.DateField(null=True)
    households = models.IntegerField(default=0)
    place = models.CharField(max_length=160, blank=True)
    note = models.CharField(max_length=300, blank=True)
    witness = models.CharField(max_length=120, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="movement")
    folded = models.GeneratedField(
        expression=Func(
            Concat(F("place"), Value(" "), F("note"), output_field=models.TextField()),
            function="vi_fold",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="movement_of_something"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in MovementKind]), name="movement_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(k.value for k in PROVEN)) | ~Q(witness=""),
                name="movement_has_witness",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["sent", "passed"], to_unit__isnull=False)
                | (~Q(kind__in=["sent", "passed"]) & Q(to_unit__isnull=True)),
                name="movement_goes_to_a_unit",
            ),
            models.CheckConstraint(condition=~Q(to_unit=F("unit")), name="movement_goes_somewhere"),
            models.CheckConstraint(
                condition=Q(spoiled__gte=0, households__gte=0), name="movement_counts_sane"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(picture__isnull=False),
                name="movement_releases_a_picture",
            ),
        ]
        indexes = [
            models.Index(fields=["-at"], name="movements_newest"),
            models.Index(fields=["unit", "-at"], name="movements_of_unit"),
            models.Index(fields=["campaign", "-at"], name="movements_of_campaign"),
            models.Index(
                fields=["to_unit"],
                name="movements_on_the_way",
                condition=Q(kind="sent", arrived_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.commodity_id}"


class Share(models.Model):
    """So much of what was handed over, or was lost in store, came from one reservation: several gifts lie in one heap."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    movement = models.ForeignKey(Movement, models.PROTECT, related_name="shares")
    reservation = models.ForeignKey(Reservation, models.PROTECT, related_name="shares")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "reservation"], name="share_once_a_reservation"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.reservation_id}"


class FollowUp(models.Model):
    """How what was handed over fares after a while: counts only, nobody's name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    movement = models.ForeignKey(Movement, models.PROTECT, related_name="follow_ups")
    on = models.DateField()
    alive = models.IntegerField()
    sold = models.IntegerField(default=0)
    died = models.IntegerField(default=0)
    born = models.IntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movement", "on"], name="follow_up_once_a_day"),
            models.CheckConstraint(
                condition=Q(alive__gte=0, sold__gte=0, died__gte=0, born__gte=0),
                name="follow_up_counts_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.movement_id} {self.on}"
