"""What the makers of the ledger hand each other: where something happens, and what was told."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Protocol

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.courses import Course
from cms.demo.issue_stories import Story
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar
from crm.common.people.actor import Actor
from crm.models import Enterprise
from issues.models import Issue, IssueCategory
from projects.models import Project


@dataclass(slots=True)
class Told:
    """An issue on record with its story, when it came, and where it is to stand this morning."""

    issue: Issue
    story: Story
    at: datetime
    step: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A project with its course: where something can happen."""

    project: Project
    course: Course
    enterprise: Enterprise
    own: bool


class Ledger(Protocol):
    """What the other makers need of the one that puts issues on record."""

    world: World
    rng: Random
    calendar: WorkCalendar
    lead: Actor
    told: list[Told]
    places: list[Place]
    live: list[dict[str, str]]
    categories: dict[str, IssueCategory]

    def agent_of(self, area_id: int) -> Actor:
        """Return an agent who serves an area."""

    def handler_of(self, story: Story) -> Actor:
        """Return who answers for the department of a story."""

    def speaker(self, enterprise: Enterprise) -> Actor:
        """Return a person who speaks for an enterprise on the portal."""

    def photo(self, scene: str, after: bool) -> SimpleUploadedFile:
        """Return a drawn picture of a site as an upload."""

    def workdays(self, first: date, last: date) -> list[date]:
        """Return the working days from one to another, both included."""

    def standing(self, day: date) -> list[Place]:
        """Return the projects with a company on a day."""

    def something(self, day: date, category: str = "") -> tuple[Place, Story] | None:
        """Pick a project and a story that can happen there on a day."""

    def place_for(self, key: str, day: date, own: bool) -> tuple[Place, Story] | None:
        """Pick a project where a certain story happens."""
