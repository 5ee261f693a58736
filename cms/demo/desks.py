"""Who of the demo city is away, and who stands in."""

from datetime import date, timedelta

from cms.demo.world import World
from crm.services import AbsenceInput, enter_absence

# Who is away, who stands in, until when, why.
AWAY = (
    ("agent6", "agent9", date(2024, 9, 9), date(2024, 9, 20), "年休假"),
    ("agent11", "agent4", date(2024, 9, 11), date(2024, 9, 13), "外出招商"),
)


def seed(world: World) -> None:
    """Enter the absences of these days."""
    admin = world.actor(world.users["admin"])
    for name, deputy, since, until, reason in AWAY:
        enter_absence(
            actor=admin,
            user=world.users[name],
            data=AbsenceInput(world.users[deputy], since, until, reason),
            at=world.moment(since - timedelta(days=2), 16),
        )
