"""The audit trail: append-only, hash-chained at commit by a trigger (see migration 0002)."""

from django.db import models


class AuditEntry(models.Model):
    """One action somebody or the system took: who, when, on what, and which fields changed.

    ``seq`` and ``hash`` are filled by the database at commit: ``hash = sha256(previous hash ‖ canonical row)``.
    """

    event = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    unit_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    seq = models.BigIntegerField(null=True, unique=True, editable=False)
    hash = models.BinaryField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_by_object"),
            models.Index(fields=["unit_id", "-id"], name="audit_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.object_type} {self.object_id}"


class AuditHead(models.Model):
    """The newest link of the chain; exactly one row."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]

    def __str__(self) -> str:
        return f"head {self.seq}"


class JobRun(models.Model):
    """When a job that comes round by itself ran last, and what came of it (``kit.jobs``)."""

    name = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    found = models.IntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.started_at}"
