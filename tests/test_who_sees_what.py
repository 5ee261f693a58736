"""The table of docs/access.md, cell by cell: what each person is shown and refused."""

from pathlib import Path

import pytest
from django.urls import reverse

from crm.common.people.enums import Role
from crm.models import Contact, Department, Enterprise
from crm.services import load_reference
from issues import services as issue_services
from issues.models import AgendaItem, Issue, Meeting
from policy_match.models import Match
from policy_match.services import (
    ClauseInput,
    draft_version,
    move_version,
    publish_version,
    register_clause,
    run_match,
)
from profiles.models import Indicator, Observation
from profiles.services import (
    Value,
    build_snapshot,
    load_indicators,
    record_values,
    take_over_consents,
)
from projects.models import Project, TeamMember, TeamSlot
from tests.crm.factories import (
    AT,
    AreaFactory,
    ContactFactory,
    EnterpriseFactory,
    acting,
    staff,
)
from tests.issues.factories import Cast, ProjectFactory
from tests.policy_match.cast import CLAUSE, SYSTEM

pytestmark = pytest.mark.django_db
DOC = Path(__file__).parents[1] / "docs" / "access.md"


def table():
    """Return {(who, what): shown} as the page in docs says it."""
    lines = [line for line in DOC.read_text("utf-8").splitlines() if line.startswith("|")]
    heads, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {
        (row[0], what): cell == "yes"
        for row in rows
        for what, cell in zip(heads[1:], row[1:], strict=True)
    }


TABLE = table()
PEOPLE = list(dict.fromkeys(who for who, _what in TABLE))


class City(Cast):
    """One enterprise with everything that hangs on it, and everybody of the table."""

    NUMBERS = {"open": 345_678, "internal": 23_456, "confidential": 98_765}

    def __init__(self):
        super().__init__()
        load_reference()
        load_indicators()
        self.tax = Department.objects.get(code="swj")
        self.contact = ContactFactory(enterprise=self.enterprise)
        self.issue = self.log(department=self.power)
        self._meet()
        self._people()
        self._rule()
        self._values()

    def _meet(self):
        elsewhere = EnterpriseFactory(area=AreaFactory())
        other = ProjectFactory(enterprise=elsewhere, area=elsewhere.area)
        self.meeting = Meeting.objects.create(
            title="协调会", planned_at=AT, created_at=AT, updated_at=AT
        )
        made = AgendaItem.objects.create
        self.own_item = made(
            meeting=self.meeting, order=1, title="甲事项", issue=self.issue, project=self.project
        )
        self.other_item = made(meeting=self.meeting, order=2, title="乙事项", project=other)

    def _people(self):
        team = staff(Role.AGENT, areas=[AreaFactory()])
        slot = TeamSlot.objects.create(code="agent", name="代办员", holder="person", order=1)
        TeamMember.objects.create(project=self.project, slot=slot, user=team, since=AT.date())
        self.people = {
            "agent of the area": self.agent,
            "agent of the team": team,
            "agent elsewhere": self.stranger,
            "lead of the area": self.lead,
            "handler with the issue": self.handler,
            "handler of the tax office": staff(Role.HANDLER, department=self.tax),
            "handler elsewhere": self.strange_handler,
            "leader": self.leader,
            "editor of the clause": staff(Role.POLICY_EDITOR),
            "editor of others": staff(Role.POLICY_EDITOR),
            "finance": staff(Role.FINANCE),
            "auditor": staff(Role.AUDITOR),
            "administrator": staff(Role.ADMIN),
            "the enterprise": self.member,
            "another enterprise": self.strange_member,
        }

    def _rule(self):
        editor = acting(self.people["editor of the clause"])
        keys = ("code", "title", "words", "policy_title", "issuer", "effective_from")
        data = ClauseInput(**{key: CLAUSE[key] for key in keys})
        self.clause = register_clause(actor=editor, data=data, at=AT)
        when = {"cmp": ["ge", {"of": "taxable_sales"}, "1 万元"], "cites": [1, 12]}
        rule = {"version": 2, "when": when}
        benefit = {"type": "fixed", "amount": "1 万元"}
        version = draft_version(actor=editor, clause=self.clause, rule=rule, benefit=benefit, at=AT)
        move_version(actor=editor, clause_version=version, move="submit", at=AT)
        publish_version(actor=acting(self.leader), clause_version=version, at=AT)

    def _values(self):
        self.indicators = {
            "open": Indicator.objects.get(code="registered_capital"),
            "internal": Indicator.objects.get(code="electricity_fee"),
            "confidential": Indicator.objects.get(code="taxable_sales"),
        }
        start, end = AT.date().replace(month=7, day=1), AT.date().replace(month=7, day=31)
        rows = [
            Value(self.enterprise.pk, self.indicators[key].pk, start, end, number * 10_000)
            for key, number in self.NUMBERS.items()
        ]
        record_values(
            actor=SYSTEM, department=self.tax, name="1.xlsx", sha256="0" * 64, values=rows, at=AT
        )

    def consents(self):
        take_over_consents(actor=SYSTEM, enterprises=[(self.enterprise, "胡立")], at=AT)

    def judged(self):
        """Match on a snapshot taken with the consent."""
        self.consents()
        snapshot = build_snapshot(actor=SYSTEM, as_of=AT.date(), at=AT)
        run_match(actor=SYSTEM, snapshot=snapshot, at=AT)

    def rows(self, what, actor):
        """Return the rows of a column of the table that an actor is shown."""
        values = Observation.objects.visible_to(actor).filter(enterprise=self.enterprise)
        if what in ("open value", "internal value", "confidential value"):
            return values.filter(indicator=self.indicators[what.split()[0]])
        if what == "with consent":
            return values.filter(indicator=self.indicators["confidential"])
        model, pk = {
            "register": (Enterprise, self.enterprise.pk),
            "contacts": (Contact, self.contact.pk),
            "project": (Project, self.project.pk),
            "issue": (Issue, self.issue.pk),
            "own item": (AgendaItem, self.own_item.pk),
            "other item": (AgendaItem, self.other_item.pk),
            "verdict": (Match, Match.objects.values("pk")[:1]),
        }[what]
        return model.objects.visible_to(actor).filter(pk=pk)


