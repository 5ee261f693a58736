"""Approvals against the clock: working days, stops, who may decide."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.common.days.calendar import Pause, WorkCalendar
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.common.records.transitions import MoveRefused, StaleMove
from crm.common.slots.figures import get
from crm.services import load_reference
from projects.enums import ApprovalStatus
from projects.models import ApprovalMatter, MatterVersion
from projects.rules import days_in, due_on
from projects.services import entrust_approvals, load_approval_matters, move_approval
from tests.crm.factories import AT, acting, staff
from tests.projects.factories import Cast, decider, matter

CALENDAR = WorkCalendar()


@given(
    st.dates(date(2024, 1, 1), date(2026, 6, 1)),
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15)), max_size=3),
)
def test_a_limit_with_stops_ends_where_a_count_day_by_day_ends(start, days, stops):
    pauses = [
        Pause(start + timedelta(days=after), start + timedelta(days=after + length))
        for after, length in stops
    ]
    stopped = {
        pause.start + timedelta(days=n)
        for pause in pauses
        for n in range((pause.end - pause.start).days + 1)
    }
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_workday(day) and day not in stopped
    assert due_on(start, days, pauses, CALENDAR) == day


def test_while_the_clock_stands_there_is_no_due_date():
    assert due_on(date(2024, 9, 2), 5, [Pause(date(2024, 9, 3))], CALENDAR) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("20个工作日", 20),
        ("1-3个工作日", 3),
        ("0.5天(天门报道)", 1),
        ("即办", 0),
        ("即办-1日", 1),
        ("会期制(月/半月)", None),
        ("公告≥20日+挂牌≥10日(不计审批时限)", None),
        ("-", None),
    ],
)
def test_a_published_limit_is_read_as_its_longest_days(text, days):
    assert days_in(text) == days


@pytest.mark.django_db
class TestCases:
    @pytest.fixture
    def cast(self):
        return Cast()

    def entrust(self, cast, wanted):
        (case,) = entrust_approvals(actor=cast.agent, project=cast.project, matters=[wanted], at=AT)
        return case

    def move(self, actor, case, name, at=AT, **more):
        return move_approval(
            actor=actor, approval=case, move=name, at=at, calendar=CALENDAR, **more
        )

    def test_the_clock_starts_at_acceptance_stops_and_goes_on(self, cast):
        wanted = matter(days=3)
        handler = decider(wanted)
        case = self.entrust(cast, wanted)
        self.move(cast.agent, case, "gather")
        self.move(handler, case, "accept")
        # 14 September is worked; 15 to 17 are the Mid-Autumn days.
        assert case.due_on == date(2024, 9, 18)
        self.move(handler, case, "stop_clock", reason="专家评审", at=AT + timedelta(days=1))
        assert case.due_on is None
        self.move(handler, case, "resume", at=AT + timedelta(days=6))
        assert case.due_on == date(2024, 9, 23)
        with pytest.raises(UserFacingError):
            self.move(handler, case, "decide")
        self.move(handler, case, "decide", result_number="天建〔2024〕1号")
        case.refresh_from_db()
        assert (case.status, case.result_number) == (ApprovalStatus.DECIDED, "天建〔2024〕1号")

    def test_another_department_and_a_stranger_do_not_decide(self, cast):
        wanted = matter()
        case = self.entrust(cast, wanted)
        self.move(cast.agent, case, "gather")
        for actor in (acting(staff(Role.HANDLER)), cast.stranger, cast.agent):
            with pytest.raises(NotAllowedError):
                self.move(actor, case, "accept")

    def test_a_step_out_of_turn_is_refused(self, cast):
        case = self.entrust(cast, matter())
        with pytest.raises(MoveRefused):
            self.move(cast.agent, case, "deliver")
        with pytest.raises(MoveRefused):
            self.move(cast.agent, case, "fly")

    def test_one_matter_is_entrusted_once(self, cast):
        wanted = matter()
        case = self.entrust(cast, wanted)
        with pytest.raises(UserFacingError, match=case.number):
            self.entrust(cast, wanted)
        assert get("agency_matters").value(AT + timedelta(days=1)) == 1
        assert get("agency_matters").value(AT) == 0

    def test_the_catalogue_is_loaded_with_departments_and_predecessors(self):
        load_reference()
        count = load_approval_matters()
        assert load_approval_matters() == count == ApprovalMatter.objects.count() > 45
        permit = ApprovalMatter.objects.get(code="D05").versions.get()
        assert {m.code for m in permit.predecessors.all()} == {"D01", "D03", "D04", "C02"}
        assert permit.promised_days == 5

    def test_a_change_of_the_catalogue_moves_no_running_clock(self, cast):
        wanted = matter(days=3)
        handler = decider(wanted)
        case = self.entrust(cast, wanted)
        self.move(cast.agent, case, "gather")
        self.move(handler, case, "accept")
        promised = case.due_on
        matter(days=60, since=AT.date() + timedelta(days=1), department=case.department)
        self.move(handler, case, "stop_clock", reason="公示", at=AT + timedelta(days=2))
        self.move(handler, case, "resume", at=AT + timedelta(days=2))
        assert (case.promised_days, case.version_of_matter.promised_days) == (3, 3)
        assert case.due_on <= promised + timedelta(days=5)

    def test_acceptance_takes_the_limit_of_its_own_day(self, cast):
        wanted = matter(days=10)
        case = self.entrust(cast, wanted)
        matter(days=2, since=AT.date() + timedelta(days=1), department=case.department)
        self.move(cast.agent, case, "gather", at=AT + timedelta(days=1))
        self.move(decider(wanted), case, "accept", at=AT + timedelta(days=1))
        assert case.promised_days == 2

    def test_two_versions_never_overlap_and_the_past_is_not_rewritten(self):
        entry = matter(days=3)
        with pytest.raises(UserFacingError, match="2021-01-01"):
            matter(days=5, since=date(2020, 1, 1))
        matter(days=5, since=date(2024, 1, 1))
        days = {
            day.year: MatterVersion.objects.in_force(day).get(matter=entry).promised_days
            for day in (date(2021, 1, 1), date(2023, 12, 31), date(2024, 1, 1))
        }
        assert days == {2021: 3, 2023: 3, 2024: 5}
        assert not MatterVersion.objects.in_force(date(2019, 1, 1)).exists()

    def test_a_matter_not_in_force_that_day_cannot_be_entrusted(self, cast):
        with pytest.raises(UserFacingError, match="B09"):
            self.entrust(cast, matter("B09", since=AT.date() + timedelta(days=9)))

    def test_a_stale_page_does_not_stop_the_clock_twice(self, cast):
        wanted = matter(days=3)
        handler = decider(wanted)
        case = self.entrust(cast, wanted)
        self.move(cast.agent, case, "gather")
        self.move(handler, case, "accept")
        stale = type(case).objects.get(pk=case.pk)
        self.move(handler, case, "stop_clock", reason="公示", version=stale.version)
        with pytest.raises(StaleMove):
            self.move(handler, stale, "stop_clock", reason="公示", version=stale.version)
        assert case.pauses.count() == 1
