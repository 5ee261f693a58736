"""Nobody is offered what he may not do: every link and button of every page, as every role.

The crawl begins at each person's home and follows what the pages show. A link must answer with a
page; the target of a button must be open to the person's role and take a POST. One page of each
kind is opened for each person, so that the crawl ends.
"""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import Http404
from django.urls import resolve, reverse

from crm.common.people.doors import Door
from tests.crm.factories import acting
from tests.test_who_sees_what import PEOPLE, City

pytestmark = pytest.mark.django_db
LINKS = ("href", "hx-get")
# What is allauth's own, or no page.
LEFT_OUT = ("/accounts/", "/static/", "/i18n/", "/cms/")
MOST = 150


class Page(HTMLParser):
    """The links and the POST targets of a page."""

    def __init__(self, text, at):
        super().__init__()
        self.at, self.links, self.posts = at, [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form" and (found.get("method") or "").lower() == "post":
            self.posts.append(urljoin(self.at, found.get("action") or self.at))
        if found.get("hx-post"):
            self.posts.append(urljoin(self.at, found["hx-post"]))
        if tag == "link":
            return
        for name in LINKS:
            target = found.get(name)
            if target and not target.startswith(("#", "tel:", "mailto:", "javascript:")):
                self.links.append(urljoin(self.at, target))


def _kind(url):
    """Return what kind of page an address is: its view, and which filters it has."""
    parts = urlsplit(url)
    return resolve(parts.path).view_name, tuple(
        sorted(p.split("=")[0] for p in parts.query.split("&"))
    )


def _closed_post(url, client, user):
    """Return why a button's target would refuse the person, or nothing."""
    found = resolve(urlsplit(url).path)
    if found.view_name == "wagtail_serve":
        # Whatever no pattern knows would be a page of the public site: nothing takes a POST there.
        return "404"
    door = getattr(found.func, "door", None)
    if isinstance(door, Door) and door.roles and not acting(user).has(*door.roles):
        return "403"
    return ""


def crawl(client, user, start):
    """Return (page, link, what came) of every dead end, and the kinds of pages opened."""
    client.force_login(user)
    waiting, seen, dead = [("", start)], set(), []
    while waiting and len(seen) < MOST:
        source, url = waiting.pop(0)
        path = urlsplit(url).path
        if path.startswith(LEFT_OUT):
            continue
        try:
            kind = _kind(url)
        except Http404:
            dead.append((source, url, 404))
            continue
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(url, follow=True)
        if answer.status_code != 200:
            dead.append((source, url, answer.status_code))
            continue
        if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
            continue
        page = Page(answer.content.decode(), url)
        waiting += [(url, link) for link in page.links]
        dead += [
            (url, post, why) for post in page.posts if (why := _closed_post(post, client, user))
        ]
    return dead, seen


@pytest.fixture
def city():
    return City()


@pytest.mark.parametrize("who", PEOPLE)
def test_every_link_and_button_a_page_shows_leads_somewhere(city, client, who):
    city.judged()
    dead, seen = crawl(client, city.people[who], reverse("home"))
    assert dead == []
    assert len(seen) > 3


def test_a_planted_dead_end_is_found(city, client):
    page = Page('<a href="/work/accounts/">x</a><form method="post" action="/nowhere/">', "/work/")
    assert page.links == ["/work/accounts/"]
    assert _closed_post(page.posts[0], client, city.agent) == "404"
    merge = reverse("staff:crm:account_act", args=[1, "reopen"])
    assert _closed_post(merge, client, city.agent) == "403"
