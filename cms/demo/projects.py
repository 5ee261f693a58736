"""The demo city's projects, approvals, lists and fees."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cms.demo import approvals, investment, lists
from cms.demo.courses import Course
from cms.demo.crm import agent_of
from cms.demo.days import AS_OF, CUTOFF
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.people.models import User
from crm.models import Department
from projects.enums import FeeMode, ProjectKind, Stage
from projects.models import FeeItemVersion, Project, TeamMember
from projects.services import (
    FeeInput,
    ProjectInput,
    advance_stage,
    assign_team,
    decide_zero_burden,
    load_project_reference,
    move_standing,
    propose_zero_burden,
    refresh_lights,
    register_project,
    tell_light_history,
    update_project,
)

# The model city's published figures for this number of projects.
PROJECTS, MATTERS, ZERO_BURDEN = 283, 315, 49
# Which units answer for projects, the park most often.
UNITS = ("jkq", "jxj", "jkq", "ansb", "jkq", "nyj")
# Since when the city shows lights.
LIGHTS_SINCE = date(2022, 10, 10)
FEES = ("drawing_review", "title_registration", "infrastructure", "air_defence")
# Projects on the desk of the demo's own agent.
DESK = 18


def seed(world: World) -> None:
    """Make projects in all stages with what hangs on them."""
    load_project_reference()
    calendar = load_calendar()
    for number in range(world.projects_wanted):
        world.projects.append(_project(world, number))
    share = world.projects_wanted / PROJECTS
    approvals.seed(world, calendar, round(MATTERS * share))
    _zero_burden(world, round(ZERO_BURDEN * share))
    lists.seed(world, calendar)
    investment.seed(world, calendar)
    tell_light_history(days=_fortnights(calendar))
    refresh_lights(today=AS_OF.date())


def _fortnights(calendar: WorkCalendar) -> Iterator[date]:
    """Yield a working day every two weeks of the city's time."""
    day = LIGHTS_SINCE
    while day < CUTOFF:
        yield calendar.next_workday(day)
        day += timedelta(days=14)


def _project(world: World, number: int) -> Project:
    course, enterprise = world.courses[number], world.investors[number]
    day, lead = course.days[Stage.LEAD], world.users["lead"]
    firm = world.firms[enterprise.pk]
    at = world.moment(day, 10, number % 60)
    product = world.rng.choice(firm.trade["products"].split(";"))
    what = "扩建" if course.type == "tech_upgrade" else ""
    again = sum(1 for row in world.investors[:number] if row.pk == enterprise.pk)
    phase = ("", "二期", "三期", "四期", "五期")[min(again, 4)]
    project = register_project(
        actor=world.actor(lead),
        data=ProjectInput(
            name=f"{firm.brand}{product}{what}项目{phase}",
            investor=enterprise.name,
            area_id=enterprise.area_id,
            kind=ProjectKind(course.kind),
            industry_id=enterprise.industry_id,
            agreed_investment_fen=course.invested * 1_000_000,
        ),
        at=at,
    )
    places: dict[str, User | Department] = {
        "leader": world.leaders[number % len(world.leaders)],
        "unit": world.departments[UNITS[number % len(UNITS)]],
        "head": lead,
        "agent": _agent(world, enterprise.area_id, course),
    }
    assign_team(actor=world.actor(lead), project=project, places=places, since=day, at=at)
    _advance(world, project, number, course, enterprise.pk)
    return project


def _agent(world: World, area_id: int, course: Course) -> User:
    """Return the agent of the area; the demo's own has a dozen and a half projects going on."""
    own = world.users["agent"]
    if agent_of(world, area_id) != own:
        return agent_of(world, area_id)
    busy = TeamMember.objects.filter(user=own).exclude(project__stage=Stage.LISTED).count()
    if course.stage != Stage.LISTED and busy < DESK:
        return own
    return world.rng.choice(world.agents[1:])


def _advance(
    world: World, project: Project, number: int, course: Course, enterprise_id: int
) -> None:
    """Walk a project to the stage its course reached, with the facts each stage asks for."""
    lead, days = world.actor(world.users["lead"]), course.days
    serial, first = f"{number + 1:04d}", days[Stage.LEAD]
    facts: dict[Stage, dict[str, Any]] = {
        Stage.SIGNED: {"signed_on": None},
        Stage.REGISTERED: {"enterprise_id": enterprise_id},
        Stage.FILED: {"filing_code": f"2{first:%y%m}-429006-04-01-{serial}"},
        Stage.LAND: {"land_mu": Decimal(str(course.land_mu))} if course.land_mu else {},
        Stage.PERMITTED: {"construction_permit": f"429006{first:%Y%m}{serial}"},
        Stage.STARTED: {"started_on": None},
        Stage.COMPLETED: {"completed_on": None},
        Stage.PRODUCING: {"produced_on": None},
    }
    for stage in list(days)[1:]:
        on = days[stage]
        at = world.moment(on, 15, number % 60)
        if values := facts.get(stage):
            filled = {name: on if value is None else value for name, value in values.items()}
            update_project(
                actor=lead, project=project, values=filled, version=project.version, at=at
            )
        shown = course.shown[stage].replace(";", "、")
        advance_stage(actor=lead, project=project, stage=stage, note=shown, at=at)
    if number % 47 == 7:
        move_standing(
            actor=lead,
            project=project,
            move="pause",
            reason="投资方调整产品方案，双方商定暂停。",
            at=world.moment(CUTOFF, 16),
        )


def _zero_burden(world: World, wanted: int) -> None:
    finance, lead = world.actor(world.users["finance"]), world.actor(world.users["lead"])
    known = {
        row.item.code: row for row in FeeItemVersion.objects.in_force(CUTOFF).select_related("item")
    }
    able = [project for project in world.projects if project.enterprise_id]
    for number, project in enumerate(able[:: max(1, len(able) // wanted)][:wanted]):
        fees = [
            FeeInput(
                fee=known[code],
                amount_fen=world.rng.randint(8, 260) * 100_000,
                mode=FeeMode.CITY_PAID if code == "drawing_review" else FeeMode.WAIVED,
            )
            for code in FEES[: 2 + number % 3]
        ]
        first = project.created_at.date() + timedelta(days=5)
        at = world.moment(world.day_between(min(first, CUTOFF), CUTOFF), 14)
        decision = propose_zero_burden(actor=lead, project=project, fees=fees, at=at)
        decide_zero_burden(actor=finance, decision=decision, at=at)
