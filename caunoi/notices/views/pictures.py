"""A picture of a notice for those who may see the notice."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from caunoi.files import pictures as drawing
from caunoi.kit.access import access
from caunoi.notices.views.loading import load


@access("notices.view")
@require_safe
def picture(request: HttpRequest, pk: UUID, picture_pk: UUID) -> HttpResponse:
    """A picture of a notice; ``?nho`` gives the small one, ``?jpg`` one that every phone and chat takes."""
    found = load(request, pk).pictures.filter(pk=picture_pk).first()
    if found is None:
        raise Http404
    body, kind = bytes(found.preview if "nho" in request.GET else found.body), found.media_type
    if "jpg" in request.GET:
        body, kind = drawing.as_jpeg(body), "image/jpeg"
    response = HttpResponse(body, content_type=kind)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
