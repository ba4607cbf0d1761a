"""The alarms of a case, on the case's own page."""

from typing import Any
from uuid import UUID

from django import template

from caunoi.duty import queries

register = template.Library()


@register.inclusion_tag("duty/of_case.html")
def alarms_of_case(case_id: UUID) -> dict[str, Any]:
    """Show when the case rang, who was called and who took it; nothing for a case that never rang."""
    return {"alarms": queries.alarms_of(case_id=case_id)}