@pytest.fixture
def city():
    return City()


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_is_shown_what_the_table_says(city, who):
    actor = acting(city.people[who])
    shown = {}
    for what in [what for person, what in TABLE if person == who]:
        if what == "with consent":
            city.judged()
        shown[what] = city.rows(what, actor).exists()
    assert shown == {what: cell for (person, what), cell in TABLE.items() if person == who}


STAFF = [who for who in PEOPLE if "enterprise" not in who]


@pytest.mark.parametrize("who", STAFF)
def test_the_pages_show_the_same(city, client, who):
    city.judged()
    client.force_login(city.people[who])

    def text(name, *args):
        answer = client.get(reverse(f"staff:{name}", args=args))
        return answer.content.decode() if answer.status_code == 200 else ""

    of_enterprise = text("crm:enterprise_detail", city.enterprise.pk)
    meeting = text("issues:meeting_detail", city.meeting.pk)
    verdicts = text("policy_match:clause_detail", city.clause.pk)
    history = [city.enterprise.pk, city.indicators["confidential"].pk]
    shown = {
        "register": city.enterprise.uscc in of_enterprise,
        "contacts": "8217" in of_enterprise,
        "open value": "345,678" in of_enterprise,
        "internal value": "23,456" in of_enterprise,
        "with consent": "98,765" in text("profiles:value_history", *history),
        "project": city.project.name in text("projects:project_detail", city.project.pk),
        "issue": city.issue.number in text("issues:issue_detail", city.issue.pk),
        "own item": "甲事项" in meeting,
        "other item": "乙事项" in meeting,
        "verdict": city.enterprise.name in verdicts,
    }
    asked = {what: TABLE[who, what] for what in shown}
    assert shown == asked
    # The explanation tells the verdict to all who see it, the datum only to those of the table.
    assert ("98,765" in verdicts) <= asked["with consent"]
    if asked["verdict"]:
        assert ("满足（税务局" in verdicts) is not asked["with consent"]


def test_a_rule_on_confidential_data_is_unknown_without_consent(city):
    snapshot = build_snapshot(actor=SYSTEM, as_of=AT.date(), at=AT)
    run_match(actor=SYSTEM, snapshot=snapshot, at=AT)
    assert Match.objects.get(enterprise=city.enterprise).state == "unknown"


def test_writing_an_issue_opens_no_papers(city):
    handler = acting(city.strange_handler)
    issue_services.log_issue(
        actor=handler,
        at=AT,
        enterprise=city.enterprise,
        category=city.category,
        verbatim="听说企业缺工。",
    )
    assert not Contact.objects.visible_to(handler).exists()
