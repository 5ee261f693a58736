"""The demo city's people and enterprises."""

from datetime import date, timedelta
from random import Random

from cms.demo import courses, firms
from cms.demo.days import CUTOFF
from cms.demo.names import GIVEN, STREETS, SURNAMES
from cms.demo.world import World
from crm.common.days.calendar import load_calendar
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.services import create_user
from crm.enums import EnterpriseType, MembershipRole, VisitPurpose
from crm.models import Area, Department, Enterprise, Industry, StaffProfile
from crm.services import (
    EnterpriseInput,
    add_contact,
    add_membership,
    load_reference,
    record_visit,
    register_enterprises,
)

SYSTEM = system_actor("demo city")
PASSWORD = "anshang-demo-2024"  # noqa: S105 - printed by make demo, for made-up data only
# User name, name, role, department, title.
ACCOUNTS = (
    ("agent", "周敏", Role.AGENT, "jkq", "代办员 · 经开区"),
    ("handler", "李建国", Role.HANDLER, "zjj", "市住建局 经办"),
    ("lead", "胡立新", Role.LEAD, "jkq", "服务专班组长"),
    ("leader", "陈振华", Role.LEADER, "zfb", "市领导"),
    ("policy", "吴思远", Role.POLICY_EDITOR, "ansb", "政策专员"),
    ("finance", "郑慧", Role.FINANCE, "czj", "财政局 国库科"),
    ("auditor", "宋守信", Role.AUDITOR, "sjj", "审计局"),
    ("admin", "彭向阳", Role.ADMIN, "ansb", "系统管理员"),
)
# User name, name, the brand of the enterprise, address.
PORTAL = (
    ("enterprise", "徐巧玲", "江汉", "enterprise@jianghan-pump.example"),
    ("enterprise2", "张秀兰", "晟曜", "enterprise2@shengyao-opto.example"),
)
# When the register was taken over from the regulator.
REGISTER = date(2022, 9, 1)
VISITS = 360
CONTACTED = 400


def seed(world: World) -> None:
    """Make reference data, staff, enterprises, contacts and visits."""
    load_reference()
    world.departments = {row.code: row for row in Department.objects.all()}
    world.areas = {row.code: row for row in Area.objects.all()}
    world.industries = {row.code: row for row in Industry.objects.all()}
    _staff(world)
    _enterprises(world)
    _portal_accounts(world)
    _contacts(world)
    _visits(world)


def person_name(world: World) -> str:
    """Return a fictitious person's name."""
    return world.rng.choice(SURNAMES) + world.rng.choice(GIVEN)


def colleague_name(world: World) -> str:
    """Return a name that nobody on the staff bears yet."""
    borne = {row[1] for row in ACCOUNTS} | {user.display_name for user in world.users.values()}
    name, other = person_name(world), Random(f"colleague:{len(borne)}")
    while name in borne:
        name = other.choice(SURNAMES) + other.choice(GIVEN)
    return name


def phone(rng: Random) -> str:
    """Return a made-up mobile number."""
    return f"1{rng.choice((33, 38, 39, 53, 77, 89))}0000{rng.randint(1000, 9999)}"


def agent_of(world: World, area_id: int) -> User:
    """Return the agent who serves an area, the nearest first."""
    for user in world.agents:
        if area_id in world.actor(user).area_ids:
            return user
    return world.agents[0]


def _user(
    world: World,
    username: str,
    name: str,
    role: Role,
    department: str,
    title: str,
    areas: list[Area],
) -> User:
    user = create_user(
        actor=SYSTEM,
        username=username,
        display_name=name,
        password=PASSWORD if username in {row[0] for row in ACCOUNTS} else None,
        roles=[role],
        email=f"{username}@anshang.example",
        phone=phone(Random(f"phone:{username}")),
    )
    profile = StaffProfile.objects.create(
        user=user, department=world.departments[department], title=title
    )
    profile.areas.set(areas)
    world.users[username] = user
    return user


def _staff(world: World) -> None:
    city = world.areas["429006"]
    own = {"429006", "TM-JKQ", "TM-JKQ-ZB"}
    places = [area for code, area in sorted(world.areas.items()) if code not in own]
    places.append(world.areas["TM-JKQ"])
    for username, name, role, department, title in ACCOUNTS:
        areas = {Role.AGENT: [world.areas["TM-JKQ-ZB"]], Role.LEAD: [city]}.get(role, [])
        _user(world, username, name, role, department, title, areas)
    world.agents = [world.users["agent"]]
    world.leaders = [world.users["leader"]]
    for number in range(11):
        mine = [area for index, area in enumerate(places) if index % 11 == number]
        title = f"代办员 · {mine[0].name}"
        name = colleague_name(world)
        world.agents.append(
            _user(world, f"agent{number + 2}", name, Role.AGENT, "ansb", title, mine)
        )
    for number in range(5):
        user = _user(
            world, f"leader{number + 2}", colleague_name(world), Role.LEADER, "zfb", "市领导", []
        )
        world.leaders.append(user)
    world.handlers = {"zjj": [world.users["handler"]]}
    for code, unit in sorted(world.departments.items()):
        if code in {"zfb", "sjj", "ansb"}:
            continue
        title = f"{unit.short_name} 经办"
        user = _user(world, f"handler-{code}", colleague_name(world), Role.HANDLER, code, title, [])
        world.handlers.setdefault(code, []).append(user)


