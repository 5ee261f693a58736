"""What became of the decisions of a meeting: the sums tie, a task is done where it went."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType

from issues.enums import IssueStatus, ResolutionKind
from issues.models import AgendaItem, Issue, Meeting, Resolution
from issues.selectors.rounds import agenda, follow_up
from projects.enums import ItemStatus
from projects.models import ListItem
from tests.issues.factories import AT, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 12)


@pytest.fixture
def met():
    cast = Cast()
    issue = cast.log(department=cast.power)
    meeting = Meeting.objects.create(planned_at=AT, title="会", created_at=AT, updated_at=AT)
    items = [
        AgendaItem.objects.create(meeting=meeting, order=1, title="问题", issue=issue),
        AgendaItem.objects.create(meeting=meeting, order=2, title="项目", project=cast.project),
    ]
    tasks = [
        Resolution.objects.create(
            item=item, text="办", department=cast.power, due_on=due, dispatched_at=AT
        )
        for item, due in zip(items, (date(2024, 9, 11), date(2024, 9, 20)), strict=True)
    ]
    Resolution.objects.create(item=items[0], kind=ResolutionKind.INFORMATION, text="知道了")
    Resolution.objects.create(item=items[0], text="没交办", department=cast.power, due_on=TODAY)
    return SimpleNamespace(cast=cast, issue=issue, meeting=meeting, tasks=tasks)


def counted(met):
    return follow_up(list(agenda(met.cast.acts("leader"), met.meeting)), TODAY)


def test_a_task_past_its_day_is_overdue_and_nothing_else_than_tasks_is_counted(met):
    assert counted(met) == {"all": 2, "done": 0, "running": 1, "late": 1}


def test_a_task_is_done_with_its_issue_or_with_its_row_of_the_one_list(met):
    Issue.objects.filter(pk=met.issue.pk).update(status=IssueStatus.ANSWERED)
    assert counted(met) == {"all": 2, "done": 1, "running": 1, "late": 0}
    ListItem.objects.create(
        project=met.cast.project,
        department=met.cast.power,
        what="办",
        due_on=TODAY,
        status=ItemStatus.DONE,
        done_at=AT,
        origin_type=ContentType.objects.get_for_model(Resolution),
        origin_id=met.tasks[1].pk,
        created_at=AT,
        updated_at=AT,
    )
    assert counted(met) == {"all": 2, "done": 2, "running": 0, "late": 0}
