"""What other systems wrote about a question, once each."""

from django.db import models

from caunoi.api.models import ApiKey
from caunoi.cases.models import Case


class PostedUpdate(models.Model):
    """One update another system sent, under its own id."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "case", "external_id"], name="open311_update_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.external_id}"
