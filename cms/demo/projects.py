"""The demo city's projects, approvals, lists and fees."""

from datetime import date, timedelta
from typing import Any

from cms.demo.names import BRANDS
from cms.demo.world import AS_OF, CUTOFF, World
from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.people.models import User
from crm.models import Department
from projects.enums import STAGES, FeeMode, ItemSource, ProjectKind, Stage, Standing
from projects.models import Approval, FeeItemVersion, MatterVersion, Project
from projects.services import (
    FeeInput,
    ItemInput,
    ProjectInput,
    add_list_items,
    advance_stage,
    assign_team,
    decide_zero_burden,
    entrust_approvals,
    finish_item,
    load_project_reference,
    move_approval,
    move_standing,
    propose_zero_burden,
    refresh_lights,
    register_project,
    update_project,
)

# The model city's published figures for this number of projects.
PROJECTS, MATTERS, ZERO_BURDEN = 283, 315, 49
KINDS = (
    ("智能泵阀生产线", "3441"),
    ("高档针织服装生产", "1829"),
    ("医用非织造布", "1781"),
    ("汽车零部件精密加工", "3670"),
    ("生物医药原料", "2761"),
    ("光电子器件封装", "3975"),
    ("农副产品深加工", "1371"),
    ("新型农机制造", "3572"),
    ("锂电池材料", "3841"),
    ("服装电商产业园", "5292"),
    ("模具制造基地", "3525"),
    ("冷链物流中心", "5431"),
)
TASKS = (
    ("完成项目备案", "备案证", "fgw"),
    ("交付净地", "交地确认书", "zgj"),
    ("环评报告表批复", "批复文号", "hbj"),
    ("施工图审查", "审查合格书", "zjj"),
    ("临时用电接入", "送电单", "gdgs"),
    ("厂区给水接入", "供水合同", "gsgs"),
    ("协调首批用工 60 人", "用工协议", "rsj"),
    ("对接项目贷款", "授信批复", "jrb"),
)
FEES = ("drawing_review", "title_registration", "infrastructure", "air_defence")
FIRST_DAY = date(2022, 1, 4)


def seed(world: World) -> None:
    """Make projects in all stages with what hangs on them."""
    load_project_reference()
    calendar = load_calendar()
    for number in range(world.projects_wanted):
        world.projects.append(_project(world, number))
    share = world.projects_wanted / PROJECTS
    _approvals(world, calendar, round(MATTERS * share))
    _zero_burden(world, round(ZERO_BURDEN * share))
    _lists(world)
    refresh_lights(today=AS_OF.date())


def _project(world: World, number: int) -> Project:
    rng = world.rng
    what, industry = KINDS[number % len(KINDS)]
    day = world.day_between(FIRST_DAY, CUTOFF - timedelta(days=10))
    enterprise = world.enterprises[(number * 4) % len(world.enterprises)]
    agent = world.users["agent"] if number % 3 == 0 else world.agents[number % len(world.agents)]
    lead = world.users["lead"]
    at = world.moment(day, 10, number % 60)
    amount = rng.choice((3000, 5000, 8000, 10000, 12000, 18000, 25000, 36000, 52000))
    project = register_project(
        actor=world.actor(lead),
        data=ProjectInput(
            name=f"{rng.choice(BRANDS)}{what}项目",
            investor=enterprise.name,
            area_id=enterprise.area_id,
            kind=ProjectKind.LOGISTICS if industry == "5431" else ProjectKind.INDUSTRIAL,
            industry_id=world.industries[industry].pk,
        ),
        at=at,
    )
    places: dict[str, User | Department] = {
        "leader": world.leaders[number % len(world.leaders)],
        "head": lead,
        "agent": agent,
    }
    assign_team(actor=world.actor(lead), project=project, places=places, since=day, at=at)
    _advance(world, project, number, day, amount, enterprise.pk)
    return project


