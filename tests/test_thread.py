"""The thread from a department's Excel file to a number of the bulletin, on real input.

A department sends its table, an agent logs an issue on the phone with a photo, it is assigned,
answered with evidence, confirmed by the enterprise and struck off, a meeting talks about it,
and the bulletin of the month counts all of it and opens to the very rows.
"""

import json
import uuid
from datetime import date, datetime
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook

from crm.common.days import clock
from crm.common.days.clock import SHANGHAI
from crm.common.outbox.models import Recipient
from crm.common.people.actor import system_actor
from crm.common.records import chain
from crm.common.records.models import AuditEvent
from crm.models import Department, Membership
from crm.services import load_reference
from issues import services as issue_services
from issues.models import Issue
from issues.services import Matter
from profiles.models import Observation, UnknownEnterprise
from profiles.services import import_table, load_indicators, take_over_consents
from projects.models import Project
from tests.issues.factories import Cast, picture

pytestmark = pytest.mark.django_db
IN_AUGUST = datetime(2024, 8, 20, 9, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _in_august(settings):
    settings.ANSHANG_TODAY = IN_AUGUST.date()


@pytest.fixture
def cast(_in_august):
    """Everybody has been there since before August."""
    people = Cast()
    Project.objects.update(created_at=IN_AUGUST)
    Membership.objects.update(since=date(2024, 1, 2))
    return people


def sent_by_the_tax_office(enterprise):
    """A merged title, two header rows, full-width digits, a dash and a firm nobody knows."""
    book = Workbook()
    sheet = book.active
    sheet.append(["天门市2024年7月纳税情况"])
    sheet.merge_cells("A1:E1")
    sheet.append(["单位：万元"])
    sheet.append(["序号", "统一社会信用代码", "企业名称", "增值税应税销售额", "增值税实缴额"])
    sheet.append(["", "", "", "本月", "本月"])
    for column in "ABC":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.append([1, enterprise.uscc, enterprise.name, "１２３．４５", "—"])
    sheet.append([2, "", "天门市远航仓储有限公司", "88", "3.1"])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def figures():
    out = StringIO()
    call_command("bulletin", "2024-08", stdout=out)
    told = json.loads(out.getvalue())["figures"]
    return {key: figure["value"] for key, figure in told.items()}


def move(client, user, issue, name, **fields):
    client.force_login(user)
    answer = client.post(reverse("staff:issues:issue_move", args=[issue.pk, name]), fields)
    assert answer.status_code == 302, name


def imported(enterprise):
    load_reference()
    load_indicators()
    return import_table(
        actor=system_actor("test"),
        department=Department.objects.get(name__contains="税务局"),
        name="税务局-2024年7月纳税情况.xlsx",
        content=sent_by_the_tax_office(enterprise),
        at=IN_AUGUST,
    )


def logged(client, cast):
    client.force_login(cast.agent)
    typed = {
        "subject": f"p:{cast.project.pk}",
        "category": cast.category.pk,
        "severity": "stopped",
        "verbatim": "临时用电没通，桩机停了三天。",
        "client_uuid": str(uuid.uuid4()),
        "photos": [picture()],
    }
    assert client.post(reverse("staff:issues:issue_log"), typed).status_code == 302
    return Issue.objects.get()


def solved(client, cast, issue):
    move(client, cast.handler, issue, "sign")
    move(client, cast.handler, issue, "answer", text="已送电", evidence=[picture("后.jpg")])
    client.force_login(cast.member)
    confirm = reverse("portal:issues:issue_confirm", args=[issue.pk])
    assert client.post(confirm, {"outcome": "solved", "stars": "5"}).status_code == 302
    move(client, cast.agent, issue, "verify", photos=[picture("核验.jpg")])
    move(client, cast.lead, issue, "close")


def talked_about(cast, issue):
    meeting = issue_services.request_meeting(
        actor=cast.acts("agent"),
        at=IN_AUGUST,
        title="临时用电协调会",
        planned_at=IN_AUGUST,
        matters=[Matter(issue.title, issue=issue)],
    )
    issue_services.hold_meeting(
        actor=cast.acts("lead"),
        at=IN_AUGUST,
        meeting=meeting,
        held_at=IN_AUGUST,
        chair="陈振华",
        present=["供电公司"],
    )


def test_from_the_departments_file_and_the_agents_phone_to_the_bulletin(client, cast):
    assert figures()["observations"] == 0

    report = imported(cast.enterprise)
    assert (report.rows, report.created, len(report.review)) == (2, 1, 1)
    value = Observation.objects.get()
    assert (value.enterprise, value.shown) == (cast.enterprise, "123.45")
    assert UnknownEnterprise.objects.get().name == "天门市远航仓储有限公司"

    page = reverse("staff:crm:enterprise_detail", args=[cast.enterprise.pk])
    client.force_login(cast.agent)
    assert cast.enterprise.name in client.get(page).content.decode()
    assert "123.45" not in client.get(page).content.decode()
    take_over_consents(
        actor=system_actor("tests"), enterprises=[(cast.enterprise, "胡立")], at=clock.now()
    )
    assert "123.45" in client.get(page).content.decode()
    client.force_login(cast.stranger)
    assert "123.45" not in client.get(page).content.decode()

    issue = logged(client, cast)
    solved(client, cast, issue)
    issue.refresh_from_db()
    assert issue.status == "closed"
    kinds = set(Recipient.objects.filter(user=cast.member).values_list("message__kind", flat=True))
    assert "issues.confirmation_asked" in kinds
    talked_about(cast, issue)

    counted = figures()
    assert counted["indicators"] == 126
    assert counted["observations"] == 1
    assert counted["projects"] == Project.objects.count() == 1
    assert counted["meetings"] == 1
    assert counted["coordinated_issues"] == 1
    assert counted["coordinated_projects"] == 1
    client.force_login(cast.leader)
    rows = reverse("staff:cms:figure_detail", args=["2024-08", "coordinated_issues"])
    assert issue.number in client.get(rows).content.decode()
    rows = reverse("staff:cms:figure_detail", args=["2024-08", "observations"])
    assert "123.45" in client.get(rows).content.decode()


def test_every_step_of_the_thread_stands_in_the_audit_and_the_chain_holds(client, cast):
    imported(cast.enterprise)
    solved(client, cast, logged(client, cast))
    chain.seal_all()
    assert chain.verify().unsealed == 0
    assert AuditEvent.objects.values("verb").distinct().count() >= 5
    assert chain.verify().is_sound


def test_july_knows_nothing_of_august(client, cast):
    imported(cast.enterprise)
    talked_about(cast, cast.log(department=cast.power, at=IN_AUGUST))
    out = StringIO()
    call_command("bulletin", "2024-07", stdout=out)
    july = json.loads(out.getvalue())["figures"]
    keys = ("observations", "meetings", "coordinated_issues", "coordinated_projects")
    assert [july[key]["value"] for key in keys] == [0, 0, 0, 0]
