"""The one list of every project of the demo city, drawn from the template of its type."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from cms.demo.courses import Course, table
from cms.demo.days import AS_OF
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar
from crm.models import Department
from crm.selectors import department_called
from projects.enums import STAGES, ItemSource, Stage, Standing
from projects.models import Project, TeamMember
from projects.services import Delivered, ItemInput, add_list_items, finish_items

TODAY = AS_OF.date()
EARLY = (Stage.LEAD, Stage.NEGOTIATING)
FEWEST, MOST, FOR_A_LEAD = 10, 25, 4
# A list reaches so many stages past the one its project stands in.
AHEAD = 3
# Of a hundred rows of passed stages: done in time, a few days late.
IN_TIME, LATE_BY = 75, (1, 4)
# Every so many projects one row of the present stage is late, explaining the light.
LATE_EVERY, LATE_AT, LATE_SINCE = 31, 4, date(2024, 9, 9)
# What is still to be done in the present stage is agreed for one of the coming weeks.
COMING = 45


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a template: what a unit delivers within working days, after which lines."""

    key: str
    stage: Stage
    what: str
    deliverable: str
    department: Department
    days: int
    after: tuple[str, ...]
    core: bool
    condition: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line on a project's list: when it is due and when it was done, if it was."""

    line: Line
    due: date
    done: date | None


def seed(world: World, calendar: WorkCalendar) -> None:
    """Give every project its list and strike off what is behind it."""
    rng, lead = Random("lists"), world.actor(world.users["lead"])
    units = {name: department_called(name) for name in _units()}
    templates: dict[str, list[Line]] = {}
    for row in table("list_templates"):
        templates.setdefault(row["project_type"], []).append(_line(row, units))
    agents = dict(
        TeamMember.objects.filter(slot__code="agent", until=None).values_list("project", "user")
    )
    delivered: list[Delivered] = []
    for number, project in enumerate(world.projects):
        if project.standing == Standing.TERMINATED:
            continue
        course = world.courses[number]
        planner = _Planner(rng, calendar, course, number)
        rows = planner.rows(_chosen(rng, templates[course.type], course))
        if rows:
            delivered += _enter(world, project, rows, calendar, course, agents[project.pk])
    finish_items(actor=lead, delivered=delivered)


def _units() -> set[str]:
    return {row["department"] for row in table("list_templates")}


def _line(row: dict[str, str], units: dict[str, Department]) -> Line:
    return Line(
        key=row["key"],
        stage=Stage(row["stage"]),
        what=row["what"],
        deliverable=row["deliverable"],
        department=units[row["department"]],
        days=int(row["working_days"]),
        after=tuple(key for key in row["predecessor"].split(";") if key),
        core=row["core"] == "yes",
        condition=row["condition"],
    )


def _chosen(rng: Random, lines: list[Line], course: Course) -> list[Line]:
    """Pick what this project needs: the core of its type, then what its own case asks for."""
    if course.stage in EARLY:
        early = [line for line in lines if line.stage in EARLY]
        return _joined(early if course.stage != Stage.LEAD else early[:FOR_A_LEAD], lines)
    asked = [line for line in lines if line.stage not in EARLY and _holds(rng, line, course)]
    ahead = _reaching(asked, STAGES.index(course.stage) + AHEAD)
    core = [line for line in ahead if line.core]
    more = [line for line in ahead if not line.core]
    wanted = set(core + rng.sample(more, min(len(more), max(0, MOST - len(core)))))
    return _joined([line for line in ahead if line in wanted], lines)


def _reaching(lines: list[Line], stage: int) -> list[Line]:
    """Return the lines up to a stage, and some beyond it where they are too few for a list."""
    near = [line for line in lines if STAGES.index(line.stage) <= stage]
    return near if len(near) >= FEWEST else lines[:FEWEST]


def _joined(chosen: list[Line], template: list[Line]) -> list[Line]:
    """Let each line wait for what its missing predecessors would have waited for."""
    all_lines = {line.key: line for line in template}
    keys = {line.key for line in chosen}

    def nearest(line: Line) -> Iterator[str]:
        for key in line.after:
            if key in keys:
                yield key
            elif key in all_lines:
                yield from nearest(all_lines[key])

    return [replace(line, after=tuple(dict.fromkeys(nearest(line)))) for line in chosen]