def _advance(
    world: World, project: Project, number: int, day: date, amount: int, enterprise_id: int
) -> None:
    """Walk a project to the stage its age allows, with the facts each stage asks for."""
    rng, lead = world.rng, world.actor(world.users["lead"])
    reach = min(len(STAGES) - 1, 1 + (CUTOFF - day).days // 60 + rng.randint(0, 2))
    days = [day]
    for _step in range(reach):
        days.append(min(days[-1] + timedelta(days=rng.randint(12, 48)), CUTOFF))
    serial = f"{number + 1:04d}"
    facts: dict[Stage, dict[str, Any]] = {
        Stage.SIGNED: {"signed_on": None, "agreed_investment_fen": amount * 1_000_000},
        Stage.REGISTERED: {"enterprise_id": enterprise_id},
        Stage.FILED: {"filing_code": f"2{day:%y%m}-429006-04-01-{serial}"},
        Stage.PERMITTED: {"construction_permit": f"429006{day:%Y%m}{serial}"},
        Stage.STARTED: {"started_on": None},
        Stage.COMPLETED: {"completed_on": None},
        Stage.PRODUCING: {"produced_on": None},
    }
    for step in range(1, reach + 1):
        stage, on = STAGES[step], days[step]
        at = world.moment(on, 15, number % 60)
        if values := facts.get(stage):
            filled = {name: on if value is None else value for name, value in values.items()}
            update_project(
                actor=lead, project=project, values=filled, version=project.version, at=at
            )
        advance_stage(actor=lead, project=project, stage=stage, at=at)
    if number % 41 == 7:
        move_standing(
            actor=lead,
            project=project,
            move="pause",
            reason="投资方调整产品方案，双方商定暂停。",
            at=world.moment(CUTOFF, 16),
        )


def _approvals(world: World, calendar: WorkCalendar, wanted: int) -> None:
    """Entrust matters of projects that have an enterprise, and push them to where they stand."""
    versions = MatterVersion.objects.in_force(CUTOFF).select_related("matter", "department")
    matters = [
        version.matter
        for version in versions.order_by("matter__code")
        if version.promised_days is not None and version.department.code in world.handlers
    ]
    able = [project for project in world.projects if project.enterprise_id]
    lead = world.actor(world.users["lead"])
    made = 0
    while made < wanted:
        project = able[made % len(able)]
        matter = matters[(made * 7 + made // len(able)) % len(matters)]
        if made % 7 == 3:
            day = CUTOFF - timedelta(days=world.rng.randint(1, 16))
        else:
            day = world.day_between(max(date(2023, 1, 3), project.created_at.date()), CUTOFF)
        at = world.moment(calendar.next_workday(day) if day < CUTOFF else day, 9, made % 60)
        if at.date() > CUTOFF:
            at = world.moment(CUTOFF, 9, made % 60)
        (case,) = entrust_approvals(actor=lead, project=project, matters=[matter], at=at)
        _push(world, calendar, case, at.date())
        made += 1


def _push(world: World, calendar: WorkCalendar, case: Approval, day: date) -> None:
    lead = world.actor(world.users["lead"])
    handler = world.actor(world.handlers[case.department.code][0])
    rng = world.rng
    spent = max(
        1,
        min(case.version_of_matter.promised_days or 1, rng.randint(1, 6))
        + (rng.random() < 0.08) * 3,
    )
    steps = [("gather", lead, 1), ("accept", handler, 1), ("review", handler, 0)]
    steps += [("decide", handler, spent), ("deliver", lead, 1)]
    for move, actor, wait in steps:
        day = calendar.add_workdays(day, wait)
        recent = (AS_OF.date() - day).days < 25
        if day > AS_OF.date() or (recent and move == "decide" and rng.random() < 0.3):
            return
        hour = 9 if day == AS_OF.date() else 11
        number = f"天{case.matter.code}〔{day.year}〕{case.pk:04d}号" if move == "decide" else ""
        move_approval(
            actor=actor,
            approval=case,
            move=move,
            at=world.moment(day, hour),
            calendar=calendar,
            result_number=number,
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


def _lists(world: World) -> None:
    """Give every running project its list; some rows are done, some late, some due soon."""
    lead = world.actor(world.users["lead"])
    for number, project in enumerate(world.projects):
        if project.stage in (Stage.LISTED, Stage.LEAD) or project.standing == Standing.TERMINATED:
            continue
        start = project.created_at.date() + timedelta(days=3)
        rows = []
        for offset in range(2 + number % 4):
            what, deliverable, unit = TASKS[(number + offset * 3) % len(TASKS)]
            due = start + timedelta(days=20 + 25 * offset)
            late = number % 9 == 4 and offset == 1
            due = AS_OF.date() - timedelta(days=3) if late else max(due, start)
            if offset == 0 and number % 5 == 0:
                due = AS_OF.date() + timedelta(days=1 + number % 12)
            rows.append(
                ItemInput(
                    what=what,
                    deliverable=deliverable,
                    department_id=world.departments[unit].pk,
                    person_id=world.handlers[unit][0].pk,
                    due_on=due,
                    source=ItemSource.TEMPLATE,
                )
            )
        at = world.moment(min(start, CUTOFF), 10)
        made = add_list_items(actor=lead, project=project, items=rows, at=at)
        for item in made:
            if item.due_on < AS_OF.date() - timedelta(days=10):
                done = world.moment(min(item.due_on - timedelta(days=1), AS_OF.date()), 17)
                finish_item(actor=lead, item=item, note=item.deliverable, at=done)
