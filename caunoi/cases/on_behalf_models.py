"""Somebody asked for a neighbour."""

from django.db import models


class OnBehalf(models.Model):
    """Who the question is about when somebody else asked it. It stands with the one case and nowhere else: no page of a person."""

    case = models.OneToOneField(
        "cases.Case", models.CASCADE, primary_key=True, related_name="on_behalf"
    )
    name = models.CharField(max_length=120, blank=True)
    sealed_contact = models.BinaryField(null=True)
    agreed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"for somebody {self.case_id}"
