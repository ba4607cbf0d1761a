"""What templates ask about the languages of a notice that their page has loaded."""

from typing import Any

from django import template

from caunoi.notices import words_variants
from caunoi.notices.models import Notice
from caunoi.notices.queries_variants import spoken_of
from caunoi.notices.variant_models import SpokenScript

register = template.Library()


@register.simple_tag
def variants_of(notice: Notice) -> list[dict[str, Any]]:
    """Return the variants of a notice as rows, for those who work on it."""
    return words_variants.rows_of(notice)


@register.simple_tag
def reading_of(notice: Notice) -> SpokenScript | None:
    """Return the reading by machine, or None."""
    return spoken_of(notice=notice)
