"""The bulletin of a month: counted from rows, the same on the page and in the command."""

import json
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cms.enums import BULLETIN_FIGURES
from cms.selectors.bulletins import (
    bulletin_document,
    bulletin_for,
    cutoff_of,
    parse_month,
    recent_months,
)
from crm.common.days.clock import SHANGHAI
from crm.common.errors import UserFacingError
from crm.common.people.enums import Role
from crm.common.records import audit, chain
from crm.common.records.models import AuditEvent
from projects.models import Project
from tests.common.factories import actor_of
from tests.crm.factories import AreaFactory, EnterpriseFactory, member_of, staff
from tests.issues.factories import ProjectFactory

pytestmark = pytest.mark.django_db
LAST_MOMENT = datetime(2024, 8, 31, 23, 59, 59, 999999, tzinfo=SHANGHAI)
DETAIL = "staff:cms:bulletin_detail"
ROWS = "staff:cms:figure_detail"


@pytest.fixture(autouse=True)
def _in_september(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)


def printed(month="2024-08", **options):
    out = StringIO()
    call_command("bulletin", month, stdout=out, **options)
    return out.getvalue()


NOBODY_REPORTED = {
    "agreed_amount",
    "paid_in_amount",
    "relieved_amount",
    "approval_workdays",
    "issues_on_time",
}


def test_the_command_prints_the_figures_and_nothing_else():
    told = json.loads(printed())
    assert set(told) == {"month", "figures"}
    assert told["month"] == "2024-08"
    assert set(told["figures"]) == set(BULLETIN_FIGURES)
    for key, figure in told["figures"].items():
        assert set(figure) == {"value", "unit", "rows", "label_zh"}
        assert figure["rows"] == f"/work/bulletins/2024-08/figures/{key}/"
        assert figure["value"] == (None if key in NOBODY_REPORTED else 0)


def test_the_command_writes_a_file(tmp_path):
    path = tmp_path / "bulletin.json"
    assert printed(output=path) == ""
    assert json.loads(path.read_text("utf-8")) == json.loads(printed())


def test_a_folder_that_is_not_there_gets_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="gone"):
        printed(output=tmp_path / "gone" / "bulletin.json")


def test_the_html_form_holds_the_figures():
    ProjectFactory.create_batch(3, created_at=LAST_MOMENT)
    assert ">3</a>" in printed(format="html")


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_the_printed_forms_are_written_to_a_file(form, start, tmp_path):
    target = tmp_path / f"bulletin.{form}"
    call_command("bulletin", "2024-08", "--format", form, "--output", str(target))
    assert target.read_bytes().startswith(start)
    with pytest.raises(CommandError, match="--output"):
        call_command("bulletin", "2024-08", "--format", form)


def test_a_form_that_is_not_made_is_refused_by_name():
    with pytest.raises(CommandError, match="json"):
        call_command("bulletin", "2024-08", "--format", "wps")


@pytest.mark.parametrize(
    "month", ["2024-13", "2024", "八月", "2024-8", "2024-08-01", "", "2024-10"]
)
def test_a_wrong_or_future_month_gets_a_sentence(month, client):
    with pytest.raises(CommandError, match=r"2024|八月|月"):
        printed(month)
    client.force_login(staff(Role.LEADER))
    if month:
        assert client.get(reverse(DETAIL, args=[month])).status_code == 404


def test_the_month_ends_with_its_last_moment_in_shanghai():
    inside = ProjectFactory(created_at=LAST_MOMENT)
    ProjectFactory(created_at=LAST_MOMENT + timedelta(microseconds=1))
    line = bulletin_for(date(2024, 8, 1)).by_key["projects"]
    assert (line.value, line.before, line.added) == (1, 0, 1)
    assert list(line.figure.rows(cutoff_of(date(2024, 8, 1)))) == [inside]


def test_a_project_that_is_deleted_is_not_counted_any_more():
    ProjectFactory.create_batch(4, created_at=LAST_MOMENT)
    assert json.loads(printed())["figures"]["projects"]["value"] == 4
    Project.objects.first().delete()
    assert json.loads(printed())["figures"]["projects"]["value"] == 3


def test_a_past_month_stays_as_it_was_when_later_rows_come():
    ProjectFactory(created_at=datetime(2024, 5, 3, tzinfo=SHANGHAI))
    before = printed("2024-06")
    ProjectFactory.create_batch(2, created_at=LAST_MOMENT)
    assert printed("2024-06") == before


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_month_goes_on_where_the_one_before_ended(day):
    month = day.replace(day=1)
    following = cutoff_of(month).astimezone(SHANGHAI)
    assert following.day == 1
    assert following - timedelta(microseconds=1) < cutoff_of(following.date())
    assert parse_month(f"{month:%Y-%m}", today=day) == month
    assert recent_months(following.date(), 1) == [month]


