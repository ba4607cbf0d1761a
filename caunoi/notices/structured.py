"""A notice as schema.org knows it: https://schema.org/NewsArticle, SpecialAnnouncement, ClaimReview, Event."""

from typing import Any

from caunoi.kit.jsonld import JsonLd
from caunoi.notices.models import Notice
from caunoi.notices.terms import NoticeKind


def linked_data(notice: Notice, *, address: str, unit_name: str, text: str) -> JsonLd:
    """Return what search engines read of a public notice."""
    organisation = {"@type": "Organization", "name": unit_name}
    published = notice.published_at.isoformat() if notice.published_at else None
    if notice.kind == NoticeKind.CORRECTION:
        return JsonLd(_claim(notice, address, organisation, published))
    facts: dict[str, Any] = {
        "@type": "SpecialAnnouncement" if notice.kind == NoticeKind.WARNING else "NewsArticle",
        "url": address,
        "datePublished": published,
        "text" if notice.kind == NoticeKind.WARNING else "articleBody": text,
        "name" if notice.kind == NoticeKind.WARNING else "headline": notice.title,
    }
    if notice.kind == NoticeKind.WARNING:
        facts |= {
            "datePosted": published,
            "category": "https://www.wikidata.org/wiki/Q1460420",
            "publisher": organisation,
            "spatialCoverage": {"@type": "AdministrativeArea", "name": unit_name},
        }
        if notice.valid_until:
            facts["expires"] = notice.valid_until.isoformat()
    else:
        facts |= {"author": organisation, "publisher": organisation, "inLanguage": "vi"}
    return JsonLd(facts)


def _claim(
    notice: Notice, address: str, organisation: dict[str, str], published: str | None
) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "url": address,
        "datePublished": published,
        "author": organisation,
        "claimReviewed": notice.details.get("claim", notice.title),
        "reviewBody": notice.details.get("facts", ""),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 1,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": "Sai sự thật",
        },
        # where the claim stood is not said: an address would only be visited more
        "itemReviewed": {"@type": "Claim", "text": notice.details.get("claim", notice.title)},
        "citation": [
            {"@type": "CreativeWork", "url" if line.startswith("http") else "name": line}
            for line in map(str.strip, notice.details.get("sources", "").splitlines())
            if line
        ],
    }
