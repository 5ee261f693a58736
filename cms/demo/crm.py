"""The demo city's people and enterprises."""

from datetime import date, timedelta

from cms.demo.names import BRANDS, GIVEN, SECOND, STREETS, SURNAMES, TRADES
from cms.demo.world import CUTOFF, World
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.services import create_user
from crm.enums import EnterpriseType, MembershipRole, VisitPurpose
from crm.models import Area, Department, Enterprise, Industry, StaffProfile
from crm.rules import complete_uscc
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
DEMO_USCC = "91429006MA4TE5T05F"
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
    _portal_account(world)
    _contacts(world)
    _visits(world)


def person_name(world: World) -> str:
    """Return a fictitious person's name."""
    return world.rng.choice(SURNAMES) + world.rng.choice(GIVEN)


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
    )
    profile = StaffProfile.objects.create(
        user=user, department=world.departments[department], title=title
    )
    profile.areas.set(areas)
    world.users[username] = user
    return user


def _staff(world: World) -> None:
    city = world.areas["429006"]
    places = [area for code, area in sorted(world.areas.items()) if code != "429006"]
    for username, name, role, department, title in ACCOUNTS:
        areas = [city] if role in (Role.AGENT, Role.LEAD) else []
        _user(world, username, name, role, department, title, areas)
    world.agents = [world.users["agent"]]
    world.leaders = [world.users["leader"]]
    for number in range(11):
        mine = [area for index, area in enumerate(places) if index % 11 == number]
        title = f"代办员 · {mine[0].name}"
        name = person_name(world)
        world.agents.append(
            _user(world, f"agent{number + 2}", name, Role.AGENT, "ansb", title, mine)
        )
    for number in range(5):
        user = _user(
            world, f"leader{number + 2}", person_name(world), Role.LEADER, "zfb", "市领导", []
        )
        world.leaders.append(user)
    world.handlers = {"zjj": [world.users["handler"]]}
    for code, unit in sorted(world.departments.items()):
        if code in {"zfb", "sjj", "ansb"}:
            continue
        title = f"{unit.short_name} 经办"
        user = _user(world, f"handler-{code}", person_name(world), Role.HANDLER, code, title, [])
        world.handlers.setdefault(code, []).append(user)


def _enterprises(world: World) -> None:
    rng = world.rng
    codes, words, weights = zip(*TRADES, strict=True)
    named = dict(zip(codes, words, strict=True))
    parks = [code for code in sorted(world.areas) if code.startswith("TM-")]
    towns = [code for code in sorted(world.areas) if len(code) == 9]
    rows: list[EnterpriseInput] = []
    names: set[str] = set()
    for number in range(world.enterprises_wanted):
        trade = rng.choices(codes, weights)[0]
        name = _firm_name(world, named[trade], names, number)
        area = world.areas[rng.choice(parks) if rng.random() < 0.55 else rng.choice(towns)]
        if number == 0:
            area = world.areas["TM-JKQ-ZB"]
        capital = rng.choice((50, 100, 200, 300, 500, 800, 1000, 2000, 5000, 12000))
        rows.append(
            EnterpriseInput(
                uscc=DEMO_USCC if number == 0 else _code(number),
                name="湖北江汉泵业有限公司" if number == 0 else name,
                area_id=area.pk,
                industry_id=world.industries["3441" if number == 0 else trade].pk,
                legal_representative=person_name(world),
                enterprise_type=EnterpriseType.JOINT_STOCK
                if rng.random() < 0.06
                else EnterpriseType.LIMITED,
                registered_capital_fen=capital * 1_000_000,
                established_on=world.day_between(date(2003, 1, 1), date(2023, 6, 30)),
                address=f"{area.name}{rng.choice(STREETS)}{rng.randint(1, 199)}号",
            )
        )
    at = world.moment(date(2023, 7, 3))
    world.enterprises = register_enterprises(actor=SYSTEM, rows=rows, at=at)


def _firm_name(world: World, trade: str, taken: set[str], number: int) -> str:
    place = "天门市" if number % 3 else "湖北"
    for _try in range(40):
        brand = world.rng.choice(BRANDS) + world.rng.choice(SECOND)
        name = f"{place}{brand}{trade}有限公司"
        if name not in taken:
            taken.add(name)
            return name
    name = f"{place}{world.rng.choice(BRANDS)}{number}{trade}有限公司"
    taken.add(name)
    return name


def _code(number: int) -> str:
    """Return a valid fictitious code of the city; the block MAD… is not given to anyone real."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    rest, body = number, ""
    for _place in range(5):
        rest, digit = divmod(rest, 31)
        body = alphabet[digit] + body
    return complete_uscc("91429006", f"MAD{body}")


def _portal_account(world: World) -> None:
    user = create_user(
        actor=SYSTEM,
        username="enterprise",
        display_name="徐巧玲",
        password=PASSWORD,
        roles=[Role.ENTERPRISE],
        email="enterprise@jianghan-pump.example",
    )
    world.users["enterprise"] = user
    first = world.enterprises[0]
    add_membership(
        actor=SYSTEM,
        enterprise=first,
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
            phone=f"1{world.rng.choice((33, 38, 39, 53, 77, 89))}0000{world.rng.randint(1000, 9999)}",
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
        agent = world.users["agent"]
        day = world.day_between(date(2023, 9, 1), CUTOFF)
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
