"""The demo city's ledger: five sweep rounds, coordination meetings, visits, portal, hotline."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from cms.management.demo.crm import SYSTEM, person_name
from cms.management.demo.world import AS_OF, World
from crm.common.actor import Actor
from crm.common.calendar import WorkCalendar, load_calendar
from crm.common.enums import Role
from crm.common.models import User
from crm.common.services import create_user
from crm.enums import MembershipRole
from crm.models import Department, Enterprise, Membership
from crm.services import add_membership
from issues import services
from issues.enums import IssueSource, IssueStatus, Outcome, Severity
from issues.models import Issue, IssueCategory, Meeting, Sweep, SweepTarget
from issues.services import Finding, Matter, Settled, TargetSpec
from projects.models import Project

# The model city's published figures for this number of projects.
PROJECTS, MEETINGS, COORDINATED_PROJECTS, COORDINATED_ISSUES = 283, 69, 71, 79
OTHER_ISSUES = 90
# First day, last day, issues found; the fifth round is still going on.
ROUNDS = (
    (date(2023, 9, 4), date(2023, 9, 28), 17),
    (date(2023, 12, 4), date(2023, 12, 28), 14),
    (date(2024, 3, 4), date(2024, 3, 28), 11),
    (date(2024, 6, 3), date(2024, 6, 27), 9),
    (date(2024, 8, 12), date(2024, 9, 20), 8),
)
LAST_NEW = date(2024, 8, 30)
FRESH, FRESH_SINCE = 40, date(2024, 8, 14)
NOT_VISITED = 32
UNITS = {
    "approval": "zjj",
    "utilities": "gdgs",
    "land": "zgj",
    "labour": "rsj",
    "finance": "jrb",
    "roads": "jkq",
    "policy": "czj",
    "other": "jkq",
}


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of issue: category, title, what they say, how bad, what was done, the picture."""

    category: str
    title: str
    said: str
    severity: str
    done: str
    scene: str


STORIES = (
    Story(
        "utilities",
        "临时用电未接通，桩基停工",
        "箱变到了一直没送电，桩机停在那里，一天损失两万。",
        Severity.STOPPED,
        "高压计量柜已到货，箱变已送电，桩机复工。",
        "power",
    ),
    Story(
        "approval",
        "施工许可缺消防审查意见",
        "消防审查的意见一直出不来，施工许可办不下去，队伍已经进场了。",
        Severity.DELAYING,
        "消防审查意见已出具，施工许可已受理。",
        "paper",
    ),
    Story(
        "land",
        "土地款返还未到账",
        "合同写明的土地款返还去年就该到，问了几次都说在走流程。",
        Severity.DELAYING,
        "审核已完成，款项已拨付，附拨款单。",
        "paper",
    ),
    Story(
        "labour",
        "缝纫工缺 60 人",
        "旺季订单接了，熟练缝纫工缺六十个，招聘会只来了十几个人。",
        Severity.NORMAL,
        "组织两场专场招聘，到岗 48 人，其余由技校定向输送。",
        "people",
    ),
    Story(
        "labour",
        "劳动合同备案退回三次",
        "劳动合同备案退回来三次，每次说的材料都不一样。",
        Severity.NORMAL,
        "已上门核对材料，一次备案完成 112 份。",
        "paper",
    ),
    Story(
        "roads",
        "进场道路积水，混凝土车进不来",
        "进场道路积水，混凝土车进不来，今天停工。先铺钢板也行。",
        Severity.STOPPED,
        "已铺钢板并疏通排水口，车辆通行正常。",
        "road",
    ),
    Story(
        "roads",
        "厂区排水口淤堵",
        "下雨厂区就积水，门口的排水口好像堵了。",
        Severity.NORMAL,
        "排水口清淤 40 米，已做通水试验。",
        "road",
    ),
    Story(
        "finance",
        "流动资金贷款续贷卡在抵押评估",
        "贷款月底到期，抵押物评估报告银行说要重做，怕断贷。",
        Severity.DELAYING,
        "银企对接会后银行采用原评估报告，续贷 500 万元已放款。",
        "paper",
    ),
    Story(
        "policy",
        "技改补贴申报后没有回音",
        "技改补贴三月交的材料，到现在没人告诉我们行不行。",
        Severity.NORMAL,
        "复核通过，列入第三批兑现名单，已告知企业。",
        "paper",
    ),
    Story(
        "utilities",
        "蒸汽压力不足",
        "蒸汽压力每天下午掉到零点四，染缸升不了温。",
        Severity.DELAYING,
        "供汽管线更换减压阀，压力稳定在 0.6 兆帕。",
        "power",
    ),
    Story(
        "utilities",
        "临时用水表口径小",
        "工地水表口径小，养护用水不够。",
        Severity.NORMAL,
        "已换 DN80 水表。",
        "power",
    ),
    Story(
        "approval",
        "环评补充监测排不上队",
        "环评要补充监测，检测公司说要排到下个月。",
        Severity.DELAYING,
        "协调另一家检测机构，监测已完成。",
        "paper",
    ),
    Story(
        "land",
        "围墙外边角地权属不清",
        "围墙外有三分边角地，村里和我们说法不一样，围墙砌不了。",
        Severity.NORMAL,
        "已现场放线，双方签字确认界址。",
        "road",
    ),
    Story(
        "other",
        "公交末班车早于下班",
        "工人晚上八点半下班，末班车八点就没了。",
        Severity.NORMAL,
        "末班车延至 21:00，当晚执行。",
        "people",
    ),
    Story(
        "other",
        "职工子女入学名额",
        "有九个外地职工的孩子今年要上一年级，不知道找谁。",
        Severity.NORMAL,
        "九名学生均已安排到就近小学。",
        "people",
    ),
    Story(
        "roads",
        "园区路灯不亮 200 米",
        "厂门口到路口两百米路灯不亮，夜班工人害怕。",
        Severity.NORMAL,
        "更换灯头 8 盏，全部点亮。",
        "road",
    ),
)


