"""The published vectors are what our own verifier says; the page's own verifier is held to the same file (tests/browser)."""

import json

from caunoi.funds import verifying
from caunoi.funds.tests import vectors


def test_the_published_vectors_are_up_to_date():
    assert json.loads(vectors.FILE.read_text(encoding="utf-8")) == vectors.made()


def test_what_was_touched_does_not_hold_and_the_rest_does():
    told = json.loads(vectors.FILE.read_text(encoding="utf-8"))
    whole = [
        c for c in told["cases"] if vectors.changed(c, told["files"]) == told["files"][c["file"]]
    ]
    holding = [c for c in told["cases"] if c["holds"]]

    assert len(told["cases"]) > 150
    assert whole
    assert all(c["holds"] for c in whole)
    # what holds all the same says the same in other words: spaces, the name of the fund, the day of a receipt
    for case in holding:
        lines = vectors.changed(case, told["files"])
        verdict = verifying.verify(lines)
        assert verdict.link == verifying.verify(told["files"][case["file"]]).link
    assert len(holding) < len(whole) + 25


def test_odd_files_are_judged_and_never_crash():
    for text in (
        '{"format":"caunoi-receipt","v":1}',
        '{"format":"caunoi-receipt","v":1,"posting":[]}',
        "[" * 5000,
    ):
        assert not verifying.verify([text]).holds
