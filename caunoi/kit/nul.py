"""A NUL is in no text that anybody types: PostgreSQL takes none, and whoever sends one has sent something broken."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class NulMiddleware:
    """Answer 400, not 500, when a NUL of an address or a field came as far as the database; nothing was changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError | ValueError) and "NUL" in str(exception):
            return render(request, "400.html", status=400)
        return None
