"""People read their messages the same day or the next; some of the last week wait."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from cms.demo.days import AS_OF
from cms.demo.world import World
from crm.common.days.clock import local_date
from crm.common.outbox.models import Recipient
from crm.common.people.models import User
from crm.common.services import mark_read

# What is older than this was read; of what is younger, every second message until yesterday.
WEEK, YESTERDAY = timedelta(days=7), timedelta(days=2)


def seed(world: World) -> None:
    """Let everybody read day by day, as far as people get."""
    rows = Recipient.objects.filter(user__isnull=False).unread()
    sent = rows.order_by("pk").values_list("user_id", "pk", "message__created_at")
    days: dict[tuple[int, date], list[tuple[int, datetime]]] = defaultdict(list)
    for number, (user_id, pk, at) in enumerate(sent):
        age = AS_OF - at
        if user_id is not None and (age > WEEK or (age > YESTERDAY and number % 2)):
            days[user_id, local_date(at)].append((pk, at))
    people = {user.pk: user for user in User.objects.filter(pk__in={key[0] for key in days})}
    for (user_id, _day), messages in sorted(days.items()):
        mark_read(
            actor=world.actor(people[user_id]),
            messages=[pk for pk, _at in messages],
            at=max(at for _pk, at in messages) + timedelta(minutes=world.rng.randint(6, 300)),
        )
