"""What was handed in beside the words: the state an approver had before her, kept to show what changed since."""

from django.db import models


class HandedIn(models.Model):
    """One handing-in: which version of the words, and what stood around it. Rows are only ever added.

    around  kind, pictures, files, video, variants, audience, times and rhythm (``queries_handed.around_of``)
    """

    notice = models.ForeignKey("notices.Notice", models.CASCADE, related_name="handings")
    version = models.IntegerField()
    at = models.DateTimeField()
    around = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["notice", "-at"], name="notice_handings")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.version} {self.at}"
