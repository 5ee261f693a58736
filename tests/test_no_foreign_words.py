"""The Chinese interface is Chinese: no English sentence, code name or machine clock on a page.

Every registered page is drawn in Chinese and its visible words are read. What remains in Latin
letters must be a code, a unit, the name of a format or of a thing that has no other name.
"""

import re
from html.parser import HTMLParser

import pytest

from tests.pages import all_pages

pytestmark = pytest.mark.django_db
SPOKEN = ("aria-label", "placeholder", "title", "alt")
SILENT = {"script", "style", "svg", "code", "kbd", "template", "textarea"}
# Units, formats, and names that are the same in every language.
ALLOWED = {
    "XLSX", "XLS", "PDF", "DOCX", "CSV", "JPG", "PNG", "XML", "MB", "KB", "GB", "kW", "kWh", "MW", "kV", "GDP",
    "English", "Chrome", "Edge", "Firefox", "Safari", "JavaScript",
}  # fmt: skip
# Numbers of records, names of files, addresses of mail: letters in one piece with digits or dots.
CODE = re.compile(r"[A-Za-z]*[0-9_./@:#-][\w./@:#*-]*|[\w.-]+@[\w.-]+")
WORD = re.compile(r"[A-Za-z]{2,}")


class Words(HTMLParser):
    """What a page says: its text and the words read aloud; not what people typed."""

    def __init__(self, text):
        super().__init__()
        self.said, self.deep, self.other = [], 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag in SILENT:
            self.deep += 1
        if self.deep or found.get("lang") == "en":
            return
        self.said += [found[name] for name in SPOKEN if found.get(name)]

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.deep -= 1

    def handle_data(self, data):
        if not self.deep and data.strip():
            self.said.append(data.strip())


def foreign(text):
    """Return the Latin words of a page that nobody allowed, with the words around them."""
    found = []
    for said in Words(text).said:
        left = CODE.sub(" ", said)
        found += [f"{word}: {said}" for word in WORD.findall(left) if word not in ALLOWED]
    return sorted(set(found))


# Shows what developers build with, in their words; and what a page's own test planted.
MAKERS, PLANTED = {"common.styleguide"}, "planted"


@pytest.mark.parametrize("key", sorted(set(all_pages()) - MAKERS))
def test_a_page_speaks_chinese(key, client):
    user, path = all_pages()[key](3)
    if user is not None:
        client.force_login(user)
    answer = client.get(path, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 200
    assert [one for one in foreign(answer.content.decode()) if PLANTED not in one] == []


def test_a_planted_english_word_and_code_name_are_found():
    page = '<p>研发补助 rd_subsidy</p><a aria-label="Open it">打开</a><kbd>J</kbd><p>导出 XLSX</p>'
    assert foreign(page) == ["Open: Open it", "it: Open it"]
