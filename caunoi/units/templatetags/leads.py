"""The sentence that stands on a page somebody reached by an old unit's address."""

from typing import Any

from django import template

from caunoi.kit import clock
from caunoi.units import leads

register = template.Library()


@register.inclusion_tag("units/came_from.html", takes_context=True)
def came_from(context: dict[str, Any]) -> dict[str, Any]:
    """Say what the old unit is called now; nothing when the address names none that ended."""
    request = context.get("request")
    slug = request.GET.get(leads.CAME_FROM, "") if request else ""
    if not slug:
        return {}
    on = clock.local_date(clock.now())
    heir = leads.only_heir(slug=slug, on=on)
    return {"old": leads.ended(slug=slug, on=on), "new": heir} if heir else {}
