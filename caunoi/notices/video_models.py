"""The video of a notice, kept in pieces so that it is never whole in memory."""

import uuid

from django.db import models
from django.db.models import Q

from caunoi.files.videos import HEAVIEST_VIDEO, LONGEST_VIDEO_SECONDS


class NoticeVideo(models.Model):
    """One video goes with a notice, as it was filmed; ``name`` is how it is called when it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.OneToOneField("notices.Notice", models.CASCADE, related_name="video")
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=20, default="video/mp4")
    size_bytes = models.IntegerField()
    seconds = models.SmallIntegerField()
    sha256 = models.BinaryField(max_length=32)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0, size_bytes__lte=HEAVIEST_VIDEO)
                & Q(seconds__gt=0, seconds__lte=LONGEST_VIDEO_SECONDS),
                name="notice_video_bounded",
            )
        ]

    def __str__(self) -> str:
        return self.name


class NoticeVideoPart(models.Model):
    """A piece of a video, all but the last of the same size (``files.videos.PART_BYTES``)."""

    video = models.ForeignKey(NoticeVideo, models.CASCADE, related_name="parts")
    place = models.SmallIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "place"], name="notice_video_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.place}"
