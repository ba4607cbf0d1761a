"""A mark a colleague puts on a case for herself; nobody else sees it."""

from django.db import models

from caunoi.staff.models import Account


class Star(models.Model):
    """One colleague wants to find this case again."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="stars")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "case"], name="case_star_once")]

    def __str__(self) -> str:
        return f"{self.account_id} * {self.case_id}"
