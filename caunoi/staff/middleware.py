"""Who may open which door."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AccessMiddleware:
    """Put the viewer on the request and keep closed what was not declared open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.staff = None  # type: ignore[attr-defined]
        return self.get_response(request)
