from caunoi.kit import catalogue


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
