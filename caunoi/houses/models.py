"""Programmes, households, the village's review, consent, who pays, and the stages of each house."""

import uuid

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat

from caunoi.documents.models import Paper
from caunoi.files.models import Picture
from caunoi.funds.models import Commodity, Fund, Posting
from caunoi.houses import rules
from caunoi.houses.terms import (
    Grade,
    HouseState,
    ReviewState,
    Source,
    StageKind,
    Topic,
    Way,
    Work,
)
from caunoi.staff.models import Account
from caunoi.units.models import Unit

BY_GIVEN_NAME = "vi_sort(substring(%(expressions)s from '[^ ]+$') || ' ' || %(expressions)s)"


def _known(name: str, words: type, label: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__in": [w.value for w in words]}),  # type: ignore[attr-defined]
        name=label,
    )


class Programme(models.Model):
    """A programme of a unit for itself and everything below, with what it gives and the rules it stands on.

    source        the rule or decision behind the amounts and days, with number
    posting_days  how long a reviewed list is posted at least
    silent_days   after so many days without news a house counts as late
    fund          the books from which its money comes
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    year = models.SmallIntegerField()
    source = models.TextField()
    new_support = models.BigIntegerField(default=rules.NEW_SUPPORT)
    repair_support = models.BigIntegerField(default=rules.REPAIR_SUPPORT)
    posting_days = models.SmallIntegerField(default=rules.POSTING_DAYS)
    silent_days = models.SmallIntegerField(default=rules.SILENT_DAYS)
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(new_support__gt=0, repair_support__gt=0), name="house_support_sane"
            ),
            models.CheckConstraint(
                condition=Q(posting_days__gte=1, silent_days__gte=1), name="house_days_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """One review by a village: the meeting with its minutes, the posted list, and who agreed.

    households  of the village on that day, frozen when the meeting opened; votes are counted against all of them
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="reviews")
    village = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    met_on = models.DateField()
    minutes_number = models.CharField(max_length=80)
    households = models.IntegerField()
    present = models.IntegerField()
    state = models.CharField(max_length=9, default=ReviewState.MET.value)
    posted_from = models.DateField(null=True)
    posted_to = models.DateField(null=True)
    posted_where = models.CharField(max_length=200, blank=True)
    sent_back_because = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            _known("state", ReviewState, "house_review_state_known"),
            models.CheckConstraint(
                condition=Q(households__gt=0, present__gte=0, present__lte=F("households")),
                name="house_review_numbers_sane",
            ),
            models.CheckConstraint(
                condition=Q(state="met")
                | Q(posted_from__isnull=False, posted_to__gte=F("posted_from")),
                name="house_review_posted_on_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, submitted_by__isnull=False),
                name="house_review_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("submitted_by")),
                name="house_review_two_persons",
            ),
        ]
        indexes = [models.Index(fields=["programme", "-met_on"], name="house_reviews")]

    def __str__(self) -> str:
        return f"{self.minutes_number} {self.met_on}"


