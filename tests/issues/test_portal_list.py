"""An enterprise finds its issues as everybody finds a list: searched, narrowed, ordered, taken along."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from issues import services
from tests.crm.factories import EnterpriseFactory
from tests.issues.factories import AT, Cast

pytestmark = pytest.mark.django_db
LIST = "portal:issues:issue_list"


@pytest.fixture
def cast(client):
    cast = Cast()
    client.force_login(cast.member)
    return cast


@pytest.fixture
def named(cast):
    """Return the cast's issues by what is to be seen of them."""
    closed = cast.closed()
    asked = cast.answered(at=AT + timedelta(hours=1))
    running = cast.log(verbatim="缺 20 名车工。", at=AT + timedelta(hours=2))
    mistake = cast.log(verbatim="重复登记。")
    services.withdraw_issue(actor=cast.acts("lead"), at=AT, issue=mistake, reason="重复")
    other = EnterpriseFactory(area=cast.area)
    cast.log(enterprise=other, project=None, verbatim="别家企业的事。")
    return {closed.pk: "closed", asked.pk: "asked", running.pk: "running"}


def shown(client, named, query=""):
    page = client.get(reverse(LIST) + query)
    return [named[row.pk] for row in page.context["listing"].rows]


def test_only_the_own_ones_are_listed_the_latest_first(client, named):
    assert shown(client, named) == ["running", "asked", "closed"]


def test_what_waits_for_the_enterprise_stands_above_and_is_a_view(client, named):
    page = client.get(reverse(LIST))
    assert [named[row.pk] for row in page.context["asked"]] == ["asked"]
    assert [view.count for view in page.context["listing"].views] == [None, 1, None]
    assert shown(client, named, "?show=asked") == ["asked"]
    assert shown(client, named, "?show=open") == ["running", "asked"]
    assert shown(client, named, "?status=closed") == ["closed"]


@pytest.mark.parametrize(("query", "found"), [("?q=车工", ["running"]), ("?q=别家", [])])
def test_it_is_searched_within_the_own_ones(client, named, query, found):
    assert shown(client, named, query) == found


def test_what_was_entered_by_mistake_is_found_by_no_filter(client, named):
    assert (
        "withdrawn"
        not in client.get(f"{reverse(LIST)}?fragment=filters&of=status").content.decode()
    )
    assert shown(client, named, "?status=withdrawn") == ["running", "asked", "closed"]


def test_the_sheet_holds_what_the_screen_shows(client, named):
    answer = client.get(reverse(LIST) + "?format=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer))).active
    assert sheet.max_row == 4
    assert "别家企业" not in str(list(sheet.values))


def test_a_member_of_another_enterprise_and_the_staff_see_nothing(client, cast, named):
    client.force_login(cast.strange_member)
    assert shown(client, named) == []
    client.force_login(cast.agent)
    assert client.get(reverse(LIST)).status_code == 403
