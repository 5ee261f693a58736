"""Every registered page on a desk and on a phone, light and dark: readable, silent, at home."""

import json

import pytest

from crm.common.people.models import User
from tests.architecture.guards import ROOT
from tests.pages import all_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = ROOT / "var" / "assets" / "vendor" / "axe.min.js"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def _violations(page):
    page.evaluate(AXE.read_text("utf-8"))
    words = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    result = page.evaluate(f"axe.run(document, {json.dumps(words)})")
    return [
        f"{found['id']}: {node['target']} {node.get('failureSummary', '')}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def _judge(page, url, size, scheme):
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(url)
    page.wait_for_load_state("networkidle")
    assert _violations(page) == [], (size, scheme)
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{url} is {wider} px wider than a {size}"


@pytest.mark.parametrize("key", sorted(all_pages()))
def test_a_page_is_readable_silent_and_fits(key, page, live_server, complaints, sign_in):
    user, path = all_pages()[key](4)
    if user is not None:
        sign_in(user)
    for size in SIZES:
        for scheme in ("light", "dark"):
            _judge(page, live_server.url + path, size, scheme)
    assert complaints == []


def test_signing_in_with_the_keyboard_alone(page, live_server, complaints):
    User.objects.create_user("wen", password="a-long-enough-pass-9")
    page.goto(live_server.url + "/accounts/login/")
    page.locator("input[name=login]").focus()
    page.keyboard.type("wen")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "password":
            break
    page.keyboard.type("a-long-enough-pass-9")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    assert complaints == []


@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page(size, scheme, page, live_server, complaints):
    _judge(page, live_server.url + "/accounts/login/", size, scheme)
    assert complaints == []
