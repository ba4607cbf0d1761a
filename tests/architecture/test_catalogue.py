from pathlib import Path

import polib

from caunoi.kit import catalogue

ROOT = Path(__file__).resolve().parents[2]


def test_every_sentence_has_vietnamese():
    assert catalogue.missing() == []


def test_sentences_are_found_in_python_and_templates():
    python = set(catalogue.in_python('x = _("Open")\ny = ngettext("%(n)d case", "%(n)d cases", n)'))
    template = set(
        catalogue.in_template(
            '{% load i18n %}{% translate "Send" %}{% blocktranslate %}To {{ unit }}{% endblocktranslate %}'
            '{% translate "Open" context "case state" %}',
            "x.html",
        )
    )

    assert python == {
        catalogue.Sentence("Open"),
        catalogue.Sentence("%(n)d case", plural="%(n)d cases"),
    }
    assert template == {
        catalogue.Sentence("Send"),
        catalogue.Sentence("To %(unit)s"),
        catalogue.Sentence("Open", context="case state"),
    }


def test_one_sentence_has_one_vietnamese_in_all_rooms():
    # The catalogues are read as one: where two rooms differ, one of them would show the other's words.
    said = {}
    for file in (ROOT / "caunoi").glob("*/locale/vi/LC_MESSAGES/django.po"):
        for entry in polib.pofile(file):
            if not entry.obsolete:
                words = (entry.msgstr, *entry.msgstr_plural.values())
                said.setdefault((entry.msgctxt, entry.msgid), set()).add(words)

    assert {key: words for key, words in said.items() if len(words) > 1} == {}
