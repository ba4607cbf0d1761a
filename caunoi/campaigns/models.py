"""Campaigns: what is asked for and why that is allowed, what people promise, the codes they transfer with, what must be published."""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from caunoi.campaigns.terms import Duty, GiftState, Kind, NeedState, Priority, State
from caunoi.files.models import Picture
from caunoi.funds import codes
from caunoi.funds.models import Commodity, Fund
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Campaign(models.Model):
    """An appeal of a unit, with a bank account and books of its own. Nothing is accepted before ``starts_on`` or after ``ends_on``; the
    database refuses (0001).

    legal_basis     the rule or decision it stands on, with number and day
    launched_by     the body that launches it, as it signs
    ends_on         None = a standing fund
    hand_out_by     the last day of handing out
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    area = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    fund = models.OneToOneField(Fund, models.PROTECT, null=True, related_name="campaign")
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=9, default=State.DRAFT.value)
    title = models.CharField(max_length=120)
    purpose = models.TextField()
    legal_basis = models.TextField()
    launched_by = models.CharField(max_length=200)
    bring = models.TextField(blank=True)
    do_not_bring = models.TextField(blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    hand_out_by = models.DateField(null=True, blank=True)
    bank = models.CharField(max_length=6, blank=True)
    bank_name = models.CharField(max_length=80, blank=True)
    account_number = models.CharField(max_length=19, blank=True)
    account_holder = models.CharField(max_length=120, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    picture_says = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sent_back_because = models.CharField(max_length=300, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)
    folded = models.GeneratedField(
        expression=Func(F("title"), function="vi_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="campaign_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="campaign_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="campaign_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(hand_out_by=None) | Q(hand_out_by__gte=F("starts_on")),
                name="campaign_hand_out_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"])
                | Q(fund__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="campaign_open_has_books_and_approver",
            ),
            # what everybody is told to pay into: whole, or nothing
            models.CheckConstraint(
                condition=Q(bank="", account_number="")
                | ~Q(bank="") & ~Q(account_number="") & ~Q(bank_name="") & ~Q(account_holder=""),
                name="campaign_account_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")),
                name="campaign_two_persons",
            ),
        ]
        indexes = [
            # the list of everybody, newest first
            models.Index(fields=["state", "-starts_on"], name="campaigns_by_start"),
            models.Index(fields=["unit", "-starts_on"], name="campaigns_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title


class LaunchRule(models.Model):
    """Which body of a level may launch a campaign of a kind, and who says so. The newest row of its day holds; an empty ``body`` = none may.

    status  how sure we are of the source, in the words of the table of deadlines
    """

    kind = models.CharField(max_length=8)
    level = models.CharField(max_length=10)
    valid_from = models.DateField()
    body = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200)
    status = models.CharField(max_length=30, blank=True)
    entered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "level", "valid_from"], name="launch_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="launch_rule_kind_known"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="launch_rule_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level} {self.valid_from}"


class Purpose(models.Model):
    """Something narrower that a giver may bind her gift to; ``code`` is the purpose in the books."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="purposes")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="purpose_once_a_campaign")
        ]

    def __str__(self) -> str:
        return self.name


class Need(models.Model):
    """So much of one thing is needed in a unit. It is believed until ``confirmed_until``; then whoever said it is asked again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="needs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    purpose = models.CharField(max_length=40, blank=True)
    priority = models.CharField(max_length=6, default=Priority.SOON.value)
    households = models.IntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    needed_by = models.DateField(null=True, blank=True)
    confirmed_until = models.DateField()
    state = models.CharField(max_length=9, default=NeedState.OPEN.value)
    said_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="need_of_something"),
            models.CheckConstraint(condition=Q(households__gte=0), name="need_households_sane"),
            models.CheckConstraint(
                condition=Q(priority__in=[p.value for p in Priority]), name="need_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in NeedState]), name="need_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["commodity", "unit"], name="needs_open", condition=Q(state="open"))
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.commodity_id}"


class Gift(models.Model):
    """What somebody promised, or brought without promising: the giver's own row, found again by its code.

    amount      what was promised; it stands as a pledge in the books
    came        what came of it so far
    from_unit   where it lies, for goods
    initials    the public list shows initials only
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="gifts")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="gifts")
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    came = models.BigIntegerField(default=0)
    purpose = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=9, default=GiftState.PROMISED.value)
    giver = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    initials = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    from_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    good_until = models.DateField()
    promised_at = models.DateTimeField()
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="gift_of_something"),
            models.CheckConstraint(condition=Q(came__gte=0), name="gift_came_sane"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in GiftState]), name="gift_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "-promised_at"], name="gifts_of_campaign"),
            # the search by a part of the name; no folded column, so that a name lies in one place only
            GinIndex(
                OpClass(Func(F("giver"), function="vi_fold"), name="gin_trgm_ops"),
                name="gifts_by_name",
            ),
            # the nightly look for promises whose day has passed
            models.Index(
                fields=["good_until"],
                name="gifts_that_lapse",
                condition=Q(state__in=["promised", "partly"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.commodity_id}"


class TransferCode(models.Model):
    """A code for the memo of a transfer (``funds.codes``): for the whole campaign, one need, or one promised gift."""

    number = models.IntegerField(primary_key=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="codes")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="codes")
    gift = models.OneToOneField(Gift, models.PROTECT, null=True, related_name="code")
    purpose = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=0, number__lt=codes.MOST), name="transfer_code_sane"
            ),
            models.UniqueConstraint(
                fields=["campaign", "purpose"],
                condition=Q(need=None, gift=None),
                name="transfer_code_of_campaign",
            ),
            models.UniqueConstraint(
                fields=["need"],
                condition=Q(need__isnull=False, gift=None),
                name="transfer_code_of_need",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The code as it is typed."""
        return codes.code_of(self.number)


class Publication(models.Model):
    """One thing that must be published, until when, and what proves that it was."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="publications")
    duty = models.CharField(max_length=10)
    due_on = models.DateField()
    source = models.CharField(max_length=200)
    done_on = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=400, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    done_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "duty"], name="publication_once"),
            models.CheckConstraint(
                condition=Q(duty__in=[d.value for d in Duty]), name="publication_duty_known"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(proof=""), name="publication_done_has_proof"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.duty}"


class Update(models.Model):
    """A word to everybody on how it goes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="updates")
    text = models.TextField()
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    picture_says = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["campaign", "-at"], name="updates_of_campaign")]

    def __str__(self) -> str:
        return self.text[:60]
