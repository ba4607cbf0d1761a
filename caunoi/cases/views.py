"""The inbox moved to the room handling; its old name still leads there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from caunoi.kit.access import access


@access("cases.view")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Lead to the inbox with everything that stands in the address."""
    return redirect(f"/hop-thu/?{request.GET.urlencode()}")
