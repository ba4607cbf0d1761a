"""Key pages, the description, and every operation behind the door. Operations live in a namespace of their own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from caunoi.api import problems, views
from caunoi.api.door import door
from caunoi.api.v1.interface import interface


def _in_words(view: Any) -> Any:
    """Let a refused method say so as a problem too."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        said = problems.answer(problems.Problem(405, request.method or ""))
        said["Allow"] = response["Allow"]
        return said

    return answered


def _operations() -> list[Any]:
    found: list[Any] = []
    patterns: list[Any] = interface.urls[0]
    for pattern in patterns:
        if pattern.name in {"api-root", "openapi-json", "openapi-view"}:
            continue
        pattern.callback = door(_in_words(pattern.callback))
        found.append(pattern)
    return found


app_name = "api"
urlpatterns = [
    path("api/", views.docs, name="docs"),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/", include((_operations(), "api_v1"))),
    path("quan-tri/khoa-api/", views.keys, name="keys"),
    path("quan-tri/khoa-api/moi/", views.add, name="add"),
    path("quan-tri/khoa-api/<uuid:pk>/thu-hoi/", views.revoke, name="revoke"),
]
