"""No later act changes a figure of a closed month: what was true of a past day stays."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.common.days.clock import SHANGHAI, day_start, local_date
from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.common.slots.figures import all_figures, get
from issues import services
from issues.models import Issue, Meeting, Sweep, SweepTarget
from issues.services import Finding, Matter, TargetSpec
from issues.states import ISSUE_MACHINE, MEETING_MACHINE, SWEEP_MACHINE
from tests.crm.factories import AT
from tests.issues.factories import Cast, ProjectFactory, limits, picture

SYSTEM = system_actor("tests")
AUGUST = AT.replace(month=8, day=12)
CUTOFF = day_start(AT.replace(day=1).date())
KEYS = (
    "sweeps",
    "sweep_issues",
    "meetings",
    "coordinated_issues",
    "coordinated_projects",
    "issues_struck_off",
    "issues_confirmed",
    "issues_unconfirmed",
    "issues_on_time",
)


class City:
    """An August with issues in every state, a meeting and a round; then everything later."""

    def __init__(self):
        self.cast, self.at = Cast(), AUGUST
        self.project = ProjectFactory(enterprise__area=self.cast.area)
        self.round = self.sweep()
        target = SweepTarget.objects.get(sweep=self.round, project=self.cast.project)
        services.record_sweep_visit(
            actor=self.cast.acts("agent"),
            at=AUGUST,
            target=target,
            findings=[Finding(self.cast.category, "路灯不亮", department=self.cast.power)],
        )
        self.issues = [
            Issue.objects.get(),
            self.solved(self.answered()),
            self.silent(self.answered()),
            self.answered(),
        ]
        self.parked = self.new()
        self.park(self.parked, 9)
        self.issues.append(self.parked)
        self.meet(self.issues[0])
        self.asked = self.request(self.issues[3], AUGUST)

    def sweep(self):
        return services.open_sweep(
            actor=self.cast.acts("lead"),
            at=self.at,
            title="大排查",
            starts_on=local_date(self.at),
            ends_on=local_date(self.at) + timedelta(days=20),
            targets=[
                TargetSpec(one.enterprise, self.cast.agent, local_date(self.at), one)
                for one in (self.cast.project, self.project)
            ],
        )

    def new(self):
        return self.cast.log(at=self.at, department=self.cast.power)

    def answered(self):
        return self.cast.answered(at=self.at)

    def solved(self, issue):
        self.say(issue, 0)
        self.verify(issue, 0)
        return self.close(issue, 0)

    def silent(self, issue):
        self.verify(issue, 0)
        before, self.at = self.at, self.at + timedelta(days=14)
        self.close_silent(issue, 0)
        self.at = before
        return issue

    # What may be done to an issue, one day after another.

    def sign(self, issue, _number):
        services.sign_for(actor=self.cast.acts("handler"), at=self.at, issue=issue)

    def answer(self, issue, _number):
        services.answer_issue(
            actor=self.cast.acts("handler"),
            at=self.at,
            issue=issue,
            text="已送电",
            evidence=[picture()],
        )

    def say(self, issue, number):
        services.confirm_by_enterprise(
            actor=self.cast.acts("member"),
            at=self.at,
            issue=issue,
            outcome=("solved", "partly", "not")[number % 3],
            words="还差一点",
        )

    def verify(self, issue, _number):
        services.verify_issue(actor=self.cast.acts("agent"), at=self.at, issue=issue)

    def close(self, issue, _number):
        return services.close_issue(actor=self.cast.acts("lead"), at=self.at, issue=issue)

    def close_silent(self, issue, _number):
        services.close_unconfirmed(
            actor=self.cast.acts("lead"), at=self.at, issue=issue, reason="门户消息，无人答复"
        )

    def send_back(self, issue, _number):
        services.send_back(
            actor=self.cast.acts("lead"), at=self.at, issue=issue, reason="照片看不清"
        )

    def reopen(self, issue, _number):
        services.reopen_issue(actor=self.cast.acts("lead"), at=self.at, issue=issue, reason="复发")

    def recur(self, issue, _number):
        self.cast.log(
            at=self.at,
            category=issue.category,
            project=issue.project,
            verbatim="又停",
            reopens=True,
        )

    def park(self, issue, number):
        services.park_issue(
            actor=self.cast.acts("lead"),
            at=self.at,
            issue=issue,
            review_on=local_date(self.at) + timedelta(days=number + 1),
            reason="等政策",
        )

    def resume(self, issue, _number):
        services.resume_issue(actor=self.cast.acts("lead"), at=self.at, issue=issue)

    def extend(self, issue, number):
        services.extend_issue(
            actor=self.cast.acts("lead"),
            at=self.at,
            issue=issue,
            due_on=Issue.objects.get(pk=issue.pk).due_on + timedelta(days=number + 1),
            reason="设备晚到",
        )

    def withdraw(self, issue, _number):
        services.withdraw_issue(
            actor=self.cast.acts("lead"), at=self.at, issue=issue, reason="误录"
        )

    def assign(self, issue, number):
        services.assign_issue(
            actor=self.cast.acts("lead"),
            at=self.at,
            issue=issue,
            department=(self.cast.power, self.cast.park)[number % 2],
        )

    def log(self, _issue, number):
        self.issues[number % len(self.issues)] = self.new()

    def request(self, issue, held_at):
        return services.request_meeting(
            actor=self.cast.acts("agent"),
            at=self.at,
            title="协调会",
            planned_at=held_at,
            matters=[Matter(issue.title, issue=issue)],
        )

    def hold(self, meeting, held_at):
        services.hold_meeting(
            actor=self.cast.acts("lead"),
            at=self.at,
            meeting=meeting,
            held_at=held_at,
            chair="陈振华",
            present=["供电公司"],
        )

    def meet(self, issue, number=0):
        self.hold(self.request(issue, self.at), self.at - timedelta(days=number))

    def hold_asked(self, _issue, number):
        """Write down late a meeting that was asked for in August, perhaps held in it."""
        self.hold(Meeting.objects.get(pk=self.asked.pk), AUGUST + timedelta(days=number))

    def change_agenda(self, issue, _number):
        services.set_agenda(
            actor=self.cast.acts("lead"),
            at=self.at,
            meeting=Meeting.objects.get(pk=self.asked.pk),
            matters=[Matter("另一件", issue=issue)],
        )

    def visit(self, _issue, number):
        target = SweepTarget.objects.filter(sweep=self.round, visit=None, excused_at=None).first()
        if target is not None:
            services.record_sweep_visit(
                actor=self.cast.acts("agent"),
                at=self.at,
                target=target,
                visited_at=AUGUST + timedelta(days=number),
                findings=[Finding(self.cast.category, "缺工")],
            )

    def excuse(self, _issue, _number):
        target = SweepTarget.objects.get(sweep=self.round, project=self.project)
        services.excuse_target(
            actor=self.cast.acts("lead"), at=self.at, target=target, reason="已搬迁"
        )

    def close_sweep(self, _issue, _number):
        services.close_sweep(
            actor=self.cast.acts("lead"),
            at=self.at,
            sweep=Sweep.objects.get(pk=self.round.pk),
            summary="全覆盖",
        )

    def open_sweep(self, _issue, _number):
        self.sweep()

    def shorten_limits(self, _issue, number):
        version = limits(since=local_date(self.at))
        version.rules.update(contact_days=1, answer_days=1, solve_days=1 + number)

    def later(self, act, one, number):
        """Do one act a day after the last; what is refused changes nothing."""
        self.at += timedelta(days=1)
        with suppress(UserFacingError):
            getattr(self, act)(self.issues[one], number)


ISSUE_ACTS = [
    "sign",
    "answer",
    "say",
    "verify",
    "close",
    "close_silent",
    "send_back",
    "reopen",
    "recur",
    "park",
    "resume",
    "extend",
    "withdraw",
    "assign",
    "log",
    "meet",
]
OTHER_ACTS = [
    "hold_asked",
    "change_agenda",
    "visit",
    "excuse",
    "close_sweep",
    "open_sweep",
    "shorten_limits",
]


def august():
    """Return everything the closed month says, with the rows behind it."""
    counted = {figure.key: figure.value(CUTOFF) for figure in all_figures()}
    rows = {key: sorted(get(key).rows(CUTOFF).values_list("pk", flat=True)) for key in KEYS}
    states = {
        machine.key: list(
            machine.on(
                model.objects.filter(created_at__lt=CUTOFF).order_by("pk"), CUTOFF
            ).values_list("pk", "state_then")
        )
        for machine, model in (
            (ISSUE_MACHINE, Issue),
            (MEETING_MACHINE, Meeting),
            (SWEEP_MACHINE, Sweep),
        )
    }
    return counted, rows, states


class TestThePastStays(TestCase):
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(
        acts=st.lists(
            st.tuples(
                st.sampled_from([*ISSUE_ACTS, *OTHER_ACTS]), st.integers(0, 4), st.integers(0, 30)
            ),
            min_size=4,
            max_size=12,
        )
    )
    def test_no_later_act_changes_a_figure_of_a_closed_month(self, acts):
        city = City()
        city.at = AT
        before = august()
        assert [before[0][key] for key in KEYS] == [1, 1, 1, 1, 1, 2, 1, 1, 1]
        for act, one, number in acts:
            city.later(act, one, number)
        assert august() == before

    def test_a_meeting_written_down_late_does_not_enter_a_closed_month(self):
        city = City()
        city.at = AT
        before = august()
        city.later("hold_asked", 0, 3)
        assert august() == before
        assert get("meetings").value(AT + timedelta(days=2)) == 2

    def test_the_acts_of_the_property_do_change_today(self):
        city = City()
        city.at = AT
        now = AT.astimezone(SHANGHAI) + timedelta(days=60)
        before = [get(key).value(now) for key in KEYS]
        assert before == [1, 1, 1, 1, 1, 2, 1, 1, None]
        for act, one, number in [
            ("withdraw", 0, 0),
            ("reopen", 1, 0),
            ("open_sweep", 0, 0),
            ("hold_asked", 0, 40 - 12),
        ]:
            city.later(act, one, number)
        assert [get(key).value(now) for key in KEYS] == [2, 0, 2, 1, 1, 1, 0, 1, None]
