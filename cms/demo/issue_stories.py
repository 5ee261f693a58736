"""What happens in the demo city: issues as enterprises tell them, and whose they are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from cms.demo.courses import Course, table
from crm.models import Department
from crm.selectors import department_called
from projects.enums import STAGES, Stage

MOST_OF_A_TITLE = 6
# A working plant: stories of `operating` happen there.
OPERATING = STAGES[STAGES.index(Stage.PRODUCING) :]


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of issue: what they say, whose it is, how long it takes, how it ends."""

    key: str
    category: str
    kind: str
    severity: str
    industries: frozenset[str]
    stages: frozenset[str]
    said: str
    title: str
    department: Department
    days: int
    answer: str
    reply: str
    scene: str

    def fits(self, trade: str, stage: str) -> bool:
        """Say whether it can happen to a firm of a trade whose project stands at a stage."""
        return bool(self.industries & {"any", trade}) and stage in self.stages


class Stories:
    """Gives out stories: fitting, none too often, never twice to one firm."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.known = {row["key"]: _story(row) for row in table("issue_stories")}
        self.used: Counter[str] = Counter()
        self.told: set[tuple[int, str]] = set()

    def fitting(self, trade: str, stage: str, firm: int, category: str = "") -> list[Story]:
        """Return the stories that can happen now to a firm."""
        return [
            story
            for story in self.known.values()
            if story.fits(trade, stage)
            and category in ("", story.category)
            and self.used[story.key] < MOST_OF_A_TITLE
            and (firm, story.key) not in self.told
        ]

    def take(self, story: Story, firm: int) -> Story:
        """Note that a firm told a story."""
        self.used[story.key] += 1
        self.told.add((firm, story.key))
        return story


def _story(row: dict[str, str]) -> Story:
    return Story(
        key=row["key"],
        category=row["category"],
        kind=row["kind"],
        severity=row["severity"],
        industries=frozenset(row["industries"].split(";")),
        stages=frozenset(row["stage"].split(";")),
        said=row["said"],
        title=row["title"],
        department=department_called(row["department"]),
        days=int(row["typical_days"]),
        answer=row["answer"],
        reply=row["reply"],
        scene=row["scene"],
    )


def stage_on(course: Course, day: date) -> Stage | None:
    """Return the stage a project stood in on a day; None before it was known."""
    reached = [stage for stage, since in course.days.items() if since < day]
    return reached[-1] if reached else None


def stages_on(course: Course, day: date) -> Iterator[str]:
    """Yield the names of stories' stages that a project had on a day."""
    stage = stage_on(course, day)
    if stage is None:
        return
    yield stage.value
    if stage in OPERATING or course.type == "tech_upgrade":
        yield "operating"
