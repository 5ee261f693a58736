"""The demo city's ledger: five sweep rounds, coordination meetings, visits, portal, hotline."""

from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.crm import SYSTEM, agent_of, person_name
from cms.demo.days import AS_OF
from cms.demo.issue_stories import STORIES, Story
from cms.demo.meetings import COORDINATED_ISSUES, MeetingMaker
from cms.demo.pictures import picture
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.days.clock import local_date
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.services import create_user
from crm.enums import MembershipRole
from crm.models import Department, Enterprise, Membership
from crm.services import add_membership
from issues import services
from issues.enums import IssueSource, IssueStatus, Outcome
from issues.models import Issue, IssueCategory, Sweep, SweepTarget
from issues.services import Finding, TargetSpec
from projects.models import Project

# The model city's published figures for this number of projects.
PROJECTS = 283
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


def seed(world: World) -> None:
    """Make rounds, issues in every state and meetings, so that the figures come out."""
    services.load_issue_reference()
    calendar = load_calendar()
    _responsible_units(world)
    maker = Maker(world, calendar)
    share = len(world.projects) / PROJECTS
    found = maker.sweeps(share)
    others = maker.others(round(OTHER_ISSUES * share) + round(COORDINATED_ISSUES * share))
    MeetingMaker(maker).meetings(found, others, share)
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
            (scene, after): picture(scene, after)
            for scene in ("power", "paper", "people", "road")
            for after in (False, True)
        }

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
        return self.world.actor(agent_of(self.world, area_id))

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
            .select_related("enterprise", "project__area", "owner", "sweep")
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
        services.record_sweep_visit(
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
        if target.visit is None:
            raise ValueError("the visit is on record")
        issue = target.visit.issues.select_related("enterprise", "project").get()
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

    def unit(self, category: str) -> Department:
        """Return the department responsible for a category."""
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
                department=self.unit(story.category),
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
        answered = min(answered, self.world.moment(date(2024, 9, 10), 17))
        services.answer_issue(
            actor=handler,
            at=answered,
            issue=issue,
            text=story.done,
            evidence=[self.photo(story.scene, True)],
        )
        if stop == 4:
            return
        spoken = min(local_date(answered) + timedelta(days=1), date(2024, 9, 11))
        later = self.world.moment(spoken, 9, 58)
        if issue.enterprise is None:
            raise ValueError("only issues of enterprises are walked on")
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
        services.verify_issue(actor=agent, at=later + timedelta(hours=1), issue=issue)
        if stop == 6:
            return
        services.close_issue(actor=self.lead, at=later + timedelta(hours=5), issue=issue)
