"""The demo city's five rounds: every project is visited, some have something to say."""

from dataclasses import dataclass
from datetime import date, timedelta

from cms.demo.days import AS_OF
from cms.demo.issue_stories import Story
from cms.demo.told import Ledger, Place, Told
from issues import services
from issues.enums import IssueSource
from issues.models import Sweep, SweepTarget
from issues.services import Finding, TargetSpec
from projects.models import Project

# First day, last day, what was found by category; the fifth round is still going on.
ROUNDS: tuple[tuple[date, date, dict[str, int]], ...] = (
    (
        date(2023, 9, 4),
        date(2023, 9, 28),
        {
            "approval": 5,
            "utilities": 3,
            "labour": 3,
            "roads": 2,
            "land": 2,
            "finance": 1,
            "other": 1,
        },
    ),
    (
        date(2023, 12, 4),
        date(2023, 12, 28),
        {"approval": 4, "utilities": 3, "labour": 2, "roads": 2, "land": 2, "finance": 1},
    ),
    (
        date(2024, 3, 4),
        date(2024, 3, 28),
        {"approval": 3, "utilities": 2, "labour": 2, "roads": 2, "land": 1, "finance": 1},
    ),
    (
        date(2024, 6, 3),
        date(2024, 6, 27),
        {"approval": 2, "utilities": 2, "labour": 2, "roads": 1, "land": 1, "finance": 1},
    ),
    (date(2024, 8, 12), date(2024, 9, 20), {}),
)
# Of the round that goes on so many are left; so many of them past the agreed day.
LEFT, LATE, OWN_LEFT = 32, 9, 3


@dataclass(frozen=True, slots=True)
class Found:
    """What will be found where, on which day of a round."""

    place: Place
    story: Story
    day: date
    hour: int
    step: str = ""


class SweepMaker:
    """Opens the rounds, visits, logs what was found, closes all but the last."""

    def __init__(self, maker: Ledger) -> None:
        self.maker, self.world, self.rng = maker, maker.world, maker.rng
        self.lead = maker.lead
        self.left: dict[int, date | None] = {}

    def rounds(self, share: float) -> None:
        """Make the five rounds."""
        for number, (first, last, wanted) in enumerate(ROUNDS, start=1):
            found = self._alive() if not wanted else self._drawn(first, last, wanted, share)
            sweep = self._open(number, first, last, {one.place.project.pk: one for one in found})
            self._visit(sweep, last, found)
            if last < AS_OF.date():
                services.close_sweep(
                    actor=self.lead,
                    at=self.world.moment(last, 17, 30),
                    sweep=sweep,
                    summary=f"第 {number} 轮走访 {sweep.targets.count()} 个项目，"
                    f"发现问题 {len(found)} 个，全覆盖。",
                )

    def _drawn(self, first: date, last: date, wanted: dict[str, int], share: float) -> list[Found]:
        days = self.maker.workdays(first, last - timedelta(days=2))
        found: list[Found] = []
        for category, count in wanted.items():
            for _number in range(round(count * share) or 1):
                drawn = None
                while drawn is None or drawn[0].project.pk in {x.place.project.pk for x in found}:
                    drawn = self.maker.something(first, category)
                    if drawn is None:
                        break
                if drawn:
                    found.append(Found(*drawn, self.rng.choice(days), 10))
        return found

    def _alive(self) -> list[Found]:
        """Return what this round found, as it stands in the table of live issues."""
        found: list[Found] = []
        for row in self.maker.live:
            if row["source"] != IssueSource.SWEEP:
                continue
            drawn = None
            for _attempt in range(5):
                drawn = self.maker.place_for(row["key"], date(2024, 8, 10), bool(row["own"]))
                if drawn and drawn[0].project.pk not in {x.place.project.pk for x in found}:
                    break
            if drawn:
                day = date.fromisoformat(row["day"])
                found.append(Found(*drawn, day, int(row["hour"]), row["step"]))
        return found

    def _open(self, number: int, first: date, last: date, found: dict[int, Found]) -> Sweep:
        at = self.world.moment(first, 8, 30)
        days = self.maker.workdays(first, min(last, AS_OF.date() - timedelta(days=1)))
        later = self.maker.workdays(AS_OF.date() + timedelta(days=1), last)
        users = {user.pk: user for user in self.world.agents}
        # The second half of a round is the quicker one.
        weights = [1 + 0.8 * (place * 2 > len(days)) for place in range(len(days))]
        projects = [row for row in self.world.projects if row.created_at < at]
        self.left = left = self._left(projects, set(found)) if later else {}
        targets = []
        for project in projects:
            owner = users[self.maker.agent_of(project.area_id).user_id or 0]
            day = self.rng.choices(days, weights)[0]
            if project.pk in found:
                day = found[project.pk].day
            elif project.pk in left:
                day = left[project.pk] or self.rng.choice(later)
            enterprise = project.enterprise if project.enterprise_id else None
            targets.append(TargetSpec(enterprise, owner, day, project))
        return services.open_sweep(
            actor=self.lead,
            at=at,
            title=f"第 {number} 轮大排查",
            starts_on=first,
            ends_on=last,
            targets=targets,
        )

    def _left(self, projects: list[Project], found: set[int]) -> dict[int, date | None]:
        """Pick who is not visited yet: some past their agreed day, three of the demo's agent."""
        own_agent = self.world.users["agent"].pk
        own: list[int] = []
        others: list[int] = []
        for project in projects:
            if project.pk not in found:
                mine = self.maker.agent_of(project.area_id).user_id == own_agent
                (own if mine else others).append(project.pk)
        picked = self.rng.sample(own, min(OWN_LEFT, len(own)))
        picked += self.rng.sample(others, min(LEFT - OWN_LEFT, len(others)))
        late = self.maker.workdays(date(2024, 9, 4), date(2024, 9, 10))
        return {
            key: self.rng.choice(late) if 1 <= place <= LATE else None
            for place, key in enumerate(picked)
        }

    def _visit(self, sweep: Sweep, last: date, found: list[Found]) -> None:
        rows = list(
            SweepTarget.objects.filter(sweep=sweep)
            .select_related("enterprise", "project__area", "owner", "sweep")
            .order_by("planned_on", "pk")
        )
        by_project = {row.project_id: row for row in rows}
        for one in sorted(found, key=lambda one: (one.day, one.hour)):
            self._found(by_project[one.place.project.pk], one)
        picked = {one.place.project.pk for one in found} | set(self.left)
        clean = [
            (row, self.world.moment(row.planned_on, self.rng.choice((9, 10, 11, 14, 15, 16))))
            for row in rows
            if row.project_id not in picked
        ]
        services.record_clean_visits(
            actor=self.lead,
            at=min(self.world.moment(last, 17), AS_OF - timedelta(hours=1)),
            sweep=sweep,
            visits=clean,
        )

    def _found(self, target: SweepTarget, one: Found) -> None:
        at = self.world.moment(one.day, one.hour, self.rng.randint(0, 50))
        photos = [self.maker.photo(one.story.scene, False)] if self.rng.random() < 0.6 else []
        services.record_sweep_visit(
            actor=self.world.actor(target.owner),
            at=at,
            target=target,
            findings=[
                Finding(
                    category=self.maker.categories[one.story.category],
                    verbatim=one.story.said,
                    title=one.story.title,
                    severity=one.story.severity,
                    photos=photos,
                )
            ],
        )
        if target.visit is None:
            raise ValueError("the visit is on record")
        issue = target.visit.issues.select_related("enterprise", "project").get()
        self.maker.told.append(Told(issue, one.story, at, one.step))
