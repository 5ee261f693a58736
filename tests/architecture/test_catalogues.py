"""Both languages are complete: every phrase has its Chinese, none is guessed."""

import re

import polib

from tests.architecture import catalogues, guards

PO = guards.ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def _catalogue():
    assert PO.is_file(), f"{PO} is missing"
    return polib.pofile(str(PO))


def test_every_phrase_of_the_product_has_its_chinese():
    lacking = catalogues.missing(catalogues.words_of_product(guards.ROOT), _catalogue())
    assert not lacking, f"{len(lacking)} phrases lack Chinese:\n" + "\n".join(lacking)


def test_nothing_in_the_catalogue_is_fuzzy_or_double():
    entries = [entry for entry in _catalogue() if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    keys = [(entry.msgctxt, entry.msgid) for entry in entries]
    assert sorted({key[1] for key in keys if keys.count(key) > 1}) == []


def test_translations_keep_the_placeholders():
    broken = []
    for entry in _catalogue():
        wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() if entry.msgstr_plural else [entry.msgstr]:
            if text and set(_PLACEHOLDER.findall(text)) != wanted:
                broken.append(entry.msgid)
    assert broken == []


def test_a_planted_untranslated_phrase_is_found():
    page = "{% load i18n %}{% translate 'Log an issue' %}{% blocktranslate %}Due {{ day }}{% endblocktranslate %}"
    said = dict.fromkeys(catalogues.words_of_template(page), "page.html")
    said |= dict.fromkeys(
        catalogues.words_of_python("x = _('Close')\ny = pgettext('a', 'b')"), "a.py"
    )
    assert set(said) == {("", "Log an issue"), ("", "Due %(day)s"), ("", "Close"), ("a", "b")}
    assert len(catalogues.missing(said, polib.POFile())) == 4
