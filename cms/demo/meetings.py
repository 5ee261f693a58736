"""The demo city's coordination meetings, over issues that were logged before."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Protocol

from cms.demo.days import AS_OF
from cms.demo.issue_stories import Story
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar
from crm.common.people.actor import Actor
from crm.common.people.identity import actor_for
from crm.models import Department
from issues import services
from issues.models import Issue, Meeting
from issues.services import Matter, Settled

# The model city's published figures.
MEETINGS, COORDINATED_PROJECTS, COORDINATED_ISSUES = 69, 71, 79


class Ledger(Protocol):
    """What this maker needs to know of the one that made the issues."""

    world: World
    rng: Random
    calendar: WorkCalendar
    lead: Actor
    made: list[tuple[Issue, Story, datetime]]

    def unit(self, category: str) -> Department:
        """Return the department that answers for a category."""


class MeetingMaker:
    """Holds meetings over issues a maker has made."""

    def __init__(self, maker: Ledger) -> None:
        self.maker, self.world, self.rng = maker, maker.world, maker.rng
        self.calendar, self.lead = maker.calendar, maker.lead
        # Minutes are never signed by who drafted them.
        self.signer = actor_for(self.world.leaders[0])

    def meetings(self, found: list[Issue], others: list[Issue], share: float) -> None:
        """Hold meetings over issues, so many of so many projects; two more are planned."""
        issues = self._coordinated([*others, *found], share)
        count = min(round(MEETINGS * share), len(issues)) or 1
        # Neighbours in time share a meeting; as many meetings as needed take two issues.
        doubles = 2 * (len(issues) - count)
        groups = [issues[number : number + 2] for number in range(0, doubles, 2)]
        groups += [[issue] for issue in issues[doubles:]]
        plan = sorted((self._meeting_day(group), number) for number, group in enumerate(groups))
        for day, number in plan:
            self._hold(groups[number], day)
        used = {issue.pk for issue in issues}
        rest = [row for row in found if row.pk not in used][-2:]
        for number, issue in enumerate(rest):
            services.request_meeting(
                actor=self.lead,
                at=AS_OF - timedelta(days=1),
                title=f"{issue.title}协调会",
                planned_at=self.world.moment(date(2024, 9, 18 + number), 15),
                matters=[Matter(issue.title, issue=issue)],
                reason="涉及两个以上部门，需要会商。",
                place="市安商服务中心会议室",
            )

    def _coordinated(self, pool: list[Issue], share: float) -> list[Issue]:
        """Pick issues of so many projects: one each, then second ones until there are enough."""
        projects, total = round(COORDINATED_PROJECTS * share), round(COORDINATED_ISSUES * share)
        first: dict[int, Issue] = {}
        second: dict[int, Issue] = {}
        for issue in pool:
            key = issue.project_id or 0
            if key not in first:
                first[key] = issue
            elif key not in second:
                second[key] = issue
        doubles = [key for key in first if key in second][: total - projects]
        singles = [key for key in first if key not in doubles][: projects - len(doubles)]
        chosen = [first[key] for key in [*doubles, *singles]] + [second[key] for key in doubles]
        return sorted(chosen, key=lambda issue: (issue.received_at, issue.pk))

    def _meeting_day(self, issues: list[Issue]) -> date:
        latest = max(issue.received_at for issue in issues)
        day = self.calendar.add_workdays(latest.date(), 1)
        return min(day, date(2024, 8, 30))

    def _hold(self, issues: list[Issue], day: date) -> None:
        last = max(issue.received_at for issue in issues)
        held = max(self.world.moment(day, 15), last + timedelta(minutes=30))
        meeting = services.request_meeting(
            actor=self.lead,
            at=held - timedelta(minutes=20),
            title=f"{issues[0].title}协调会",
            planned_at=held,
            matters=[
                Matter(issue.title, issue=issue, background=issue.verbatim) for issue in issues
            ],
            place="市安商服务中心会议室",
        )
        stories = {issue.pk: story for issue, story, _at in self.maker.made}
        units = [stories[issue.pk].category for issue in issues]
        services.hold_meeting(
            actor=self.lead,
            at=held + timedelta(hours=1),
            meeting=meeting,
            held_at=held,
            chair=self.rng.choice(self.world.leaders).display_name,
            present=[self.maker.unit(code).short_name for code in dict.fromkeys(units)],
        )
        self._minutes(meeting, stories, held)

    def _minutes(self, meeting: Meeting, stories: dict[int, Story], held: datetime) -> None:
        due = self.calendar.add_workdays(held.date(), 10)
        settled = [
            Settled(
                item=item,
                text=f"会议明确：由{self.maker.unit(stories[item.issue_id or 0].category).short_name}"
                f"牵头办理“{item.title}”，按期反馈。",
                department=self.maker.unit(stories[item.issue_id or 0].category),
                due_on=due,
            )
            for item in meeting.items.order_by("order")
        ]
        at = held + timedelta(hours=2)
        services.draft_minutes(
            actor=self.lead,
            at=at,
            meeting=meeting,
            text=f"会议听取了情况汇报，研究了 {len(settled)} 个事项，议定如下。",
            settled=settled,
        )
        services.sign_minutes(actor=self.signer, at=at, meeting=meeting)
        services.dispatch_resolutions(actor=self.lead, at=at, meeting=meeting)