def test_months_before_there_was_anything_are_refused():
    with pytest.raises(UserFacingError, match="2020-01"):
        parse_month("2019-12", today=date(2024, 9, 12))


def test_page_and_command_say_the_same_and_every_number_opens(client):
    ProjectFactory.create_batch(3, created_at=LAST_MOMENT)
    client.force_login(staff(Role.LEADER))
    page = client.get(reverse(DETAIL, args=["2024-08"])).content.decode()
    told = json.loads(printed())["figures"]
    for key, figure in told.items():
        shown = "—" if figure["value"] is None else figure["value"]
        assert f'<a class="as-fig" href="figures/{key}/">{shown}</a>' in page
        assert client.get(figure["rows"]).status_code == 200
    assert "2024-07" in client.get(reverse("staff:cms:bulletin_list")).content.decode()


def test_the_rows_behind_a_number_are_the_ones_counted(client):
    projects = ProjectFactory.create_batch(53, created_at=LAST_MOMENT)
    late = ProjectFactory(created_at=LAST_MOMENT + timedelta(days=1))
    client.force_login(staff(Role.LEADER))
    url = reverse(ROWS, args=["2024-08", "projects"])
    texts = [client.get(url, {"page": page}).content.decode() for page in (1, 2)]
    for project in projects:
        assert sum(project.code in text for text in texts) == 1
    assert late.code not in "".join(texts)


def test_the_rows_can_be_searched_and_exported(client):
    wanted = ProjectFactory(name="光电显示模组项目", created_at=LAST_MOMENT)
    other = ProjectFactory(created_at=LAST_MOMENT)
    client.force_login(staff(Role.LEADER))
    url = reverse(ROWS, args=["2024-08", "projects"])
    page = client.get(url, {"q": "显示模组"}).content.decode()
    assert wanted.code in page
    assert other.code not in page
    none = client.get(url, {"q": "没有这样的"}).content.decode()
    assert "没有这样的" in none
    assert wanted.code not in none
    sheet = load_workbook(BytesIO(client.get(url, {"format": "xlsx"}).content)).active
    assert sheet.max_row == 1 + 2
    assert AuditEvent.objects.get(verb="list.exported").after["list"] == (
        "cms.figure:2024-08:projects"
    )


def test_every_figure_can_be_searched_and_exported(client):
    client.force_login(staff(Role.LEADER))
    for key in BULLETIN_FIGURES:
        url = reverse(ROWS, args=["2024-08", key])
        assert client.get(url, {"q": "泵"}).status_code == 200, key
        assert client.get(url, {"format": "xlsx"}).status_code == 200, key


def test_an_unknown_figure_is_a_404(client):
    client.force_login(staff(Role.LEADER))
    assert client.get(reverse(ROWS, args=["2024-08", "wishes"])).status_code == 404


def test_an_agent_sees_the_number_but_only_rows_of_its_own_areas(client):
    area = AreaFactory()
    mine = ProjectFactory(enterprise=EnterpriseFactory(area=area), created_at=LAST_MOMENT)
    foreign = ProjectFactory(created_at=LAST_MOMENT)
    client.force_login(staff(Role.AGENT, areas=[area]))
    url = reverse(ROWS, args=["2024-08", "projects"])
    page = client.get(url).content.decode()
    assert mine.code in page
    assert foreign.code not in page
    sheet = load_workbook(BytesIO(client.get(url, {"format": "xlsx"}).content)).active
    assert sheet.max_row == 1 + 1


def test_strangers_do_not_read_bulletins(client):
    addresses = [
        reverse("staff:cms:bulletin_list"),
        reverse(DETAIL, args=["2024-08"]),
        reverse(ROWS, args=["2024-08", "projects"]),
    ]
    for url in addresses:
        assert client.get(url).status_code == 302
    client.force_login(member_of(EnterpriseFactory()))
    for url in addresses:
        assert client.get(url).status_code == 403


def test_the_end_of_the_audit_is_printed_on_screen_and_on_paper(client):
    leader = staff(Role.LEADER)
    audit.record("test.act", actor=actor_of(leader), target=leader)
    chain.seal_all()
    head = chain.current_head()
    client.force_login(leader)
    assert head.short in client.get(reverse(DETAIL, args=["2024-08"])).content.decode()
    assert head.short in printed(format="html")
    assert head.short in str(bulletin_document(bulletin_for(date(2024, 8, 1))))
