"""Cases that enterprises run themselves: a department reports them; the whole process is counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.common.days.calendar import Pause, WorkCalendar
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.common.records.models import AuditEvent
from crm.common.records.transitions import history
from crm.common.slots.figures import get
from projects.enums import ApprovalStatus
from projects.models import Approval, Project
from projects.rules import running_days
from projects.selectors import approval_rows, due_approvals, gantt
from projects.services import CaseReport, entrust_approvals, move_approval, report_cases
from projects.states import APPROVAL_MACHINE
from tests.crm.factories import AT, DepartmentFactory, acting, staff
from tests.projects.factories import Cast, matter

CALENDAR = WorkCalendar()
DAY = timedelta(days=1)


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def unit(db):
    return DepartmentFactory()


@pytest.fixture
def handler(unit):
    return acting(staff(Role.HANDLER, department=unit))


def decided(cast, entry, after=0, days=2, number="天审〔2024〕1号"):
    """Return a report of a case accepted so many days after AT, decided so many days later."""
    accepted = AT + after * DAY
    return CaseReport(cast.project, entry, accepted, accepted + days * DAY, number)


def test_a_reported_case_stands_where_the_department_says_with_the_limits_of_its_day(
    cast, unit, handler
):
    entry = matter("B01", days=3, department=unit)
    matter("B01", days=9, department=unit, since=AT.date() + DAY)
    (case,) = report_cases(actor=handler, reports=[decided(cast, entry)])
    stored = Approval.objects.get(pk=case.pk)
    assert (stored.status, stored.promised_days) == (ApprovalStatus.DECIDED, 3)
    assert (stored.accepted_on, stored.decided_on) == (AT.date(), AT.date() + 2 * DAY)
    assert (stored.entrusted_at, stored.agent, stored.is_entrusted) == (None, None, False)
    assert stored.result_number == "天审〔2024〕1号"
    moves = [row.move for row in history(stored).order_by("pk")]
    assert moves == ["begin", "report", "review", "decide"]
    assert AuditEvent.objects.filter(verb="approval.report").count() == 1
    assert get("agency_matters").value(AT + 30 * DAY) == 0


def test_a_case_still_running_has_its_due_date_and_lies_on_the_desk_of_its_department_only(
    cast, unit, handler
):
    entry = matter("B10", days=3, department=unit)
    (case,) = report_cases(actor=handler, reports=[CaseReport(cast.project, entry, AT)])
    assert (case.status, case.due_on) == (ApprovalStatus.ACCEPTED, date(2024, 9, 18))
    assert list(due_approvals(handler, case.due_on)) == [case]
    assert not due_approvals(cast.agent, case.due_on)
    assert not due_approvals(cast.stranger, case.due_on)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"days": -1}, "早于受理"),
        ({"number": " "}, "文号"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(cast, unit, handler, wrong, says):
    good, bad = matter("B01", department=unit), matter("B04", department=unit)
    with pytest.raises(UserFacingError, match=says):
        report_cases(actor=handler, reports=[decided(cast, good), decided(cast, bad, **wrong)])
    assert not Approval.objects.exists()


def test_one_matter_has_one_case_however_it_came(cast, unit, handler):
    entry = matter("B01", department=unit)
    with pytest.raises(UserFacingError, match="B01：已有一件"):
        report_cases(actor=handler, reports=[decided(cast, entry), decided(cast, entry)])
    entrust_approvals(actor=cast.agent, project=cast.project, matters=[entry], at=AT)
    with pytest.raises(UserFacingError, match="B01：已有一件"):
        report_cases(actor=handler, reports=[decided(cast, entry)])


def test_nobody_delivers_what_the_enterprise_fetches_itself(cast, unit, handler):
    entry = matter("B01", department=unit)
    (case,) = report_cases(actor=handler, reports=[decided(cast, entry)])
    for actor in (cast.agent, cast.lead, handler):
        with pytest.raises(NotAllowedError):
            move_approval(actor=actor, approval=case, move="deliver", at=AT + 3 * DAY)
    case.refresh_from_db()
    assert not APPROVAL_MACHINE.available(cast.agent, case)


def test_only_the_department_that_decides_reports(cast, unit):
    entry = matter("B01", department=unit)
    for actor in (cast.agent, cast.stranger, acting(staff(Role.HANDLER))):
        with pytest.raises(NotAllowedError):
            report_cases(actor=actor, reports=[decided(cast, entry)])
    assert not Approval.objects.exists()


def test_a_later_version_does_not_reach_back_before_it_was_in_force(cast, unit, handler):
    entry = matter("B01", department=unit, since=AT.date() + DAY)
    with pytest.raises(UserFacingError, match="尚未施行"):
        report_cases(actor=handler, reports=[decided(cast, entry)])


def test_the_whole_process_counts_parallel_days_once_and_no_day_between(cast, unit, handler):
    Project.objects.update(kind="industrial")
    filing, eia = matter("B01", department=unit), matter("B10", department=unit)
    permit = matter("D05", department=unit)
    # 12 September is AT; the 14th is worked, the 15th to the 17th are off.
    report_cases(
        actor=handler,
        reports=[
            decided(cast, filing, after=0, days=2),  # 13, 14
            decided(cast, eia, after=1, days=6),  # 14, 18, 19
            decided(cast, permit, after=12, days=1),  # 25
        ],
    )
    figure = get("whole_process_workdays")
    cutoff = AT.replace(month=10, day=1, hour=0, minute=0)
    (row,) = figure.rows(cutoff)
    assert (row.matter.code, figure.value(cutoff)) == ("D05", 5)
    Project.objects.update(kind="commercial")
    assert figure.value(cutoff) is None


def test_what_is_decided_after_the_permit_changes_no_month_that_is_closed(cast, unit, handler):
    Project.objects.update(kind="industrial")
    permit, later = matter("D05", department=unit), matter("E05", department=unit)
    report_cases(actor=handler, reports=[decided(cast, permit, days=1)])
    cutoff = AT.replace(month=10, day=1, hour=0, minute=0)
    before = get("whole_process_workdays").value(cutoff)
    report_cases(actor=handler, reports=[decided(cast, later, after=0, days=12)])
    assert get("whole_process_workdays").value(cutoff) == before == 1


def test_the_picture_cuts_the_time_between_two_cases_out(cast, unit, handler):
    reports = [
        decided(cast, matter("B01", days=3, department=unit), after=0, days=2),
        decided(cast, matter("E05", days=5, department=unit), after=200, days=4),
    ]
    report_cases(actor=handler, reports=reports)
    today = AT.date() + 250 * DAY
    rows = approval_rows(cast.agent, cast.project, today, CALENDAR)
    axis = gantt(rows, today, CALENDAR)
    assert axis["drawn"]
    first, second = (row["bar"] for row in rows)
    assert (first["a"], first["d"], second["a"]) == (0, 2, 2)
    assert all(row["bar"]["a"] + row["bar"]["st"] <= axis["n"] for row in rows)


def test_an_entrusted_case_and_a_reported_one_run_beside_each_other(cast, unit, handler):
    ours, theirs = matter("B01", department=unit), matter("B10", department=unit)
    (case,) = entrust_approvals(actor=cast.agent, project=cast.project, matters=[ours], at=AT)
    report_cases(actor=handler, reports=[CaseReport(cast.project, theirs, AT)])
    move_approval(actor=cast.agent, approval=case, move="gather", at=AT, calendar=CALENDAR)
    told = approval_rows(cast.agent, cast.project, AT.date(), CALENDAR)
    assert [(row["case"].matter.code, row["case"].is_entrusted) for row in told] == [
        ("B01", True),
        ("B10", False),
    ]


@given(
    st.lists(
        st.tuples(
            st.dates(date(2024, 1, 1), date(2024, 12, 1)),
            st.integers(0, 40),
            st.integers(0, 20),
            st.integers(0, 10),
        ),
        max_size=5,
    )
)
def test_days_on_the_clock_are_what_a_walk_day_by_day_finds(drawn):
    spans = []
    for start, length, after, stopped in drawn:
        stop = Pause(start + after * DAY, start + (after + stopped) * DAY)
        spans.append((start, start + length * DAY, [stop]))
    walked = 0
    for offset in range(420):
        day = date(2024, 1, 1) + offset * DAY
        on = any(
            start < day <= end and not any(stop.start <= day <= stop.end for stop in stops)
            for start, end, stops in spans
        )
        walked += on and CALENDAR.is_workday(day)
    assert len(running_days(spans, CALENDAR)) == walked
