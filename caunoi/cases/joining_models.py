"""Cases of different people that ask the same and are answered together."""

from django.db import models
from django.db.models import F, Q

from caunoi.staff.models import Account


class Joining(models.Model):
    """The case is answered with another that asks the same; it keeps its number, its page and its asker.

    ``state_before`` is what it goes back to when it is taken out; once the other is answered the row stays and says with which.
    """

    case = models.OneToOneField(
        "cases.Case", models.CASCADE, primary_key=True, related_name="joined_into"
    )
    into = models.ForeignKey("cases.Case", models.PROTECT, related_name="joined_here")
    state_before = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(case=F("into")), name="case_joined_into_another")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} = {self.into_id}"