class Household(models.Model):
    """A household whose house is bad. Where it is read it is only read by those who handle it, and each reading is on record.

    village     the unit as it was when the household was named; the board finds who took it over
    stage       the last finished stage
    due_on      the planned day of the first stage that is not finished
    news_on     the last day something was heard of the house
    finished_before  handed over before the household was entered here; it becomes done when its list is approved
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="households")
    village = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    code = models.CharField(max_length=24)
    head = models.CharField(max_length=120)
    people = models.SmallIntegerField(default=1)
    hardship = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    grade = models.CharField(max_length=11)
    work = models.CharField(max_length=6)
    state = models.CharField(max_length=9, default=HouseState.PROPOSED.value)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="agreed")
    estimate = models.BigIntegerField(default=0)
    actual = models.BigIntegerField(default=0)
    stage = models.CharField(max_length=10, blank=True)
    due_on = models.DateField(null=True)
    news_on = models.DateField(null=True)
    finished_before = models.DateField(null=True)
    done_on = models.DateField(null=True)
    name_public = models.BooleanField(default=False)
    photo_public = models.BooleanField(default=False)
    ended_because = models.CharField(max_length=300, blank=True)
    minutes = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    folded = models.GeneratedField(
        expression=Func(Concat(F("code"), Value(" "), F("head")), function="vi_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=Func(F("head"), template=BY_GIVEN_NAME),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="house_code_once"),
            _known("grade", Grade, "house_grade_known"),
            _known("work", Work, "house_work_known"),
            _known("state", HouseState, "house_state_known"),
            models.CheckConstraint(
                condition=Q(stage="") | Q(stage__in=[s.value for s in StageKind]),
                name="house_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=rules.MOST_PEOPLE), name="house_people_sane"
            ),
            models.CheckConstraint(
                condition=Q(estimate__gte=0, actual__gte=0), name="house_cost_sane"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"]) | Q(review__isnull=False),
                name="house_agreed_by_a_review",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | ~Q(state="done") & Q(done_on=None),
                name="house_done_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="approved") | Q(state="done") | Q(stage=""),
                name="house_stage_when_agreed",
            ),
        ]
        indexes = [
            # the board of a programme, counted by village
            models.Index(fields=["programme", "village", "state"], name="houses_by_village"),
            models.Index(fields=["programme", "sort_key"], name="houses_by_name"),
        ]

    def __str__(self) -> str:
        return self.code


class ReviewLine(models.Model):
    """One household in a review: how many households voted for it, and what became of it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="lines")
    household = models.ForeignKey(Household, models.PROTECT, related_name="reviewed")
    votes = models.IntegerField()
    accepted = models.BooleanField()
    struck = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "household"], name="house_reviewed_once"),
            models.CheckConstraint(condition=Q(votes__gte=0), name="house_votes_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.household_id}"


class Objection(models.Model):
    """What somebody said against the posted list, and how it was decided. ``upheld``: the household leaves the list."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="objections")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    said_on = models.DateField()
    said_by = models.CharField(max_length=120, blank=True)
    words = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decision = models.TextField(blank=True)
    upheld = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, upheld=None)
                | Q(decided_at__isnull=False, upheld__isnull=False) & ~Q(decision=""),
                name="house_objection_decided_with_words",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.said_on}"


class Consent(models.Model):
    """That a household agreed to one thing, how and before whom; taken back it stays on record with its day."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="consents")
    topic = models.CharField(max_length=5)
    way = models.CharField(max_length=11)
    given_on = models.DateField()
    given_by = models.CharField(max_length=120)
    taken_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _known("topic", Topic, "house_consent_topic_known"),
            _known("way", Way, "house_consent_way_known"),
            models.UniqueConstraint(
                fields=["household", "topic"],
                condition=Q(withdrawn_at=None),
                name="house_consent_running_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.topic}"


class HouseMoney(models.Model):
    """What one source gives to one house. From the fund it stands in the books; of others it is said by whoever writes it.

    allocation, hand_over, release   the postings behind it
    agreed_by                        the second person, above the amount at which two decide
    withdrawn_at                     written by mistake; it stays and counts no more
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="money")
    source = models.CharField(max_length=6)
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    giver = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    allocation = models.OneToOneField(Posting, models.PROTECT, null=True, related_name="+")
    hand_over = models.OneToOneField(Posting, models.PROTECT, null=True, related_name="+")
    release = models.OneToOneField(Posting, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _known("source", Source, "house_source_known"),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("written_by")),
                name="house_money_two_people",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="house_money_of_something"),
            models.CheckConstraint(
                condition=Q(source="fund", allocation__isnull=False)
                | ~Q(source="fund") & Q(allocation=None, hand_over=None, release=None),
                name="house_fund_money_in_the_books",
            ),
            models.CheckConstraint(
                condition=Q(hand_over=None) | Q(release=None), name="house_money_one_end"
            ),
        ]
        indexes = [models.Index(fields=["household", "on"], name="house_money_of")]

    def __str__(self) -> str:
        return f"{self.amount} {self.commodity_id}"


class Stage(models.Model):
    """One stage of a house: when it is planned, when it was finished."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="stages")
    kind = models.CharField(max_length=10)
    planned_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "kind"], name="house_stage_once"),
            _known("kind", StageKind, "house_stage_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"


class News(models.Model):
    """Something seen at a house on a day: a note, a photo, a stage that was finished. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="news")
    kind = models.CharField(max_length=10)
    on = models.DateField()
    finished = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [_known("kind", StageKind, "house_news_kind_known")]
        indexes = [models.Index(fields=["household", "-at"], name="house_news_of")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"