def seed(world: World) -> None:
    """Make rounds, issues in every state and meetings, so that the figures come out."""
    calendar = load_calendar()
    _responsible_units(world)
    maker = Maker(world, calendar)
    share = len(world.projects) / PROJECTS
    found = maker.sweeps(share)
    others = maker.others(round(OTHER_ISSUES * share) + round(COORDINATED_ISSUES * share))
    maker.meetings(found, others, share)
    maker.progress()


def _responsible_units(world: World) -> None:
    for code, unit in UNITS.items():
        IssueCategory.objects.filter(code=code).update(department=world.departments[unit])


class Maker:
    """Makes issues and lets time pass over them."""

    def __init__(self, world: World, calendar: WorkCalendar) -> None:
        self.world, self.rng, self.calendar = world, world.rng, calendar
        self.lead = world.actor(world.users["lead"])
        self.categories = {
            row.code: row for row in IssueCategory.objects.select_related("department")
        }
        self.members = self._members()
        self.made: list[tuple[Issue, Story, datetime]] = []
        self.photos = {
            (scene, after): _picture(scene, after)
            for scene in ("power", "paper", "people", "road")
            for after in (False, True)
        }
        self.settled: set[int] = set()

    def _members(self) -> dict[int, User]:
        rows = Membership.objects.select_related("user").order_by("pk")
        return {row.enterprise_id: row.user for row in rows}

    def speaker(self, enterprise: Enterprise) -> Actor:
        """Return a person who speaks for an enterprise on the portal."""
        if enterprise.pk not in self.members:
            name = person_name(self.world)
            user = create_user(
                actor=SYSTEM,
                username=f"firm{enterprise.pk}",
                display_name=name,
                password=None,
                roles=[Role.ENTERPRISE],
            )
            add_membership(
                actor=SYSTEM,
                enterprise=enterprise,
                user=user,
                role=MembershipRole.MANAGER,
                since=date(2023, 1, 1),
            )
            self.members[enterprise.pk] = user
        return self.world.actor(self.members[enterprise.pk])

    def projects_on(self, day: date) -> list[Project]:
        """Return the projects with an enterprise that stood on a day."""
        at = self.world.moment(day)
        rows = Project.objects.filter(enterprise__isnull=False, created_at__lt=at)
        return list(rows.select_related("enterprise").order_by("pk"))

    def agent_of(self, area_id: int) -> Actor:
        """Return an agent who serves an area."""
        for user in self.world.agents[1:]:
            actor = self.world.actor(user)
            if area_id in actor.area_ids:
                return actor
        return self.world.actor(self.world.agents[0])

    # --- rounds -----------------------------------------------------------
    def sweeps(self, share: float) -> list[Issue]:
        """Open the rounds, visit, log what was found; all but the last are closed."""
        found = []
        for number, (first, last, wanted) in enumerate(ROUNDS, start=1):
            sweep = self._open(number, first, last)
            found += self._visit(sweep, max(1, round(wanted * share)), last)
            if last < AS_OF.date():
                services.close_sweep(
                    actor=self.lead,
                    at=self.world.moment(last, 17, 30),
                    sweep=sweep,
                    summary=f"第 {number} 轮走访 {sweep.targets.count()} 个项目，全覆盖。",
                )
        return found

    def _open(self, number: int, first: date, last: date) -> Sweep:
        span = min(last, date(2024, 9, 20)) - first
        at = self.world.moment(first, 8, 30)
        rows = Project.objects.filter(created_at__lt=at).order_by("pk")
        users = {user.pk: user for user in self.world.agents}
        targets = []
        for project in rows.select_related("enterprise"):
            owner = users[self.agent_of(project.area_id).user_id or 0]
            day = self.calendar.next_workday(
                first + timedelta(days=self.rng.randint(0, max(0, span.days - 3)))
            )
            targets.append(TargetSpec(project.enterprise, owner, min(day, last), project))
        return services.open_sweep(
            actor=self.lead,
            at=at,
            title=f"第 {number} 轮大排查",
            starts_on=first,
            ends_on=last,
            targets=targets,
        )

    def _visit(self, sweep: Sweep, wanted: int, last: date) -> list[Issue]:
        rows = list(
            SweepTarget.objects.filter(sweep=sweep)
            .select_related("enterprise", "project", "owner", "sweep")
            .order_by("planned_on", "pk")
        )
        early = [row for row in rows if row.enterprise and row.planned_on <= min(last, LAST_NEW)]
        chosen = self.rng.sample(early, min(wanted, len(early)))
        picked = {row.pk for row in chosen}
        going_on = last > AS_OF.date()
        left = {row.pk for row in rows[-NOT_VISITED:]} if going_on else set()
        found = [
            self._found(row) for row in sorted(chosen, key=lambda row: (row.planned_on, row.pk))
        ]
        clean = [
            (row, self.world.moment(min(row.planned_on, AS_OF.date()), 10 if going_on else 15))
            for row in rows
            if row.pk not in picked and row.pk not in left
        ]
        services.record_clean_visits(
            actor=self.lead,
            at=min(self.world.moment(last, 17), AS_OF - timedelta(hours=1)),
            sweep=sweep,
            visits=[(row, min(when, AS_OF - timedelta(hours=2))) for row, when in clean],
        )
        return found

    def _found(self, target: SweepTarget) -> Issue:
        story = self._story()
        at = self.world.moment(target.planned_on, 10, self.rng.randint(0, 59))
        photos = [self.photo(story.scene, False)] if self.rng.random() < 0.6 else []
        visit = services.record_sweep_visit(
            actor=self.world.actor(target.owner),
            at=at,
            target=target,
            findings=[
                Finding(
                    category=self.categories[story.category],
                    verbatim=story.said,
                    title=story.title,
                    severity=story.severity,
                    photos=photos,
                )
            ],
        )
        issue = visit.issues.select_related("enterprise", "project").get()
        self.made.append((issue, story, at))
        return issue

    def _story(self) -> Story:
        return self.rng.choice(STORIES)

    def photo(self, scene: str, after: bool) -> SimpleUploadedFile:
        """Return a drawn picture of a site as an upload."""
        name = "整改后.jpg" if after else "现场.jpg"
        return SimpleUploadedFile(name, self.photos[scene, after], content_type="image/jpeg")

    # --- visits, portal, hotline --------------------------------------------
    def others(self, wanted: int) -> list[Issue]:
        """Log issues of other sources over two years."""
        made: list[Issue] = []
        fresh = min(FRESH, wanted // 3)
        spans = [(date(2023, 1, 9), date(2024, 8, 9))] * (wanted - fresh)
        spans += [(FRESH_SINCE, LAST_NEW)] * fresh
        days = sorted(
            self.calendar.next_workday(self.world.day_between(first, last)) for first, last in spans
        )
        for number, day in enumerate(days):
            made.append(self._other(number, min(day, LAST_NEW), len(days) - number <= fresh))
        return made

    def _other(self, number: int, day: date, recent: bool) -> Issue:
        story = self._story()
        projects = self.projects_on(day)
        sources = (
            IssueSource.VISIT,
            IssueSource.HOTLINE,
            IssueSource.VISIT,
            IssueSource.INSPECTION,
        )
        at = self.world.moment(day, 9 + number % 8, self.rng.randint(0, 59))
        own = [row for row in projects if row.enterprise_id == self.world.enterprises[0].pk]
        by_portal = bool(own) and (number % 12 == 5 or (recent and number % 6 == 5))
        project = own[0] if by_portal else self.rng.choice(projects)
        enterprise = project.enterprise
        if enterprise is None:
            raise ValueError("only projects with an enterprise are picked")
        photos = [self.photo(story.scene, False)] if recent and number % 2 else []
        issue = services.log_issue(
            actor=self.speaker(enterprise) if by_portal else self.agent_of(project.area_id),
            at=at,
            enterprise=enterprise,
            project=project,
            category=self.categories[story.category],
            verbatim=story.said,
            title=story.title,
            severity=story.severity,
            source=IssueSource.PORTAL if by_portal else sources[number % 4],
            photos=photos,
        )
        self.made.append((issue, story, at))
        return issue

    # --- meetings -------------------------------------------------------------
    def meetings(self, found: list[Issue], others: list[Issue], share: float) -> None:
        """Hold meetings over issues, so many of so many projects; two more are planned."""
        issues = self._coordinated([*others, *found], share)
        count = min(round(MEETINGS * share), len(issues)) or 1
        groups = [issues[number::count] for number in range(count)]
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
        stories = {issue.pk: story for issue, story, _at in self.made}
        units = [stories[issue.pk].category for issue in issues]
        services.hold_meeting(
            actor=self.lead,
            at=held + timedelta(hours=1),
            meeting=meeting,
            held_at=held,
            chair=self.rng.choice(self.world.leaders).display_name,
            present=[self._unit(code).short_name for code in dict.fromkeys(units)],
        )
        self._minutes(meeting, stories, held)

    def _minutes(self, meeting: Meeting, stories: dict[int, Story], held: datetime) -> None:
        due = self.calendar.add_workdays(held.date(), 10)
        settled = [
            Settled(
                item=item,
                text=f"会议明确：由{self._unit(stories[item.issue_id or 0].category).short_name}"
                f"牵头办理“{item.title}”，按期反馈。",
                department=self._unit(stories[item.issue_id or 0].category),
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
        services.sign_minutes(actor=self.lead, at=at, meeting=meeting)
        services.dispatch_resolutions(actor=self.lead, at=at, meeting=meeting)

    def _unit(self, category: str) -> Department:
        return self.world.departments[UNITS[category]]

    # --- time passes ------------------------------------------------------------
    def progress(self) -> None:
        """Let every issue go as far as its age allows; the latest stand at every step."""
        recent = [row for row in self.made if row[2] >= self.world.moment(date(2024, 8, 12))]
        steps = {row[0].pk: number for number, row in enumerate(recent)}
        for issue, story, at in sorted(self.made, key=lambda row: (row[2], row[0].pk)):
            self._advance(issue, story, at, steps.get(issue.pk))

    def _advance(self, issue: Issue, story: Story, at: datetime, recent: int | None) -> None:
        """Walk an issue on; `recent` picks where a fresh one stops."""
        issue.refresh_from_db()
        stop = None if recent is None else recent % 9
        start = max(at, issue.updated_at) + timedelta(hours=1)
        if issue.status == IssueStatus.RECEIVED:
            if stop == 0:
                return
            if stop == 7 and recent is not None and recent % 2:
                services.refuse_issue(
                    actor=self.lead,
                    at=start,
                    issue=issue,
                    reason="属合同纠纷，请走仲裁，已当面说明。",
                )
                return
            services.assign_issue(
                actor=self.agent_of(issue.area_id),
                at=start,
                issue=issue,
                department=self._unit(story.category),
            )
        if stop == 1:
            return
        handler = self._handler(story)
        services.sign_for(actor=handler, at=start + timedelta(hours=2), issue=issue)
        if stop == 2:
            return
        if stop == 7:
            services.park_issue(
                actor=self.lead,
                at=start + timedelta(hours=5),
                issue=issue,
                review_on=date(2024, 12, 12),
                reason="等省级规划调整，按季度复核。",
            )
            return
        services.start_handling(actor=handler, at=start + timedelta(hours=3), issue=issue)
        if stop == 3:
            services.extend_issue(
                actor=self.lead,
                at=start + timedelta(hours=4),
                issue=issue,
                due_on=date(2024, 9, 13) + timedelta(days=3 + (recent or 0) % 9),
                reason="设备到货推迟，已与企业说明。",
            )
            return
        self._finish(issue, story, start, stop, handler)

    def _handler(self, story: Story) -> Actor:
        return self.world.actor(self.world.handlers[UNITS[story.category]][0])

    def _finish(
        self, issue: Issue, story: Story, start: datetime, stop: int | None, handler: Actor
    ) -> None:
        slack = self.rng.choice((-2, -1, -1, 0, 0, 1, 2)) if stop is None else -1
        day = max(issue.due_on + timedelta(days=slack), start.date() + timedelta(days=1))
        answered = self.world.moment(self.calendar.next_workday(day), 10, 20)
        answered = min(answered, AS_OF - timedelta(days=2))
        if answered <= start:
            answered = start + timedelta(hours=4)
        services.answer_issue(
            actor=handler,
            at=answered,
            issue=issue,
            text=story.done,
            evidence=[self.photo(story.scene, True)],
        )
        if stop == 4:
            return
        later = min(answered + timedelta(hours=20), AS_OF - timedelta(hours=30))
        speaker = self.speaker(issue.enterprise)
        if stop == 5:
            services.confirm_by_enterprise(
                actor=speaker,
                at=later,
                issue=issue,
                outcome=Outcome.PARTLY,
                words="好了一半，还差收尾。",
            )
            return
        services.confirm_by_enterprise(
            actor=speaker,
            at=later,
            issue=issue,
            outcome=Outcome.SOLVED,
            stars=self.rng.choice((4, 5, 5)),
            words=self.rng.choice(("解决了，谢谢。", "比说的晚一天，下次请提前讲。", "")),
        )
        agent = self.agent_of(issue.area_id)
        services.verify_issue(actor=agent, at=later + timedelta(hours=3), issue=issue)
        if stop == 6:
            return
        services.close_issue(actor=self.lead, at=later + timedelta(hours=5), issue=issue)


def _picture(scene: str, after: bool) -> bytes:
    """Draw a plain site picture: sky, hills, ground and what it is about."""
    image = Image.new("RGB", (480, 360), "#cfdbe6")
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [(0, 230), (120, 190), (260, 220), (380, 180), (480, 215), (480, 260), (0, 260)], "#a9b8bd"
    )
    draw.rectangle((0, 255, 480, 360), "#c2a878")
    draw.rectangle((0, 255, 480, 263), "#8d7b58")
    {"power": _draw_power, "paper": _draw_paper, "people": _draw_people, "road": _draw_road}[scene](
        draw, after
    )
    stream = BytesIO()
    image.save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _draw_power(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.rectangle((150, 150, 330, 280), "#7f9c86", "#4d6354", 4)
    for left in (165, 245):
        draw.rectangle((left, 168, left + 70, 270), "#6d8a75", "#4d6354", 2)
        draw.ellipse((left + 28, 180, left + 42, 194), "#39d05c" if after else "#444444")
    draw.line((330, 160, 480, 120), "#333333", 3)


def _draw_paper(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.rectangle((150, 60, 330, 310), "#fbfbf8", "#b8b8b0", 3)
    for row in range(5):
        draw.line((175, 100 + row * 30, 305 - (row % 3) * 18, 100 + row * 30), "#6b7480", 4)
    if after:
        draw.ellipse((250, 230, 315, 295), None, "#b3261e", 5)


def _draw_people(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.rectangle((40, 130, 440, 262), "#9aa3ab", "#6d757c", 3)
    for number in range(6 if after else 2):
        left = 80 + number * 58
        draw.ellipse((left, 190, left + 26, 216), "#e2b48a")
        draw.rectangle((left - 4, 216, left + 30, 280), "#2f5f9e")


def _draw_road(draw: ImageDraw.ImageDraw, after: bool) -> None:
    draw.polygon([(190, 262), (290, 262), (430, 360), (50, 360)], "#6f7378")
    if after:
        for row in range(4):
            draw.rectangle(
                (150 - row * 22, 285 + row * 19, 330 + row * 22, 297 + row * 19), "#9aa0a6"
            )
    else:
        draw.ellipse((130, 290, 350, 345), "#7fa3bf", "#5e86a5", 3)
