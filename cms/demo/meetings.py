"""The demo city's coordination meetings: two to four matters each, over issues and projects."""

from collections import Counter
from datetime import date, datetime, timedelta

from cms.demo.courses import table
from cms.demo.days import AS_OF, CUTOFF
from cms.demo.told import Ledger, Told
from crm.common.days.clock import local_date
from crm.models import Department
from crm.selectors import department_called
from issues import services
from issues.enums import MeetingKind, ResolutionKind
from issues.models import AgendaItem, Meeting
from issues.services import Matter, Settled
from projects.models import Project

# The model city's published figures: 79 issues of 71 projects, so 8 projects have a second one.
COORDINATED_PROJECTS, COORDINATED_ISSUES = 71, 79
PLACES = ("市政务服务中心 302", "经开区管委会二楼", "岳口工业园办公楼", "项目现场")
# An issue is talked about within so many days of its receipt, if it can be.
LOOK_BACK = timedelta(days=24)


class MeetingMaker:
    """Holds the meetings of the calendar over issues that were put on record before."""

    def __init__(self, maker: Ledger) -> None:
        self.maker, self.world, self.rng = maker, maker.world, maker.rng
        self.lead = maker.lead
        self.patterns = table("meetings")
        self.used: Counter[str] = Counter()
        self.heard: set[int] = set()
        self.projects: Counter[int] = Counter()
        self.seconds = 0

    def meetings(self, share: float) -> None:
        """Hold so many meetings a month; two more are asked for and wait for their day."""
        self.most_seconds = round((COORDINATED_ISSUES - COORDINATED_PROJECTS) * share)
        for row in table("calendar")[1:]:
            first = date(int(row["month"][:4]), int(row["month"][5:7]), 1)
            last = min(first + timedelta(days=27), AS_OF.date() - timedelta(days=2))
            count = round(int(row["meetings_held"]) * share) or int(first > CUTOFF)
            issues = round(int(row["issues_coordinated_first_time"]) * share) or count
            days = self._days(first, last, count)
            for number, day in enumerate(days):
                self._meet(day, issues // len(days) + (number < issues % len(days)))
        self._planned()

    def _days(self, first: date, last: date, count: int) -> list[date]:
        """Spread meetings over the working days after the first week, one a day."""
        days = self.maker.workdays(first + timedelta(days=5), last)
        if first > CUTOFF:
            days = self.maker.workdays(first, last)
        return [days[(2 * number + 1) * len(days) // (2 * count)] for number in range(count)]

    def _fresh(self, day: date, count: int) -> list[Told]:
        """Pick issues nobody has talked about: of new projects, and some second ones."""
        known = [
            row
            for row in self.maker.told
            if local_date(row.at) < day
            and row.issue.pk not in self.heard
            and row.step not in ("received", "returned", "refused")
        ]
        recent = [row for row in known if local_date(row.at) >= day - LOOK_BACK]
        picked: list[Told] = []
        for pool in (recent, known):
            for row in sorted(pool, key=lambda row: row.at, reverse=True):
                if len(picked) < count and row not in picked and self._may(row, day):
                    self.heard.add(row.issue.pk)
                    self.projects[row.issue.project_id or 0] += 1
                    picked.append(row)
        return picked

    def _may(self, row: Told, day: date) -> bool:
        """Judge by the project: a first issue always, a second one eight times in the city."""
        times = self.projects[row.issue.project_id or 0]
        if row.issue.pk in self.heard or times > 1 or (times and day > CUTOFF):
            return False
        if times and self.seconds >= self.most_seconds:
            return False
        self.seconds += times
        return True

    def _pattern(self, told: Told) -> dict[str, str] | None:
        """Return the kind of meeting that deals with such a story, none more than four times."""
        for row in self.patterns:
            if told.story.key in row["stories"].split(";") and self.used[row["key"]] < 4:
                self.used[row["key"]] += 1
                return row
        return None

    def _meet(self, day: date, count: int) -> None:
        picked = self._fresh(day, count)
        if not picked:
            return
        pattern = self._pattern(picked[0])
        topic = pattern["topic"] if pattern else f"{picked[0].story.title}协调会"
        kind = MeetingKind(pattern["kind"]) if pattern else MeetingKind.SMALL
        held = self.world.moment(day, self.rng.choice((9, 10, 15)), 0)
        last = max(row.at for row in picked)
        matters = [
            Matter(row.issue.title, issue=row.issue, background=row.issue.verbatim)
            for row in picked
        ]
        matters += self._projects(day, max(1, self.rng.randint(2, 4) - len(matters)), picked)
        meeting = services.request_meeting(
            actor=self.lead,
            at=max(held - timedelta(days=1), last + timedelta(minutes=5)),
            title=topic,
            planned_at=held,
            matters=matters,
            place=self.rng.choice(PLACES),
            kind=kind,
        )
        units = {row.story.department.pk: row.story.department for row in picked}
        if pattern:
            for name in pattern["departments"].split(";"):
                unit = department_called(name)
                units.setdefault(unit.pk, unit)
        services.hold_meeting(
            actor=self.lead,
            at=held + timedelta(hours=2),
            meeting=meeting,
            held_at=held,
            chair=self.rng.choice(self.world.leaders).display_name,
            present=[unit.short_name for unit in units.values()],
        )
        self._minutes(meeting, {row.issue.pk: row for row in picked}, pattern, day)

    def _projects(self, day: date, count: int, picked: list[Told]) -> list[Matter]:
        """Pick projects that are heard on how they get on."""
        taken = {row.issue.project_id for row in picked}
        free = [row.project for row in self.maker.standing(day) if row.project.pk not in taken]
        some: list[Project] = self.rng.sample(free, min(count, len(free)))
        return [Matter(f"{row.name}推进情况", project=row) for row in some]

    def _minutes(
        self,
        meeting: Meeting,
        picked: dict[int, Told],
        pattern: dict[str, str] | None,
        day: date,
    ) -> None:
        tasks = self._tasks(pattern)
        items = meeting.items.order_by("order")
        settled = [self._settled(item, picked, tasks, day) for item in items]
        drafted = self._at(day, 1, 16)
        services.draft_minutes(
            actor=self.world.actor(self.world.users["lead"]),
            at=drafted,
            meeting=meeting,
            text=f"会议听取了情况汇报，研究了 {len(settled)} 个事项，议定如下。",
            settled=settled,
        )
        signed = self._at(day, 2, 10)
        if signed > AS_OF - timedelta(days=1):
            return
        services.sign_minutes(
            actor=self.world.actor(self.world.leaders[0]), at=signed, meeting=meeting
        )
        services.dispatch_resolutions(
            actor=self.lead, at=signed + timedelta(minutes=30), meeting=meeting
        )

    def _at(self, day: date, workdays: int, hour: int) -> datetime:
        at = self.world.moment(self.maker.calendar.add_workdays(day, workdays), hour)
        return min(at, AS_OF - timedelta(hours=14))

    def _tasks(self, pattern: dict[str, str] | None) -> dict[int, tuple[Department, str, int]]:
        """Return what the pattern decides, by department: unit, words, working days."""
        found = {}
        for line in pattern["decisions"].split(";") if pattern else ():
            name, text, days = line.split(":")
            unit = department_called(name)
            found[unit.pk] = (unit, text, int(days))
        return found

    def _settled(
        self,
        item: AgendaItem,
        picked: dict[int, Told],
        tasks: dict[int, tuple[Department, str, int]],
        day: date,
    ) -> Settled:
        told = picked.get(item.issue_id or 0)
        if told is None:
            return Settled(
                item=item, text="听取汇报，按清单继续推进。", kind=ResolutionKind.INFORMATION
            )
        unit = told.story.department
        _unit, text, days = tasks.get(unit.pk, (unit, f"牵头办理“{item.title}”，按期反馈", 7))
        return Settled(
            item=item,
            text=f"由{unit.short_name}{text}。",
            department=unit,
            due_on=self.maker.calendar.add_workdays(day, days),
        )

    def _planned(self) -> None:
        """Two meetings of the coming days: one asked for, one with its agenda set."""
        alive = [row for row in self.maker.told if row.step == "handling"]
        for number, row in enumerate(alive[-2:]):
            matter = Matter(row.issue.title, issue=row.issue, background=row.issue.verbatim)
            meeting = services.request_meeting(
                actor=self.lead,
                at=AS_OF - timedelta(days=1),
                title=f"{row.issue.title}协调会",
                planned_at=self.world.moment(date(2024, 9, (19, 13)[number]), 15),
                matters=[matter],
                reason="涉及两个以上部门，需要会商。",
                place=PLACES[number],
            )
            if number:
                services.set_agenda(
                    actor=self.lead,
                    at=AS_OF - timedelta(hours=16),
                    meeting=meeting,
                    matters=[matter, *self._projects(AS_OF.date(), 1, [row])],
                )
