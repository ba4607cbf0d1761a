"""Whoever has a journal checks it with one command and no database."""

import json

from caunoi.cli import main
from caunoi.funds import queries
from caunoi.funds.tests import books
from caunoi.units.models import Unit


def test_the_command_says_whether_a_journal_holds(db, tmp_path, capsys):
    fund = books.fund_of(Unit.objects.create(slug="xa-so-quy"))
    books.post(fund, books.draft("receive", 180_000), books.draft("allocate", 100_000))
    written = list(queries.journal(fund_id=fund.pk))
    good, bad = tmp_path / "so.jsonl", tmp_path / "so-sua.jsonl"
    good.write_text("\n".join(written), encoding="utf-8")
    bad.write_text("\n".join([written[0], *written[2:]]), encoding="utf-8")

    assert main.main(["ledger", "verify", str(good), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["postings"], told["columns"]["allocated"]) == (2, {"VND": 100_000})
    assert main.main(["ledger", "verify", str(bad)]) == 1
    assert main.main(["ledger", "verify", str(tmp_path / "none")]) == 1
