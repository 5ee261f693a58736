"""Every address that answers with a page is registered: counted, looked at, followed."""

import csv
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import resolve

from tests.architecture.guards import ROOT
from tests.pages import all_pages

NO_PAGES = {
    "account_confirm_email": "no address is confirmed by a letter",
    "account_email": "addresses are kept by administrators; no page leads there",
    "account_email_verification_sent": "no address is confirmed by a letter",
    "account_inactive": "a sentence for closed accounts, in the layout of the sign-in page",
    "account_reset_password_from_key": "the key of a letter, used once",
    "file_download": "a file",
    "healthz": "a word for a load balancer",
    "portal:issues:issue_outlook": "a part of the page on which an enterprise reports",
    "staff:crm:contact_reveal": "a part of the page of an enterprise",
    "staff:issues:issue_forecast": "a part of the page that logs an issue",
    "staff:issues:issue_pick": "a part of the page that logs an issue",
    "staff:issues:minutes_file": "a document",
    "staff:projects:enterprise_options": "a part of the form of a project",
}
NO_SECOND = {
    "inbox_list": "one's own messages, wherever one works",
    "portal:issues:issue_list": "an enterprise sees its own",
    "staff:cms:bulletin_list": "the city's figures are the same to all",
    "staff:common:catalogue_list": "the catalogues are the same to all",
    "staff:crm:account_list": "administrators keep all accounts",
    "staff:policy_match:clause_list": "policies are the same to all",
    "usersessions_list": "one's own sessions",
}
OF_THE_AREA = ("_list", ":today", ":search")


def matrix():
    """Yield the rows of the access matrix that read."""
    text = (ROOT / "tests" / "access_matrix.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row.pop("method") == "GET":
            yield row.pop("view"), row.pop("record"), row


def readable():
    """Return the addresses that answer somebody with something to read."""
    return {view for view, _record, answers in matrix() if "200" in answers.values()}


def open_to_outsiders():
    """Return the addresses that show an agent from elsewhere a page, about what is not his."""
    lists = {view for view in readable() if view.endswith(OF_THE_AREA)}
    return lists | {
        view
        for view, record, answers in matrix()
        if record == "outside" and answers["agent"] == "200"
    }


@pytest.fixture(scope="module")
def registered(django_db_setup, django_db_blocker):
    """Return {key of a page: the address it asks for}."""
    found = {}
    with django_db_blocker.unblock(), transaction.atomic():
        for key, build in all_pages().items():
            with transaction.atomic():
                found[key] = resolve(urlsplit(build(1)[1]).path).view_name
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


def unregistered(wanted, found, excused):
    """Return the addresses nobody registered, and the excuses nobody needs."""
    missing = set(wanted) - set(found)
    return sorted(missing - set(excused)), sorted(set(excused) - missing)


@pytest.mark.django_db
def test_every_page_is_registered_or_stands_with_its_reason(registered):
    assert unregistered(readable(), registered.values(), NO_PAGES) == ([], [])


@pytest.mark.django_db
def test_where_the_area_matters_somebody_from_elsewhere_looks_too(registered):
    twins = {view for key, view in registered.items() if key.endswith("@outside")}
    assert unregistered(open_to_outsiders(), twins, NO_SECOND) == ([], [])


def test_a_planted_page_and_a_stale_excuse_are_found():
    assert unregistered({"a", "b", "c"}, {"a"}, {"b": "why", "a": "no more"}) == (["c"], ["a"])
