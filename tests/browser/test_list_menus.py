"""The menus of a list hold nothing until they are opened; then they work."""

import pytest
from playwright.sync_api import expect

from crm.common.people.enums import Role
from crm.common.people.models import User
from tests.common.factories import UserFactory
from tests.pages import all_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def issues(page, live_server, sign_in):
    """The list of issues, before somebody who may assign them."""
    user, path = all_pages()["issues.issue_list"](4)
    if not user.role_grants.filter(role=Role.LEAD).exists():
        user.role_grants.create(role=Role.LEAD)
    sign_in(User.objects.get(pk=user.pk))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url + path)
    return page


def test_a_filter_brings_its_choices_when_it_is_opened_and_moves_the_address(issues, complaints):
    menu = issues.locator(".as-filters .dropdown").first
    expect(menu.locator("input[type=checkbox]")).to_have_count(0)
    menu.get_by_role("button").click()
    menu.locator("input[type=checkbox]").first.check()
    issues.wait_for_url("**/issues/?*status=*")
    expect(issues.locator("#list")).to_be_visible()
    assert complaints == []


def test_rows_are_picked_and_the_action_asks_in_its_own_menu(issues, complaints):
    bar = issues.locator("[data-as-bulk]")
    expect(bar).to_be_hidden()
    issues.locator("tbody input[name=pick]").first.check()
    expect(bar).to_be_visible()
    action = bar.locator(".dropdown").first
    action.get_by_role("button").first.click()
    expect(action.locator("select")).to_be_visible()
    expect(action.locator("button[name=bulk]")).to_be_visible()
    assert complaints == []


def test_a_column_is_hidden_from_the_menu_of_columns(issues, complaints):
    heads = issues.locator("thead th").count()
    menu = issues.locator(".page-header .dropdown").first
    menu.get_by_role("button").first.click()
    menu.locator("input[type=checkbox]:checked").first.uncheck()
    menu.locator("button[type=submit]").click()
    issues.wait_for_url("**cols=*")
    assert issues.locator("thead th").count() == heads - 1
    assert complaints == []


def test_a_view_is_saved_from_its_dialog(issues, complaints):
    issues.locator("[data-as-dialog=as-views]").click()
    issues.locator("#as-view-name").fill("我的一周")
    issues.locator("#as-views button[type=submit]").first.click()
    expect(issues.get_by_role("link", name="我的一周")).to_be_visible()
    assert complaints == []


def test_the_language_and_the_way_out_stand_in_the_menu_of_the_person(
    page, live_server, sign_in, complaints
):
    sign_in(UserFactory(roles=[Role.AGENT]))
    page.goto(live_server.url + "/work/projects/")
    page.locator(".as-user").first.click()
    page.locator("button[name=language][value=en]").click()
    page.wait_for_url("**/work/projects/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(".as-user").first.click()
    page.get_by_role("button", name="Sign out").click()
    # Whoever signs in next does not begin where this person stood.
    page.wait_for_url(lambda url: "/work/projects/" not in url)
    assert "projects" not in page.url
    assert complaints == []
