"""Structured data for search engines, as a ``<script type="application/ld+json">`` that no text can break out of."""

import json
from collections.abc import Mapping
from typing import Any

ESCAPED = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class JsonLd(str):
    """One block of linked data; templates print it as it is, since every dangerous letter in it is escaped."""

    __slots__ = ()

    def __new__(cls, facts: Mapping[str, Any]) -> "JsonLd":
        text = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
        for letter, escape in ESCAPED.items():
            text = text.replace(letter, escape)
        return super().__new__(cls, f'<script type="application/ld+json">{text}</script>')

    def __html__(self) -> str:
        return self
