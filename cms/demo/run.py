"""Make the demo city, room by room, through the product's own services."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.db import transaction

from cms.demo import changes, crm, desks, inboxes, issues, policies, profiles, projects
from cms.demo.days import AS_OF
from cms.demo.world import World
from crm.common.days.calendar import calendar_held
from crm.common.people.models import User
from crm.common.records import audit, chain
from projects.services import lights_deferred

ROOMS: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("enterprises", crm.seed),
    ("projects", projects.seed),
    ("issues", issues.seed),
    ("profiles", profiles.seed),
    ("policies", policies.seed),
    ("changes", changes.seed),
    ("inboxes", inboxes.seed),
    ("desks", desks.seed),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How large a city, and from which seed."""

    enterprises: int = 1296
    projects: int = 283
    seed: int = 7


def is_there() -> bool:
    """Say whether the demo city stands already."""
    return User.objects.filter(username="enterprise").exists()


def run(wanted: Wanted, say: Callable[[str], None]) -> None:
    """Make the city in one transaction; print the seconds of each room."""
    settings.ANSHANG_TODAY = AS_OF.date()
    world = World(
        rng=Random(wanted.seed),
        enterprises_wanted=wanted.enterprises,
        projects_wanted=wanted.projects,
        say=say,
    )
    with (
        transaction.atomic(),
        calendar_held(),
        audit.gathered(),
        lights_deferred(today=AS_OF.date()),
    ):
        for name, seed in ROOMS:
            began = time.monotonic()
            world.rng = Random(f"{wanted.seed}:{name}")
            seed(world)
            say(f"{name} {time.monotonic() - began:.1f} s")
    chain.seal_all()
