"""The public library at a million stored answers: what a search, a topic, a unit and a whole page cost on the server; and how
long the index of similar questions takes to be built anew, as the worker does it beside the running library.

The answers are those of ``bench.similar`` (half near-copies of real questions), spread over units, topics and four years.
Writes bench/results/library.json.
"""

import os
import time
from collections.abc import Callable
from typing import Any

from bench import measuring

ANSWERS = int(os.environ.get("BENCH_ANSWERS", "10000" if measuring.SMALL else "1000000"))
REBUILT = 2_000 if measuring.SMALL else 20_000
QUERY_AIM_MS, PAGE_AIM_MS, REBUILD_AIM_PER_SECOND = 100, 200, 300
TURNS = 5 if measuring.SMALL else 40
WORDS = (
    "nước sạch", "nuoc sach", "ho tro xoa nha tam", "thẻ bảo hiểm y tế cho trẻ em", "xe rác", "NA-2026", "giấy khai sinh ở đâu",
    "bao gio", "đường", "cấp phép xây dựng nhà ở nông thôn", "khong co tu nay dau", "dot nat", "tre em", "lũ",
)  # fmt: skip
SPREAD = """
UPDATE answers_publishedanswer SET
    topic = (%(topics)s::text[])[1 + floor(random() * %(n)s)],
    published_at = %(at)s - make_interval(mins => floor(random() * 1440 * 365 * 4)::int),
    answer = question || ' ' || answer
"""


def main() -> None:
    os.environ["BENCH_ANSWERS"] = str(ANSWERS)
    with measuring.database():
        from caunoi.units import load

        load.load_demo(scale="province")
        began = time.monotonic()
        rows = _fill()
        filled = round(time.monotonic() - began)
        print(f"{rows} answers in {filled} s")
        measuring.write("library", {"answers": rows, "filled_s": filled} | _measure() | _rebuild())


def _fill() -> int:
    """Write the answers as ``bench.similar`` does, then give them topics, days and long texts, then build the indexes of search."""
    import psycopg
    from django.db import connection

    from bench import similar
    from caunoi.answers.models import PublishedAnswer
    from caunoi.routing import queries as routing

    rows = similar._fill()
    topics = [t.pk for t in routing.topics()] or [""]
    given = {"topics": topics, "n": len(topics), "at": similar.NOW}
    with psycopg.connect(os.environ["BENCH_OWNER_URL"], autocommit=True) as owner:
        owner.execute(SPREAD, given)
        owner.execute("VACUUM FULL answers_publishedanswer")
    with connection.schema_editor() as editor:
        for one in PublishedAnswer._meta.indexes:
            editor.add_index(PublishedAnswer, one)
    with psycopg.connect(os.environ["BENCH_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE answers_publishedanswer")
    return rows


def _measure() -> dict[str, Any]:
    from django.test import Client

    from bench.similar import ON
    from caunoi.answers import queries
    from caunoi.answers.views.library import Pages
    from caunoi.routing import queries as routing
    from caunoi.units import queries as units

    commune = units.by_slug(slug="xa-bich-hao", on=ON)
    province = units.by_slug(slug="tinh-nghe-an", on=ON)
    topic = routing.topics()[0].pk
    client = Client(headers={"host": "127.0.0.1"})

    def search(**wanted: Any) -> None:
        page = Pages(queries.published(on=ON, **wanted), 20).get_page(1)
        list(page.object_list)

    def page(address: str) -> None:
        if client.get(address).status_code != 200:
            raise AssertionError(address)

    asked: dict[str, list[Callable[[], None]]] = {
        "query_words": [lambda w=w: search(text=w) for w in WORDS],
        "query_words_in_commune": [lambda w=w: search(text=w, under=commune.id) for w in WORDS],
        "query_words_in_province": [lambda w=w: search(text=w, under=province.id) for w in WORDS],
        "query_words_in_topic": [lambda w=w: search(text=w, topic=topic, old=False) for w in WORDS],
        "query_newest": [lambda: search(), lambda: search(under=commune.id)],
        "page_search": [lambda w=w: page(f"/hoi-dap/?q={w}") for w in WORDS],
        "page_unit": [lambda: page("/hoi-dap/?don-vi=xa-bich-hao")],
        "page_feed": [lambda: page("/hoi-dap/don-vi/xa-bich-hao/atom.xml")],
    }
    found = {}
    for name, doors in asked.items():
        times = [
            t for ask in doors for t in measuring.timed(ask, turns=max(2, TURNS // len(doors)))
        ]
        aim = QUERY_AIM_MS if name.startswith("query") else PAGE_AIM_MS
        figures = measuring.figures(times)
        found[name] = figures | {"of_limit": round(figures["p95_ms"] / aim, 2)}
        print(name, found[name])
    return found


def _rebuild() -> dict[str, Any]:
    """Index a part anew and say how many a second: the whole takes so many times longer, and nobody waits for it."""
    from caunoi.answers import index
    from caunoi.answers.models import PublishedAnswer

    ids = list(PublishedAnswer.objects.order_by("pk").values_list("pk", flat=True)[:REBUILT])
    began = time.monotonic()
    for at in range(0, len(ids), index.BATCH):
        index._put_batch(ids[at : at + index.BATCH])
    a_second = round(len(ids) / (time.monotonic() - began))
    began = time.monotonic()
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(index.RECOUNT)
    return {
        "rebuild": {
            "indexed_a_second": a_second,
            "of_limit": round(REBUILD_AIM_PER_SECOND / a_second, 2),
            "counting_terms_s": round(time.monotonic() - began, 1),
        }
    }


if __name__ == "__main__":
    main()
