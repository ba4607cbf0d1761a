"""What templates ask about the files of a case that their page has loaded for the viewer."""

from uuid import UUID

from django import template

from caunoi.files import queries
from caunoi.files.models import StoredFile

register = template.Library()


@register.simple_tag
def files_of(case_id: UUID) -> list[StoredFile]:
    """Return the files of the case, photos first."""
    return queries.of_case(case_id=case_id)
