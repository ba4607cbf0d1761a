"""An answered question as schema.org knows it: pure."""

from caunoi.answers.models import PublishedAnswer
from caunoi.kit.jsonld import JsonLd


def qa_page(answer: PublishedAnswer, *, address: str) -> JsonLd:
    """Return the QAPage of one answered question: https://schema.org/QAPage."""
    accepted = {
        "@type": "Answer",
        "text": answer.answer,
        "url": address,
        "upvoteCount": 0,
        "datePublished": answer.published_at.isoformat(),
        "dateModified": (answer.corrected_at or answer.published_at).isoformat(),
        "author": {"@type": "Organization", "name": answer.agency},
    }
    question = {
        "@type": "Question",
        "name": answer.title,
        "text": answer.question,
        "url": address,
        "answerCount": 1,
        "datePublished": answer.published_at.isoformat(),
        "author": {"@type": "Person", "name": "Bà con"},
        "acceptedAnswer": accepted,
    }
    return JsonLd({"@type": "QAPage", "url": address, "mainEntity": question})
