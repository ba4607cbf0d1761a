"""What was handed in: what stands around the words of a notice now, and what an approver had before her the time before."""

from typing import Any

from caunoi.kit.viewing import system
from caunoi.notices import queries, repetitions
from caunoi.notices.handed_models import HandedIn
from caunoi.notices.models import Notice, NoticeVersion, NoticeVideo, Repetition
from caunoi.notices.terms import NoticeState

OF_LOADED = "of a notice the caller was allowed to load"
MARK = 8
"""Letters of a file's sum that tell it from another of the same name."""


@system(OF_LOADED)
def around_of(*, notice: Notice) -> dict[str, Any]:
    """Return what stands around the words, as plain values that can be kept."""
    pictures = notice.pictures.order_by("order").values_list("sha256", "alt")
    files = notice.attachments.order_by("name").values_list("sha256", "name")
    video = NoticeVideo.objects.filter(notice=notice).first()
    variants = notice.variants.order_by("language", "form")
    return {
        "kind": notice.kind,
        "pictures": [[bytes(mark).hex()[:MARK], alt] for mark, alt in pictures],
        "files": [[bytes(mark).hex()[:MARK], name] for mark, name in files],
        "video": [bytes(video.sha256).hex()[:MARK], video.name] if video else [],
        "variants": [
            list(row) for row in variants.values_list("language", "form", "version", "state")
        ],
        "audience": notice.audience,
        "must_acknowledge": notice.must_acknowledge,
        "acknowledge_by": _iso(notice.acknowledge_by),
        "lines": [
            [str(x.unit_id), x.reach, list(x.levels), list(x.connector_keys)]
            for x in queries.lines_of(notice=notice)
        ],
        "publish_at": _iso(notice.publish_at),
        "valid_until": _iso(notice.valid_until),
        "rhythm": _rhythm(repetitions.of(notice)),
    }


@system(OF_LOADED)
def handed_before(*, notice: Notice) -> HandedIn | None:
    """Return what was handed in the time before the one that waits now; of a draft, the last time. None the first time."""
    found = HandedIn.objects.filter(notice=notice)
    if notice.state != NoticeState.DRAFT and notice.handed_in_at is not None:
        found = found.filter(at__lt=notice.handed_in_at)
    return found.order_by("-at").first()


@system(OF_LOADED)
def version_of(*, notice: Notice, number: int) -> NoticeVersion | None:
    """Return the words of one version."""
    return notice.versions.filter(number=number).first()


def _iso(value: Any) -> str:
    return value.isoformat() if value else ""


def _rhythm(found: Repetition | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        "every": found.every,
        "times": [t.isoformat("minutes") for t in found.times],
        "days": list(found.days),
        "first": _iso(found.first_date),
        "last": _iso(found.last_date),
    }
