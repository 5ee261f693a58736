"""No later act changes a figure of a closed month: what was true of a past day stays."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import day_start
from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.common.slots.figures import all_figures, get
from projects.enums import STAGES, FeeMode
from projects.models import Approval, ListItem, Project, ZeroBurdenDecision
from projects.selectors import paid_in_fen
from projects.services import (
    FeeInput,
    ItemInput,
    add_list_items,
    decide_zero_burden,
    entrust_approvals,
    finish_item,
    move_approval,
    move_stage,
    move_standing,
    propose_zero_burden,
    record_paid_in,
    revoke_zero_burden,
    update_project,
)
from projects.states import STAGE_MACHINE, STANDING_MACHINE
from tests.crm.factories import AT, DepartmentFactory
from tests.projects.factories import FACTS, Cast, fee_version, matter

SYSTEM = system_actor("tests")
AUGUST = AT.replace(month=8, day=12)
CUTOFF = day_start(AT.replace(day=1).date())
MOVES = [*STAGE_MACHINE.moves, *STANDING_MACHINE.moves]
STEPS = ["gather", "accept", "review", "stop_clock", "resume", "decide", "refuse", "deliver"]


class City:
    """Two projects with all that hangs on them, and everything done to them later."""

    def __init__(self):
        self.cast, self.at = Cast(), AUGUST
        self.department = DepartmentFactory()
        self.fee, self.matters = fee_version(), [matter("B01"), matter("B02"), matter("B03")]
        self.projects = [self.cast.register(name=f"项目{n}", at=AUGUST) for n in range(2)]
        for project in self.projects:
            self.entrust(project, 0)
            self.pay(project, 7)
            self.relieve(project, 0)
        add_list_items(
            actor=SYSTEM,
            project=self.projects[0],
            items=[ItemInput(what="交地", department_id=self.department.pk, due_on=AT.date())],
            at=AUGUST,
        )

    def later(self, act, one, number):
        """Do one act a day after the last; what is refused changes nothing."""
        self.at += timedelta(days=1)
        with suppress(UserFacingError):
            getattr(self, act)(self.projects[one], number)

    def move(self, project, number):
        name = MOVES[number % len(MOVES)]
        service = move_stage if name in STAGE_MACHINE.moves else move_standing
        service(actor=SYSTEM, project=project, move=name, reason="改", at=self.at)

    def learn(self, project, _number):
        fresh = Project.objects.get(pk=project.pk)
        values = {**FACTS, "enterprise": self.cast.enterprise}
        update_project(
            actor=SYSTEM, project=fresh, values=values, version=fresh.version, at=self.at
        )

    def remove(self, project, _number):
        move_standing(actor=SYSTEM, project=project, move="remove", reason="误录", at=self.at)

    def register(self, _project, number):
        self.projects[number % 2] = self.cast.register(name=f"新项目{number}", at=self.at)

    def entrust(self, project, number):
        wanted = [self.matters[number % len(self.matters)]]
        entrust_approvals(actor=SYSTEM, project=project, matters=wanted, at=self.at)

    def push(self, _project, number):
        cases = list(Approval.objects.order_by("pk"))
        move_approval(
            actor=SYSTEM,
            approval=cases[number % len(cases)],
            move=STEPS[number % len(STEPS)],
            reason="公示",
            result_number="1号",
            at=self.at,
            calendar=WorkCalendar(),
        )

    def pay(self, project, number):
        record_paid_in(
            actor=SYSTEM,
            project=project,
            month=AUGUST.date(),
            amount_fen=number * 100,
            evidence="凭证",
            at=self.at,
        )

    def relieve(self, project, number):
        line = FeeInput(fee=self.fee, amount_fen=100 + number, mode=FeeMode.WAIVED)
        decision = propose_zero_burden(actor=SYSTEM, project=project, fees=[line], at=self.at)
        decide_zero_burden(actor=SYSTEM, decision=decision, at=self.at)

    def revoke(self, project, _number):
        decision = project.zero_burden.exclude(status="revoked").first()
        if decision:
            revoke_zero_burden(actor=SYSTEM, decision=decision, reason="失效", at=self.at)

    def finish(self, _project, _number):
        item = ListItem.objects.first()
        finish_item(actor=SYSTEM, item=item, note="已交地", at=self.at)


ACTS = ["move", "learn", "remove", "register", "entrust", "push", "pay", "relieve", "revoke"]


def august(city):
    """Return everything the closed month says, with the rows behind it."""
    counted = {figure.key: figure.value(CUTOFF) for figure in all_figures()}
    rows = {
        key: list(get(key).rows(CUTOFF).values_list("pk", flat=True))
        for key in ("projects", "agency_matters", "zero_burden_projects")
    }
    paid = [paid_in_fen(row, CUTOFF) for row in Project.objects.order_by("pk")[:3]]
    states = {
        machine.key: list(
            machine.on(
                Project.objects.filter(created_at__lt=CUTOFF).order_by("pk"), CUTOFF
            ).values_list("state_then", flat=True)
        )
        for machine in (STAGE_MACHINE, STANDING_MACHINE)
    }
    return counted, rows, paid, states


class TestThePastStays(TestCase):
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(
        acts=st.lists(
            st.tuples(st.sampled_from([*ACTS, "finish"]), st.integers(0, 1), st.integers(0, 60)),
            min_size=1,
            max_size=8,
        )
    )
    def test_no_later_act_changes_a_figure_of_a_closed_month(self, acts):
        city = City()
        city.at = AT
        before = august(city)
        assert before[0]["projects"] == 2
        for act, one, number in acts:
            city.later(act, one, number)
        assert august(city) == before

    def test_the_acts_of_the_property_do_change_today(self):
        city = City()
        city.at = AT
        now = AT + timedelta(days=60)
        before = (get("projects").value(now), ZeroBurdenDecision.objects.count())
        city.later("remove", 0, 0)
        city.later("revoke", 1, 0)
        city.later("relieve", 1, 5)
        assert get("projects").value(now) == before[0] - 1
        assert ZeroBurdenDecision.objects.count() == before[1] + 1
        assert STAGES
