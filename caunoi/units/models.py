"""Units and their dated attributes."""

import uuid

from django.db import models


class Unit(models.Model):
    """A place with an office: province, district, commune or village. Its identity never changes; all else is dated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.slug
