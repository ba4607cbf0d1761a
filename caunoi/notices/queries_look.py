"""What the look before sending looks at: a notice with whom it reaches, by which channels, and what was said like it lately."""

from dataclasses import replace
from datetime import datetime

from caunoi.kit import clock
from caunoi.kit.viewing import system
from caunoi.notices import posts, queries, queries_alike, rules
from caunoi.notices.models import Notice, NoticeVideo
from caunoi.notices.terms import Draft, Finding

OF_LOADED = "of a notice the caller was allowed to load"


@system(OF_LOADED)
def findings(*, notice: Notice, at: datetime) -> list[Finding]:
    """Return what the look before sending finds now."""
    return rules.checks(whole_draft(notice=notice, at=at), at)


@system(OF_LOADED)
def whole_draft(*, notice: Notice, at: datetime) -> Draft:
    """Return the notice as plain values with all that is around it, for ``rules.checks``."""
    on, lines = clock.local_date(at), queries.lines_of(notice=notice)
    levels, kinds = queries.counts_of_lines(lines=lines, on=on)
    alike = tuple(n.title for n in queries_alike.similar_lately(notice=notice, at=at))
    filmed = NoticeVideo.objects.filter(notice=notice).exists()
    return replace(
        queries.draft_of(notice=notice),
        units=sum(levels.values()),
        similar=alike,
        rooms=posts.rooms_of(kinds, audience=notice.audience, has_video=filmed),
        variants=words_in_languages(notice=notice),
    )


@system(OF_LOADED)
def words_in_languages(*, notice: Notice) -> tuple[str, ...]:
    """Return the words of a notice in other languages, and what its recordings and drawings say."""
    found = notice.variants.order_by("pk").values_list("title", "text")
    return tuple("\n".join(w for w in words if w) for words in found)
