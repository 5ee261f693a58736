"""The demo city's ledger: what was found in rounds, told on visits, in the portal, on 12345."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.courses import table
from cms.demo.crm import SYSTEM, agent_of, person_name
from cms.demo.issue_stories import Stories, Story, stages_on
from cms.demo.meetings import MeetingMaker
from cms.demo.pictures import picture
from cms.demo.progress import Progress
from cms.demo.sweeps import SweepMaker
from cms.demo.told import Place, Told
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.services import create_user
from crm.enums import MembershipRole
from crm.models import Enterprise, Membership
from crm.services import add_membership
from issues import services
from issues.enums import IssueSource
from issues.models import IssueCategory
from projects.enums import Stage
from projects.models import TeamMember

# The model city's published figures are for this number of projects.
PROJECTS = 283
# From here every issue stands in a table of its own.
LIVE_SINCE = date(2024, 8, 7)
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
SOURCES = (
    (IssueSource.VISIT, 70),
    (IssueSource.PORTAL, 40),
    (IssueSource.HOTLINE, 28),
    (IssueSource.INSPECTION, 24),
    (IssueSource.MEETING, 15),
)
HOURS = (9, 10, 10, 11, 14, 15, 15, 16)


def seed(world: World) -> None:
    """Make rounds, issues in every state and meetings, so that the figures come out."""
    services.load_issue_reference()
    for code, unit in UNITS.items():
        IssueCategory.objects.filter(code=code).update(department=world.departments[unit])
    maker = Maker(world, load_calendar())
    share = len(world.projects) / PROJECTS
    SweepMaker(maker).rounds(share)
    maker.others(share)
    MeetingMaker(maker).meetings(share)
    Progress(maker).run()


class Maker:
    """Puts issues on record; the other makers share what it knows."""

    def __init__(self, world: World, calendar: WorkCalendar) -> None:
        self.world, self.rng, self.calendar = world, world.rng, calendar
        self.lead = world.actor(world.users["lead"])
        self.stories = Stories(world.rng)
        self.categories = {
            row.code: row for row in IssueCategory.objects.select_related("department")
        }
        rows = Membership.objects.select_related("user").order_by("pk")
        self.members: dict[int, User] = {row.enterprise_id: row.user for row in rows}
        self.told: list[Told] = []
        self.places = self._places()
        self.live = table("live_issues")
        self.photos = {
            (scene, after): picture(scene, after)
            for scene in ("power", "paper", "people", "road")
            for after in (False, True)
        }

    def _places(self) -> list[Place]:
        mine = TeamMember.objects.filter(user=self.world.users["agent"], until=None)
        own = set(mine.values_list("project_id", flat=True))
        rows = zip(self.world.projects, self.world.courses, self.world.investors, strict=True)
        return [
            Place(project, course, enterprise, project.pk in own)
            for project, course, enterprise in rows
            if Stage.REGISTERED in course.days
        ]

    def speaker(self, enterprise: Enterprise) -> Actor:
        """Return a person who speaks for an enterprise on the portal."""
        if enterprise.pk not in self.members:
            user = create_user(
                actor=SYSTEM,
                username=f"firm{enterprise.pk}",
                display_name=person_name(self.world),
                password=None,
                roles=[Role.ENTERPRISE],
            )
            add_membership(
                actor=SYSTEM,
                enterprise=enterprise,
                user=user,
                role=MembershipRole.MANAGER,
                since=date(2022, 10, 1),
            )
            self.members[enterprise.pk] = user
        return self.world.actor(self.members[enterprise.pk])

    def agent_of(self, area_id: int) -> Actor:
        """Return an agent who serves an area."""
        return self.world.actor(agent_of(self.world, area_id))

    def handler_of(self, story: Story) -> Actor:
        """Return who answers for the department of a story."""
        return self.world.actor(self.world.handlers[story.department.code][0])

    def photo(self, scene: str, after: bool) -> SimpleUploadedFile:
        """Return a drawn picture of a site as an upload."""
        name = "整改后.jpg" if after else "现场.jpg"
        return SimpleUploadedFile(name, self.photos[scene, after], content_type="image/jpeg")

    def workdays(self, first: date, last: date) -> list[date]:
        """Return the working days from one to another, both included."""
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [day for day in days if self.calendar.is_workday(day)]

    # --- where and what ---------------------------------------------------------
    def standing(self, day: date) -> list[Place]:
        """Return the projects with a company on a day."""
        return [row for row in self.places if row.course.days[Stage.REGISTERED] < day]

    def something(self, day: date, category: str = "") -> tuple[Place, Story] | None:
        """Pick a project and a story that can happen there on a day."""
        places = self.standing(day)
        for place in self.rng.sample(places, len(places)):
            found = [
                story
                for stage in stages_on(place.course, day)
                for story in self.stories.fitting(
                    place.course.trade, stage, place.enterprise.pk, category
                )
            ]
            if found:
                story = self.rng.choice(found)
                return place, self.stories.take(story, place.enterprise.pk)
        return None

    def place_for(self, key: str, day: date, own: bool) -> tuple[Place, Story] | None:
        """Pick a project where a certain story happens; its stage may be another one."""
        story = self.stories.known[key]
        places = [row for row in self.standing(day) if not own or row.own]
        fit = [row for row in places if story.industries & {"any", row.course.trade}]
        now = [row for row in fit if story.stages & set(stages_on(row.course, day))]
        for some in (now, fit, places):
            free = [row for row in some if (row.enterprise.pk, story.key) not in self.stories.told]
            if free:
                place = self.rng.choice(free)
                return place, self.stories.take(story, place.enterprise.pk)
        return None

    # --- visits, portal, hotline --------------------------------------------
    def others(self, share: float) -> None:
        """Log the issues of other sources, month by month, then those still alive."""
        for row in table("calendar")[1:]:
            if row["month"] > "2024-08":
                continue
            first = date(int(row["month"][:4]), int(row["month"][5:7]), 1)
            last = min(first + timedelta(days=27), LIVE_SINCE - timedelta(days=1))
            count = round((int(row["issues_received"]) - int(row["of_them_sweep"])) * share)
            if row["month"] == "2024-08":
                count -= round(len([one for one in self._told_alive() if one["day"] < "2024-09"]))
            days = self.workdays(first, last)
            for day in sorted(self.rng.choices(days, k=max(0, count))):
                if found := self.something(day):
                    self._log(*found, day, self.rng.choice(HOURS), self._source())
        for row in self._told_alive():
            day = date.fromisoformat(row["day"])
            if found := self.place_for(row["key"], day, bool(row["own"])):
                self._log(*found, day, int(row["hour"]), row["source"], row["step"])

    def _told_alive(self) -> list[dict[str, str]]:
        return [row for row in self.live if row["source"] != IssueSource.SWEEP]

    def _source(self) -> str:
        names = [name for name, _count in SOURCES]
        counts = [count for _name, count in SOURCES]
        return self.rng.choices(names, counts)[0]

    def _log(
        self, place: Place, story: Story, day: date, hour: int, source: str, step: str = ""
    ) -> None:
        at = self.world.moment(day, hour, self.rng.randint(5, 50))
        by_portal = source == IssueSource.PORTAL
        with_photo = by_portal or self.rng.random() < 0.25
        issue = services.log_issue(
            actor=self.speaker(place.enterprise)
            if by_portal
            else self.agent_of(place.project.area_id),
            at=at,
            enterprise=place.enterprise,
            project=place.project,
            category=self.categories[story.category],
            verbatim=story.said,
            title=story.title,
            severity=story.severity,
            kind=story.kind,
            source=source,
            photos=[self.photo(story.scene, False)] if with_photo else [],
        )
        self.told.append(Told(issue, story, at, step))
