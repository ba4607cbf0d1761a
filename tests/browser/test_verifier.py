"""The page that verifies: in a real browser, without a network, it judges every published vector as our own verifier does."""

import json
from pathlib import Path

import pytest

from caunoi.funds import verifying
from caunoi.funds.tests import vectors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(person):
    opened = person(width=360)
    opened.goto("/kiem-tra/")
    opened.context.set_offline(True)
    return opened


def choose(page, folder, name, lines):
    file = Path(folder) / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page.locator("[data-verify]").evaluate("one => { delete one.dataset.found }")
    page.set_input_files("#file", str(file))
    page.wait_for_selector("[data-verify][data-found]", state="attached")
    return page.locator("[data-result]").inner_text()


def test_a_journal_and_a_receipt_are_checked_without_a_network(page, tmp_path):
    told = choose(page, tmp_path, "so-cai.jsonl", vectors.journal())
    assert "12 bút toán" in told
    assert "5.350.000 đồng" in told
    told = choose(page, tmp_path, "bien-nhan.json", vectors.receipt())
    assert "250.000 đồng" in told
    lines = vectors.journal()
    lines[3] = lines[3].replace("250000", "950000")
    assert "KHÔNG KHỚP" in choose(page, tmp_path, "sua.jsonl", lines)


def test_both_verifiers_agree_on_every_vector_and_on_others_made_now(page):
    published = json.loads(vectors.FILE.read_text(encoding="utf-8"))
    other = vectors.made(tampered=100, seed=77)
    judged = "t => caunoiLedger.verify(t).then(v => v.holds)"
    differ = []
    for told in (published, other):
        for number, case in enumerate(told["cases"]):
            lines = vectors.changed(case, told["files"])
            ours = verifying.verify(lines).holds
            if page.evaluate(judged, "\n".join(lines)) != ours:
                differ.append((number, case["put"][:1], ours))
    assert differ == []
    assert page.evaluate("caunoiLedger.sha256('abc')").startswith("ba7816bf8f01cfea")
