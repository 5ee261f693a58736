"""Two people save one record: the screen asks the later one field by field."""

import pytest
from playwright.sync_api import expect

from tests.test_two_save_one_record import entered, enterprise, kept

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_later_one_chooses_and_nothing_of_the_first_is_lost(
    page, live_server, sign_in, complaints, width
):
    case = enterprise()
    sign_in(case.user)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + case.url)
    record = case.record
    record.refresh_from_db()
    record.address, record.legal_representative, record.version = "甲填的", "甲填的", 2
    record.save()
    page.locator("#id_address").fill("乙填的")
    page.locator("#id_established_on").fill(entered("established_on", "乙"))
    page.locator("main form button[type=submit]").last.click()
    asked = page.locator(".as-conflict")
    expect(asked).to_have_count(3)
    expect(page.locator("#id_address")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert asked.locator("input:checked").count() == 2
    asked.filter(has_text="乙填的").get_by_label("乙填的").check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"**/enterprises/{record.pk}/")
    assert kept(record, "address") == "乙填的"
    assert kept(record, "legal_representative") == "甲填的"
    assert kept(record, "established_on") == entered("established_on", "乙")
    assert [one for one in complaints if "409" not in one] == []
