"""The whole thread through the pages: three categories, three departments, from word to end."""

import pytest
from django.urls import reverse

from crm.common.people.enums import Role
from issues.models import Issue
from tests.crm.factories import DepartmentFactory, staff
from tests.issues.factories import CategoryFactory, picture

pytestmark = pytest.mark.django_db

STORIES = [
    ("用电", "临时用电没通，桩机停了三天。", "stopped"),
    ("排水", "厂门口雨水井堵了，装卸口进水。", "delaying"),
    ("用工", "夜班缺缝纫工 60 人。", "normal"),
]


class Thread:
    """One issue from the enterprise's word to the end, each step from the page that offers it."""

    def __init__(self, client, cast, category, handler):
        self.client, self.cast, self.category, self.handler = client, cast, category, handler

    def report(self, words, severity):
        self.client.force_login(self.cast.member)
        answer = self.client.post(
            reverse("portal:issues:issue_report"),
            {
                "enterprise": self.cast.enterprise.pk,
                "kind": "problem",
                "category": self.category.pk,
                "severity": severity,
                "verbatim": words,
                "photos": [picture()],
            },
        )
        assert answer.status_code == 302
        self.issue = Issue.objects.get(verbatim=words)

    def move(self, user, name, **fields):
        self.client.force_login(user)
        page = reverse("staff:issues:issue_detail", args=[self.issue.pk])
        address = reverse("staff:issues:issue_move", args=[self.issue.pk, name])
        assert address in self.client.get(page).content.decode(), name
        assert self.client.post(address, fields).status_code == 302, name

    def confirm(self, outcome, words=""):
        self.client.force_login(self.cast.member)
        address = reverse("portal:issues:issue_confirm", args=[self.issue.pk])
        page = reverse("portal:issues:issue_detail", args=[self.issue.pk])
        assert address in self.client.get(page).content.decode()
        assert self.client.post(address, {"outcome": outcome, "words": words}).status_code == 302

    def status(self):
        self.issue.refresh_from_db()
        return self.issue.status


@pytest.mark.parametrize(("name", "words", "severity"), STORIES)
def test_an_issue_of_each_category_goes_to_its_department_and_to_its_end(
    client, cast, name, words, severity
):
    unit = DepartmentFactory()
    handler = staff(Role.HANDLER, department=unit)
    thread = Thread(client, cast, CategoryFactory(name=name, department=unit), handler)
    thread.report(words, severity)
    thread.move(cast.agent, "assign", department=unit.pk)
    assert thread.issue.units == unit.short_name
    client.force_login(cast.handler)
    page = reverse("staff:issues:issue_detail", args=[thread.issue.pk])
    assert client.get(page).status_code == 404
    thread.move(handler, "sign")
    client.force_login(cast.agent)
    urge = reverse("staff:issues:issue_urge", args=[thread.issue.pk])
    assert client.post(urge).status_code == 302
    thread.move(handler, "answer", text="已办", evidence=[picture("后.jpg")])
    thread.confirm("partly", "还差一点")
    assert thread.status() == "handling"
    thread.move(handler, "answer", text="这回办好了", evidence=[picture("再.jpg")])
    thread.confirm("solved")
    thread.move(cast.agent, "verify", photos=[picture("核验.jpg")])
    thread.move(cast.lead, "close")
    assert thread.status() == "closed"
    client.force_login(cast.member)
    told = client.get(reverse("portal:issues:issue_detail", args=[thread.issue.pk]))
    assert "历次办理" in told.content.decode()
    client.force_login(cast.strange_member)
    assert client.get(told.request["PATH_INFO"]).status_code == 404
