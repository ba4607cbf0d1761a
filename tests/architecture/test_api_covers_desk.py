"""What staff can do with cases and answers on a page, a program can do by key: every page has its operations, or says in words why it has none."""

import csv
from pathlib import Path

from caunoi.api import description

HERE = Path(__file__).parent
ROOMS = ("journeys", "answers", "desk", "handling", "routing", "documents", "voters")
EVERYBODY = {"public", "library"}
"""A new staff page in one of these rooms needs a line in api_covers_desk.csv."""


def rows_of(file):
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def staff_pages():
    rows = HERE.parent / "access" / "rows"
    return {
        r["url_name"]
        for room in ROOMS
        for r in rows_of(rows / f"{room}.csv")
        if r["needs"] not in EVERYBODY
    }


def lines():
    return rows_of(HERE / "api_covers_desk.csv")


def test_every_staff_page_has_its_operations_or_a_reason():
    named = [line["url_name"] for line in lines()]

    assert staff_pages() - set(named) == set()
    assert set(named) - staff_pages() == set()
    assert len(named) == len(set(named))


def test_a_line_names_operations_that_exist_or_says_why_not():
    offered = {o["operationId"] for p in description.schema()["paths"].values() for o in p.values()}

    for line in lines():
        operations, why = line["operations"].split(), line["why_not"]
        assert bool(operations) != bool(why), line
        assert set(operations) <= offered, (line["url_name"], set(operations) - offered)
        assert not why or len(why) > 20, line


def test_what_writes_on_a_page_writes_by_key_too():
    """A page that is sent is never covered by reading alone."""
    writes = {
        o["operationId"]
        for p in description.schema()["paths"].values()
        for method, o in p.items()
        if method != "get"
    }
    sent = {
        r["url_name"]
        for room in ROOMS
        for r in rows_of(HERE.parent / "access" / "rows" / f"{room}.csv")
        if r["method"] == "POST"
    }

    covered = {x["url_name"]: x["operations"].split() for x in lines() if x["operations"]}
    assert [n for n in sent & covered.keys() if not writes & set(covered[n])] == []
