"""Words about people and their devices."""

from django import template

from caunoi.staff import devices, words

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """ "Mozilla/5.0 (Windows NT 10.0…) … Chrome/139…" → "Chrome, Windows"."""
    return devices.device_words(user_agent)


@register.filter
def role(role: str) -> str:
    """ "approver" → "Approver"."""
    return words.role_word(role)