def _holds(rng: Random, line: Line, course: Course) -> bool:
    """Say whether a line's condition holds; one without may or may not be needed."""
    if not line.condition:
        return line.core or rng.random() < 0.5
    name, _, value = line.condition.partition(">=")
    if name == "investment":
        return course.invested >= int(value)
    if name == "new_company":
        return course.new_company
    if line.condition.startswith("eia="):
        return ("B10" in course.matters) == line.condition.endswith("form")
    if name == "energy":
        return "B12" in course.matters
    if name == "cold_storage":
        return course.type == "logistics" and rng.random() < 0.4
    return rng.random() < 0.3


class _Planner:
    """Lays the rows of one project out in time, so that they can be done in their order."""

    def __init__(self, rng: Random, calendar: WorkCalendar, course: Course, number: int) -> None:
        self.rng, self.calendar, self.course, self.number = rng, calendar, course, number
        self.present = STAGES.index(course.stage)

    def rows(self, lines: list[Line]) -> list[Row]:
        """Return the rows in order; of the present stage the last is still open."""
        made: dict[str, Row] = {}
        last_open = self._open_from(lines)
        for place, line in enumerate(lines):
            before = [made[key] for key in line.after if key in made]
            made[line.key] = self._row(line, before, place >= last_open)
        return list(made.values())

    def _open_from(self, lines: list[Line]) -> int:
        """Return the place of the first row that is not done yet."""
        own = [place for place, line in enumerate(lines) if line.stage == self.course.stage]
        if not own:
            ahead = [n for n, line in enumerate(lines) if STAGES.index(line.stage) > self.present]
            return ahead[0] if ahead else len(lines)
        if self.course.stage == Stage.LISTED:
            return own[-1] if self.number % 2 else len(lines)
        return own[len(own) // 2]

    def _row(self, line: Line, before: list[Row], is_open: bool) -> Row:
        entered = self.course.days.get(line.stage)
        earliest = [row.done or row.due for row in before]
        if entered is not None:
            earliest.append(entered)
        start = max(earliest, default=TODAY)
        due = self.calendar.add_workdays(start, max(line.days, 1))
        if is_open or any(row.done is None for row in before):
            return Row(line, self._coming(line, due, before), None)
        return self._done(line, due, start)

    def _done(self, line: Line, due: date, start: date) -> Row:
        late = self.rng.randint(1, 100) > IN_TIME
        early = self.rng.randint(0, max(line.days // 3, 0))
        day = (
            self.calendar.add_workdays(due, self.rng.randint(*LATE_BY))
            if late
            else max(self.calendar.add_workdays(start, max(line.days - early, 1)), start)
        )
        if day >= TODAY:
            return Row(line, max(due, self.calendar.next_workday(TODAY)), None)
        return Row(line, due, day)

    def _coming(self, line: Line, due: date, before: list[Row]) -> date:
        """Return when an open row is due: late on a few projects, else from today on."""
        waits = [row.due for row in before if row.done is None]
        if not waits and line.stage == self.course.stage:
            if self.number % LATE_EVERY == LATE_AT:
                return LATE_SINCE
            agreed = self.calendar.add_workdays(TODAY, (self.number * 7) % COMING)
            return max(due, agreed)
        start = max([*waits, TODAY])
        return max(due, self.calendar.add_workdays(start, max(line.days, 1)))


def _enter(
    world: World,
    project: Project,
    rows: list[Row],
    calendar: WorkCalendar,
    course: Course,
    agent: int,
) -> Iterator[Delivered]:
    """Put the rows on the project's list; yield what is done already.

    The agent does what no department's handler does.
    """
    lead = world.actor(world.users["lead"])
    places = {row.line.key: place for place, row in enumerate(rows)}
    first = course.days.get(Stage.SIGNED, course.days[Stage.LEAD])
    at = world.moment(calendar.next_workday(first), 17)
    made = add_list_items(
        actor=lead,
        project=project,
        items=[
            ItemInput(
                what=row.line.what,
                deliverable=row.line.deliverable,
                department_id=row.line.department.pk,
                person_id=world.handlers[code][0].pk
                if (code := row.line.department.code) in world.handlers
                else agent,
                due_on=row.due,
                source=ItemSource.TEMPLATE,
                after=tuple(places[key] for key in row.line.after if key in places),
            )
            for row in rows
        ],
        at=at,
    )
    for place, (row, item) in enumerate(zip(rows, made, strict=True)):
        if row.done is not None:
            done = world.moment(row.done, 17, 10 + place)
            yield Delivered(item, row.line.deliverable, max(done, at))
