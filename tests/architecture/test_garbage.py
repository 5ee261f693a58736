"""What nobody means is answered by a page with a sentence, never by a broken one.

Every registered page is asked again with nonsense in each parameter it knows (its filters, its
forms that ask, the addresses it links to), and each of its forms is sent with nonsense in each
field. Lists are asked for every part they load later.
"""

import re
from typing import ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import transaction

from crm.common.http import whole_number
from tests.pages import all_pages

PAGES = sorted(all_pages())
# As they stand in an address: a digit that is none, numbers no column holds, half a character.
NONSENSE = {
    "superscript": "%C2%B2",
    "beyond any column": "9" * 25,
    "half a character": "%ED%A0%80",
    "over-long": "x" * 5000,
    "out of the calendar": "99999-13-45",
}
NUL = "a%00b"
ALWAYS = ("page", "size", "sort", "cols", "fragment", "of", "format", "q")


def _fetch(client, address, **more):
    """Ask in a transaction that is taken back: one form's answer is not the next one's start."""
    with transaction.atomic():
        answer = client.get(address, **more)
        transaction.set_rollback(True)
    return answer


def _send(client, address, body):
    with transaction.atomic():
        answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return answer


def _with(query, name, raw):
    """Return the query with one parameter set to what is written as it is."""
    kept = [(key, value) for key, value in query if key != name]
    return "&".join(part for part in (urlencode(kept), f"{quote(name)}={raw}") if part)


def _fields(form):
    """Return (name, value) of what a browser would send of a form."""
    found = []
    for field in form.find_all(["input", "select", "textarea", "button"]):
        name = field.get("name")
        if name and field.get("type") not in ("file", "submit", "image"):
            found.append((name, field.get("value", "")))
    return found


def _soup(answer):
    return BeautifulSoup(answer.content, "lxml")


def _asked(soup, url):
    """Return {path: (query, names)} of what the page asks by GET."""
    found = {}
    here = urlsplit(url)

    def note(address, names=()):
        parts = urlsplit(address)
        path = parts.path or here.path
        if parts.netloc or not path.startswith(("/work/", "/my/", "/inbox", "/files", "/jobs")):
            return
        query = parse_qsl(parts.query)
        _kept, known = found.setdefault(path, (query, set()))
        known.update(name for name, _value in query)
        known.update(names)

    note(url, ALWAYS)
    for form in soup.find_all("form"):
        if form.get("method", "get").lower() == "get" and not form.get("hx-post"):
            note(form.get("action") or here.path, {name for name, _value in _fields(form)})
    for tag in soup.find_all(attrs={"hx-get": True}):
        note(tag["hx-get"], {name for name, _value in _fields(tag)} | {tag.get("name") or "q"})
    for tag in soup.find_all("a", href=True):
        if "?" in tag["href"]:
            note(tag["href"])
    return found


def _posts(soup, url):
    """Yield (address, fields) of each form that writes."""
    here = urlsplit(url).path
    for form in soup.find_all("form"):
        address = form.get("hx-post") or form.get("action") or here
        if form.get("method", "get").lower() == "post" or form.get("hx-post"):
            yield urlsplit(address)._replace(fragment="").geturl() or here, _fields(form)


def _filters(client, path):
    """Return the parameters of all filters of a list: each menu is a request of its own."""
    names = set()
    for tag in _soup(_fetch(client, path)).find_all(attrs={"hx-get": True}):
        address = tag["hx-get"]
        if "fragment=filters" in address:
            opened = _fetch(client, address, headers={"HX-Request": "true"})
            names |= {one["name"] for one in _soup(opened).find_all(attrs={"name": True})}
    return names


class Judge:
    """Asks once for each parameter of each route and keeps what broke."""

    # The frame is on every page: what one page asked of it the next need not ask again.
    asked: ClassVar[set] = set()

    def __init__(self, client):
        self.client, self.broken = client, []

    def of(self, method, path, name):
        """Say whether this parameter has its turn now."""
        seen = (method, re.sub(r"[0-9a-f-]{36}|[0-9]+", "#", urlsplit(path).path), name)
        turn = seen not in self.asked
        self.asked.add(seen)
        return turn

    def get(self, told, address, wanted=None):
        self._judge(f"GET {told}", lambda: _fetch(self.client, address), wanted)

    def post(self, told, address, body, wanted=None):
        self._judge(f"POST {told}", lambda: _send(self.client, address, body), wanted)

    def _judge(self, told, ask, wanted):
        try:
            status = ask().status_code
        except Exception as error:
            self.broken.append(f"{told}: {type(error).__name__} {str(error)[:150]}")
            return
        if status >= 500 or wanted not in (None, status):
            self.broken.append(f"{told}: {status}")


@pytest.mark.django_db
@pytest.mark.parametrize("key", PAGES)
def test_nonsense_gets_an_answer(client, key):
    user, url = all_pages()[key](2)
    if user is not None:
        client.force_login(user)
    shown = _fetch(client, url)
    assert shown.status_code == 200
    judge, soup = Judge(client), _soup(shown)
    for path, (query, names) in _asked(soup, url).items():
        every = names | _filters(client, path) if path == urlsplit(url).path else names
        for name in [name for name in sorted(every) if judge.of("GET", path, name)]:
            for what, raw in [*NONSENSE.items()][:3]:
                judge.get(f"{path} {name}: {what}", f"{path}?{_with(query, name, raw)}")
            judge.get(f"{path} {name}: NUL", f"{path}?{_with(query, name, NUL)}", 400)
    for address, fields in _posts(soup, url):
        names = dict.fromkeys(name for name, _value in fields if name != "csrfmiddlewaretoken")
        for name in [name for name in names if judge.of("POST", address, name)]:
            for what, raw in NONSENSE.items():
                judge.post(f"{address} {name}: {what}", address, _with(fields, name, raw))
            judge.post(f"{address} {name}: NUL", address, _with(fields, name, NUL), 400)
    assert judge.broken == []


@pytest.mark.django_db
def test_a_host_that_is_not_ours_gets_a_page(client, settings):
    settings.ALLOWED_HOSTS = ["anshang.example"]
    answer = client.get("/", headers={"host": "evil.example", "referer": "https://evil.example/"})
    assert (answer.status_code, b"evil.example" in answer.content) == (400, False)
    assert b"data-as-message" in answer.content


@pytest.mark.django_db
def test_a_cookie_with_a_nul_signs_nobody_in_and_breaks_nothing(client):
    client.cookies["sessionid"] = "abcdefgh\x00"
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("²", None), ("٣", None), ("-1", None), ("", None), ("1\n", None), ("9" * 19, None)],
)
def test_a_whole_number_is_written_in_ten_digits(text, number):
    assert whole_number(text) == number
