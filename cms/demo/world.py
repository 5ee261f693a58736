"""What the makers of the demo city share: one random source, the cast, the records so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from crm.common.days.clock import SHANGHAI
from crm.common.people.actor import Actor
from crm.common.people.identity import actor_for
from crm.common.people.models import User

if TYPE_CHECKING:
    from cms.demo.courses import Course
    from cms.demo.firms import Firm
    from crm.models import Area, Department, Enterprise, Industry
    from projects.models import Project


@dataclass(slots=True)
class World:
    """The demo city while it is being made; every room draws from a stream of its own.

    Two runs make the same city, and one more draw in a room changes no other. `firms` holds
    what an enterprise's values follow from by its key; `courses` and `investors` go together.

    `users` holds the demo accounts and further staff by user name; `handlers` maps a
    department's code to its handlers, `agents` lists the agents.
    """

    rng: Random
    enterprises_wanted: int
    projects_wanted: int
    say: Callable[[str], None]
    users: dict[str, User] = field(default_factory=dict)
    agents: list[User] = field(default_factory=list)
    handlers: dict[str, list[User]] = field(default_factory=dict)
    leaders: list[User] = field(default_factory=list)
    departments: dict[str, "Department"] = field(default_factory=dict)
    areas: dict[str, "Area"] = field(default_factory=dict)
    industries: dict[str, "Industry"] = field(default_factory=dict)
    enterprises: list["Enterprise"] = field(default_factory=list)
    projects: list["Project"] = field(default_factory=list)
    firms: dict[int, "Firm"] = field(default_factory=dict)
    courses: list["Course"] = field(default_factory=list)
    investors: list["Enterprise"] = field(default_factory=list)
    _actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, user: User) -> Actor:
        """Return the actor of a user, computed once."""
        if user.pk not in self._actors:
            self._actors[user.pk] = actor_for(user)
        return self._actors[user.pk]

    def moment(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Return a time of day in Shanghai."""
        return datetime.combine(day, time(hour, minute), SHANGHAI)

    def day_between(self, first: date, last: date) -> date:
        """Return a random day, both ends included."""
        return first + timedelta(days=self.rng.randint(0, (last - first).days))
