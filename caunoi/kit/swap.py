"""One URL, one template: the whole page, or the part of it that htmx swaps in."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils.cache import patch_vary_headers


def wanted_part(request: HttpRequest, parts: Collection[str]) -> str:
    """Return which of the page's parts htmx wants: the one called like the element it will replace; "" = the whole page."""
    htmx = getattr(request, "htmx", None)
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return ""
    return htmx.target if htmx.target in parts else ""


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Collection[str],
    status: int = 200,
) -> HttpResponse:
    """Answer with the template, or with the one of its ``parts`` (partials, named like their elements) that htmx wants."""
    part = wanted_part(request, parts)
    name = f"{template}#{part}" if part else template
    response = render_page(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