def _enterprises(world: World) -> None:
    """Enter the register of September 2022, then each new company on the day it was founded."""
    world.courses = courses.plan(world.rng, world.projects_wanted, load_calendar())
    planned, investors = firms.plan(world.rng, world.enterprises_wanted, world.courses)
    places = {area.name: area for area in world.areas.values()}
    days: dict[date, list[firms.Firm]] = {}
    for firm in planned:
        days.setdefault(max(firm.founded, REGISTER), []).append(firm)
    made: dict[str, Enterprise] = {}
    for day, rows in sorted(days.items()):
        entered = [_entry(world, firm, places[firm.park]) for firm in rows]
        at = world.moment(day, 9)
        for row in register_enterprises(actor=SYSTEM, rows=entered, at=at):
            made[row.uscc] = row
    world.enterprises = [made[firm.uscc] for firm in planned]
    world.firms = {made[firm.uscc].pk: firm for firm in planned}
    world.investors = [made[firm.uscc] for firm in investors]


def _entry(world: World, firm: firms.Firm, area: Area) -> EnterpriseInput:
    rng = world.rng
    return EnterpriseInput(
        uscc=firm.uscc,
        name=firm.name,
        area_id=area.pk,
        industry_id=world.industries[firm.code].pk,
        legal_representative=person_name(world),
        enterprise_type=EnterpriseType.JOINT_STOCK
        if firm.capital >= 3000 and rng.random() < 0.2
        else EnterpriseType.LIMITED,
        registered_capital_fen=firm.capital * 1_000_000,
        established_on=firm.founded,
        address=f"{area.name}{rng.choice(STREETS)}{rng.randint(1, 199)}号",
    )


def _portal_accounts(world: World) -> None:
    """Let two enterprises with projects of their own come into the portal."""
    brands = {firm.brand: pk for pk, firm in world.firms.items()}
    for username, name, brand, email in PORTAL:
        user = create_user(
            actor=SYSTEM,
            username=username,
            display_name=name,
            password=PASSWORD,
            roles=[Role.ENTERPRISE],
            email=email,
        )
        world.users[username] = user
        first = world.enterprises[0].pk
        add_membership(
            actor=SYSTEM,
            enterprise=Enterprise.objects.get(pk=brands.get(brand, first)),
            user=user,
            role=MembershipRole.MANAGER,
            since=date(2023, 9, 1),
        )


def _contacts(world: World) -> None:
    at = world.moment(date(2023, 8, 1))
    for enterprise in world.enterprises[:CONTACTED]:
        add_contact(
            actor=SYSTEM,
            enterprise=enterprise,
            name=person_name(world),
            phone=phone(world.rng),
            title=world.rng.choice(("总经理", "办公室主任", "财务负责人", "厂长")),
            at=at,
            is_primary=True,
        )


def _visits(world: World) -> None:
    learnt = (
        "订单排到年底，新增两条生产线正在安装。",
        "招工难，缺熟练缝纫工二十多人，已转人社局。",
        "银行续贷手续已办好，没有新的问题。",
        "用电负荷接近上限，计划明年增容。",
        "出口订单回升，关心运费补贴。",
        "厂区道路积水，已拍照转住建部门。",
    )
    reachable = world.enterprises[:CONTACTED]
    for _number in range(VISITS):
        enterprise: Enterprise = world.rng.choice(reachable)
        agent = agent_of(world, enterprise.area_id)
        founded = enterprise.established_on or REGISTER
        day = world.day_between(max(date(2022, 10, 8), min(founded, CUTOFF)), CUTOFF)
        visited = world.moment(day, world.rng.randint(9, 16), world.rng.choice((0, 15, 30, 45)))
        record_visit(
            actor=world.actor(agent),
            enterprise=enterprise,
            visited_at=visited,
            learnt=world.rng.choice(learnt),
            at=visited + timedelta(minutes=40),
            purpose=VisitPurpose.ROUTINE,
            met=world.rng.choice(("总经理", "办公室主任", "厂长")),
        )
