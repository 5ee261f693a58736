"""No page costs more queries than written down, and none costs more when there are more rows."""

import json
import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.architecture import guards
from tests.pages import all_pages

COUNTS = guards.ROOT / "tests" / "query_counts.json"
WRITES = os.environ.get("QUERY_COUNTS") == "write"
MOST = 15  # on a list page
PAGES = sorted(all_pages())


def _written():
    return json.loads(COUNTS.read_text("utf-8")) if COUNTS.exists() else {}


def _queries(client, user, url):
    if user is not None:
        client.force_login(user)
    assert client.get(url).status_code == 200, url  # warms what is cached for everybody
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200, url
    return [
        query["sql"]
        for query in found
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("key", PAGES)
def test_a_page_needs_the_queries_written_down(client, key):
    build = all_pages()[key]
    few = _queries(client, *build(2))
    many = _queries(client, *build(7))
    assert len(many) <= len(few), (
        f"{key} asks {len(few)} times for few rows and {len(many)} times for more:\n"
        + "\n".join(many)
    )
    if key.endswith("_list"):
        told = "\n".join(many)
        assert len(many) <= MOST, f"{key} needs {len(many)} queries, {MOST} are allowed:\n{told}"
    counts = _written()
    if WRITES:
        counts[key] = len(many)
        COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", "utf-8")
        return
    assert key in counts, f"{key} is not written down: call make query-counts"
    assert len(many) == counts[key], (
        f"{key} needs {len(many)} queries, {counts[key]} are written down. If that is meant, call "
        "make query-counts.\n" + "\n".join(many)
    )


def test_no_number_is_stale():
    if WRITES:
        kept = {key: number for key, number in _written().items() if key in PAGES}
        COUNTS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", "utf-8")
    assert sorted(set(_written()) - set(PAGES)) == []


@pytest.mark.django_db
def test_a_planted_query_per_row_is_found(client, monkeypatch):
    from django.http import HttpResponse
    from django.urls import path

    from crm.common.people.doors import open_to_public
    from crm.common.people.models import User
    from tests.common.factories import UserFactory

    @open_to_public(reason="a page planted by the test")
    def naive(request):
        return HttpResponse([str(User.objects.get(pk=user.pk).pk) for user in User.objects.all()])

    urls = type("urls", (), {"urlpatterns": [path("naive/", naive)]})
    monkeypatch.setattr("django.conf.settings.ROOT_URLCONF", urls)
    UserFactory()
    few = _queries(client, None, "/naive/")
    UserFactory.create_batch(3)
    assert len(_queries(client, None, "/naive/")) == len(few) + 3
