"""The video of a notice: put into a draft, looked at, and played on the notice's page in the parts a player asks for."""

import re
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caunoi.files.videos import TOO_HEAVY
from caunoi.kit import clock
from caunoi.kit.access import access, public
from caunoi.kit.uploads import skipped_files
from caunoi.notices import actions_video, queries
from caunoi.notices.models import Notice, NoticeVideo
from caunoi.notices.terms import NoticeError, NoticeState
from caunoi.notices.views.desk import load
from caunoi.notices.views.public import PUBLIC, load_public

PART = re.compile(r"bytes=(\d+)-(\d*)")
MOST_AT_ONCE = 2 * 1024 * 1024
"""A player asks for more when it has played this."""


@access("notices.propose")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a video into a draft, or take it out."""
    found, at = load(request, pk), clock.now()
    may = found.state == NoticeState.DRAFT and queries.may_edit(
        request.staff,  # type: ignore[attr-defined]
        notice=found,
        on=clock.local_date(at),
    )
    problem = ""
    if request.method == "POST":
        try:
            problem = _change(request, found)
        except NoticeError as error:
            problem = _(str(error))
        if not problem:
            return redirect("notices:video", pk=pk)
    kept = NoticeVideo.objects.filter(notice=found).first()
    shown = {"notice": found, "video": kept, "may": may, "problem": problem}
    status = 422 if problem else 200
    return render(request, "notices/video.html", shown, status=status)


def _change(request: HttpRequest, found: Notice) -> str:
    """Do what was asked. -> what is wrong with the file, empty when nothing is. Raises NoticeError."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    if "remove" in request.POST:
        actions_video.remove_video(notice=found, by=by, at=at)
        messages.success(request, _("The video was taken out."))
        return ""
    sent = request.FILES.get("video")
    if skipped_files(request):
        return _(TOO_HEAVY)
    if sent is None or sent.file is None or not sent.size:
        return _("Choose a video first.")
    name = sent.name or ""
    actions_video.add_video(
        notice=found, name=name, content=sent.file, size=sent.size, by=by, at=at
    )
    messages.success(request, _("The video goes with the notice now."))
    return ""


@access("notices.view")
@require_safe
def watch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The video of a notice, for officers who look at the draft."""
    return _play(request, load(request, pk), "private, max-age=600")


@public(PUBLIC)
@require_safe
def play(request: HttpRequest, number: str) -> HttpResponse:
    """The video of a public notice. A recalled notice shows none."""
    found = load_public(number)
    if found.state == NoticeState.RECALLED:
        raise Http404
    return _play(request, found, "public, max-age=86400")


def _play(request: HttpRequest, found: Notice, kept: str) -> HttpResponse:
    """Give the part that is asked for, never more than two megabytes of it at once."""
    video = NoticeVideo.objects.filter(notice=found).first()
    read = actions_video.reader_of(video_id=video.pk) if video else None
    if video is None or read is None:
        raise Http404
    asked = PART.fullmatch(request.headers.get("Range", ""))
    first = int(asked[1]) if asked else 0
    if first >= video.size_bytes:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{video.size_bytes}"})
    last = int(asked[2]) if asked and asked[2] else video.size_bytes - 1
    last = min(last, first + MOST_AT_ONCE - 1, video.size_bytes - 1)
    response = HttpResponse(read(first, last - first + 1), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{video.size_bytes}"
    response["Content-Type"] = video.media_type
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = kept
    response["X-Content-Type-Options"] = "nosniff"
    # a part of a file must not be compressed on the way out
    response["Content-Encoding"] = "identity"
    return response
