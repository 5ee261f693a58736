"""Two places with everything that has an address, and one person of each role in the first."""

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.test import override_settings

from crm.common.days.models import WorkdayException
from crm.common.face.models import SavedView
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.common.records.files import store_file
from crm.common.records.models import Comment
from crm.services import load_reference, merge_enterprises
from issues import services as issue_services
from policy_match.models import Match, MatchRun, Push
from policy_match.services import ClauseInput, draft_version, register_clause
from profiles.models import ImportBatch, Indicator, LabelAssignment, LabelVersion
from profiles.services import (
    ImportReport,
    Value,
    build_snapshot,
    load_indicators,
    load_labels,
    record_values,
)
from profiles.services.questions import Choice, Question
from profiles.tasks import IMPORT
from projects.models import TeamMember, TeamSlot
from projects.services import add_list_items, entrust_approvals, propose_zero_burden
from projects.services.fees import FeeInput
from projects.services.items import ItemInput
from projects.states import STAGE_MACHINE
from tests.common.factories import message_to
from tests.crm.factories import AT, ContactFactory, EnterpriseFactory, acting, staff
from tests.issues.factories import Cast, picture
from tests.policy_match.cast import CLAUSE, SYSTEM
from tests.projects.factories import fee_version, matter

# What an import says that has a question open.
ASKS = asdict(
    ImportReport(
        file="表.csv",
        department="税务局",
        questions=[Question("unit:1", "unit", "", "C1", "元还是万元？", (Choice("yuan", "元"),))],
    )
)


class Side(Cast):
    """One place: an enterprise with its papers, and who works there."""

    def __init__(self):
        super().__init__()
        STAGE_MACHINE.begin(self.project, actor=SYSTEM, at=AT)
        self.contact = ContactFactory(enterprise=self.enterprise)
        self.issue = self.log(department=self.power)
        self.merge = merge_enterprises(
            actor=self.acts("lead"),
            enterprise=self.enterprise,
            duplicate=EnterpriseFactory(area=self.area),
            reason="同一执照",
            at=AT,
        )
        self._of_the_project()
        self._rounds()
        self._data()

    def _of_the_project(self):
        task = ItemInput(what="交地", department_id=self.power.pk, due_on=AT.date())
        lead, project = self.acts("lead"), self.project
        (self.item,) = add_list_items(actor=lead, project=project, items=[task], at=AT)
        wanted = matter(f"M{project.pk}", department=self.power)
        (self.approval,) = entrust_approvals(actor=lead, project=project, matters=[wanted], at=AT)
        line = FeeInput(fee=fee_version(), amount_fen=100, mode="waived")
        self.relief = propose_zero_burden(actor=lead, project=project, fees=[line], at=AT)
        slot, _new = TeamSlot.objects.get_or_create(
            code="agent", defaults={"name": "代办员", "holder": "person", "order": 1}
        )
        self.place = TeamMember.objects.create(
            project=project, slot=slot, user=self.lead, since=AT.date()
        )

    def _rounds(self):
        lead = self.acts("lead")
        self.sweep = issue_services.open_sweep(
            actor=lead,
            at=AT,
            title="大排查",
            starts_on=AT.date(),
            ends_on=AT.date(),
            targets=[
                issue_services.TargetSpec(self.enterprise, self.agent, AT.date(), self.project)
            ],
        )
        self.target = self.sweep.targets.get()
        self.meeting = issue_services.request_meeting(
            actor=self.acts("agent"),
            at=AT,
            title="协调会",
            planned_at=AT,
            matters=[issue_services.Matter("送电", issue=self.issue)],
        )
        issue_services.hold_meeting(
            actor=lead, at=AT, meeting=self.meeting, held_at=AT, chair="陈", present=["陈"]
        )
        issue_services.draft_minutes(
            actor=lead, at=AT, meeting=self.meeting, text="议定送电。", settled=[]
        )
        answered = self.answered()
        url = issue_services.copy_link(
            actor=self.acts("agent"), at=AT, issue=answered, label="胡立"
        )
        self.token = url.strip("/").split("/")[-1]
        self.file = store_file(
            actor=self.acts("handler"),
            upload=picture(),
            purpose="evidence",
            at=AT,
            target=self.issue,
        )

    def _data(self):
        self.indicator = Indicator.objects.get(code="registered_capital")
        start, end = AT.date().replace(month=7, day=1), AT.date().replace(month=7, day=31)
        self.batch = record_values(
            actor=SYSTEM,
            department=self.power,
            name="1.xlsx",
            sha256=f"{ImportBatch.objects.count():064d}",
            values=[Value(self.enterprise.pk, self.indicator.pk, start, end, 10_000)],
            at=AT,
        )


