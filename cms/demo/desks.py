"""When people of the demo city were last at their desks, and who is away."""

from datetime import date, timedelta

from cms.demo.days import AS_OF
from cms.demo.world import World
from crm.common.outbox.models import Recipient
from crm.common.people.models import User
from crm.services import AbsenceInput, enter_absence

# Who is away, who stands in, until when, why.
AWAY = (
    ("agent6", "agent9", date(2024, 9, 9), date(2024, 9, 20), "年休假"),
    ("agent11", "agent4", date(2024, 9, 11), date(2024, 9, 13), "外出招商"),
)


def seed(world: World) -> None:
    """Enter the absences, and note of everybody the last time they signed in."""
    admin = world.actor(world.users["admin"])
    for name, deputy, since, until, reason in AWAY:
        enter_absence(
            actor=admin,
            user=world.users[name],
            data=AbsenceInput(world.users[deputy], since, until, reason),
            at=world.moment(since - timedelta(days=2), 16),
        )
    _last_seen(world)


def _last_seen(world: World) -> None:
    """Nobody signs in while the city is made: whoever read a message had signed in before."""
    seen = dict(
        Recipient.objects.exclude(read_at=None)
        .order_by("read_at")
        .values_list("user_id", "read_at")
    )
    people = [user for user in User.objects.all() if user.pk in seen]
    for number, user in enumerate(people):
        user.last_login = min(seen[user.pk], AS_OF) - timedelta(minutes=3 + number % 25)
    User.objects.bulk_update(people, ["last_login"])
    # The administrator looks in every morning, though no message calls.
    for name in ("admin", "auditor"):
        early = AS_OF - timedelta(hours=1, minutes=len(name))
        User.objects.filter(pk=world.users[name].pk).update(last_login=early)
