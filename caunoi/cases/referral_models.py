"""The way of a case from holder to holder: hops, one-time links for agencies, their replies, proposals, reminders, faces."""

import uuid

from django.db import models
from django.db.models import F, Q

from caunoi.cases.terms import (
    CameBy,
    Face,
    Outcome,
    Part,
    ProposalState,
    ReminderKind,
    ReplyKind,
    Way,
)
from caunoi.routing.models import Body, Rule
from caunoi.staff.models import Account
from caunoi.units.models import Unit


class Referral(models.Model):
    """One hop: who hands the case to whom, by when, and how it ended. At most one leading hop of a case is open."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="referrals")
    step = models.OneToOneField("cases.Step", models.SET_NULL, null=True, related_name="referral")
    part = models.CharField(max_length=4, default=Part.LEAD.value)
    way = models.CharField(max_length=6)
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="referrals_in")
    to_body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="referrals_in")
    to_name = models.CharField(max_length=160)
    reason = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    outcome_note = models.TextField(blank=True)
    opinion = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=[p.value for p in Part]), name="case_referral_part_known"
            ),
            models.CheckConstraint(
                condition=Q(way__in=[w.value for w in Way]), name="case_referral_way_known"
            ),
            models.CheckConstraint(
                condition=Q(to_unit__isnull=False, to_body__isnull=True)
                | Q(to_unit__isnull=True, to_body__isnull=False),
                name="case_referral_one_target",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="")
                | Q(done_at__isnull=False, outcome__in=[o.value for o in Outcome]),
                name="case_referral_done_has_outcome",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(part="lead", done_at__isnull=True),
                name="case_one_open_lead",
            ),
            models.UniqueConstraint(
                fields=["case", "to_unit", "to_body"],
                condition=Q(part="co", done_at__isnull=True),
                nulls_distinct=False,
                name="case_co_asked_once",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "sent_at"], name="case_referrals"),
            # what a body still holds; what waits outside the house
            models.Index(
                fields=["to_body", "due_at"],
                name="case_referrals_of_body",
                condition=Q(done_at__isnull=True, to_body__isnull=False),
            ),
            models.Index(
                fields=["to_unit", "due_at"],
                name="case_referrals_of_unit",
                condition=Q(done_at__isnull=True, to_unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.to_name}"


class AgencyLink(models.Model):
    """A one-time door for an agency without an account. The address is signed; only its use is kept, never the address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="links")
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    late_words = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="case_link_lasts"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="case_link_one_end",
            ),
        ]
        indexes = [models.Index(fields=["referral", "-made_at"], name="case_links_of_referral")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.made_at}"


class AgencyReply(models.Model):
    """What an agency wrote, whole and for good: the answer, why it gave the case back, an opinion, or words that came late."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=8)
    text = models.TextField()
    signer = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    moved_to = models.ForeignKey("cases.Case", models.SET_NULL, null=True, related_name="+")
    came_by = models.CharField(max_length=5, blank=True, default="", db_default="")
    came_on = models.DateField(null=True)
    file_name = models.CharField(max_length=160, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ReplyKind]), name="case_reply_known"
            ),
            models.CheckConstraint(
                condition=Q(came_by__in=["", *(c.value for c in CameBy)]),
                name="case_reply_came_by_known",
            ),
        ]
        indexes = [models.Index(fields=["referral", "at"], name="case_replies_of_referral")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"


class RouteProposal(models.Model):
    """Who should get the case, as the rules said then, in words that stay."""

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="proposal")
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    to_body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    target_name = models.CharField(max_length=160)
    topic = models.CharField(max_length=40, blank=True)
    topic_words = models.CharField(max_length=200, blank=True)
    explanation = models.TextField()
    state = models.CharField(max_length=10, default=ProposalState.PROPOSED.value)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ProposalState]),
                name="case_proposal_state_known",
            ),
            models.CheckConstraint(
                condition=Q(to_unit__isnull=False, to_body__isnull=True)
                | Q(to_unit__isnull=True, to_body__isnull=False),
                name="case_proposal_one_target",
            ),
        ]

    def __str__(self) -> str:
        return self.explanation


class Reminder(models.Model):
    """One reminder about one case on one day: before it is due, on the day, after, or asked for by the unit above."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=8)
    day = models.DateField()
    at = models.DateTimeField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, related_name="reminders")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    by_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ReminderKind]), name="case_reminder_known"
            ),
            # whatever runs twice reminds once
            models.UniqueConstraint(
                fields=["case", "day", "kind", "by_unit"],
                nulls_distinct=False,
                name="case_reminded_once_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-at"], name="case_reminders_of_unit"),
            models.Index(
                fields=["at"], name="case_reminders_unsent", condition=Q(mailed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.day}"


class Satisfaction(models.Model):
    """One face for one answer. No case, no name: ``key`` is a keyed hash of the number, so that a second one replaces the first."""

    key = models.BinaryField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    topic = models.CharField(max_length=40, blank=True)
    month = models.DateField()
    face = models.CharField(max_length=4)
    text = models.CharField(max_length=600, blank=True)
    first_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(face__in=[f.value for f in Face]), name="case_face_known"
            )
        ]
        indexes = [models.Index(fields=["unit", "month"], name="case_faces_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month} {self.face}"