def _own_rows(user, issue):
    """Return what a person keeps for itself: a view, a job, a note."""
    return {
        "message": message_to(user),
        "point": user.contact_points.create(channel="mail", address="wang@example.test"),
        "view": SavedView.objects.create(user=user, page="issues", name="我的", query="q=1"),
        "job": Job.objects.create(key="planted", created_at=AT, started_by=user),
        "import": Job.objects.create(
            key=IMPORT, created_at=AT, started_by=user, result={"report": ASKS}
        ),
        "comment": Comment.objects.create(
            target=issue, text="已联系。", created_at=AT, created_by=user
        ),
    }


@dataclass(frozen=True)
class Person:
    """Who asks: a role, its account, what belongs to nobody else, and what is another's."""

    name: str
    user: object
    own: dict
    foreign: dict


class World:
    """Both sides, the policies of the city, and the people who ask."""

    def __init__(self):
        load_reference()
        load_indicators()
        self.exception = WorkdayException.objects.create(
            day=AT.date() + timedelta(days=11), kind="off", reason="抗洪"
        )
        self.indicator = Indicator.objects.first()
        self.inside, self.outside = Side(), Side()
        self._warnings()
        roles = {
            "agent": self.inside.agent,
            "lead": self.inside.lead,
            "handler": self.inside.handler,
            "leader": self.inside.leader,
            "policy_editor": staff(Role.POLICY_EDITOR),
            "finance": staff(Role.FINANCE),
            "auditor": staff(Role.AUDITOR),
            "admin": staff(Role.ADMIN),
            "enterprise": self.inside.member,
        }
        self._policies(acting(roles["policy_editor"]))
        other = _own_rows(self.outside.helper, self.outside.issue)
        self.people = [Person("public", None, other, other)]
        for name, user in roles.items():
            own = _own_rows(user, self.inside.issue)
            self.people.append(Person(name, user, own, other))

    def _warnings(self):
        load_labels(AT.date())
        version = LabelVersion.objects.filter(label__kind="warning").first()
        self.label = version.label
        self.label.category = self.inside.issue.category.code
        self.label.save()
        for side in (self.inside, self.outside):
            side.warning = LabelAssignment.objects.create(
                version=version,
                label=version.label,
                enterprise=side.enterprise,
                since=AT.date(),
                why=["用电量连续两个月下降"],
                recorded_at=AT,
            )

    def _policies(self, editor):
        keys = ("code", "title", "words", "policy_title", "issuer", "effective_from")
        data = ClauseInput(**{key: CLAUSE[key] for key in keys})
        self.clause = register_clause(actor=editor, data=data, at=AT)
        self.version = draft_version(
            actor=editor, clause=self.clause, rule=CLAUSE["rule"], benefit=CLAUSE["benefit"], at=AT
        )
        snapshot = build_snapshot(actor=SYSTEM, as_of=AT.date(), at=AT)
        run = MatchRun.objects.create(snapshot=snapshot, engine="1", judged=2, counts={}, ran_at=AT)
        for side in (self.inside, self.outside):
            match = Match.objects.create(
                run=run,
                version=self.version,
                enterprise=side.enterprise,
                state="eligible",
                amount_fen=1,
            )
            side.push = Push.objects.create(
                version=self.version,
                enterprise=side.enterprise,
                match=match,
                reason="研发投入达标",
                pushed_at=AT,
            )


@contextmanager
def built(blocker, folder):
    """Build the world for a whole file of tests; what it made is taken back at the end."""
    with (
        blocker.unblock(),
        override_settings(MEDIA_ROOT=folder, ANSHANG_TODAY=AT.date()),
        transaction.atomic(),
    ):
        yield World()
        transaction.set_rollback(True)
