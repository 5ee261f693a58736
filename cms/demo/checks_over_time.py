"""What somebody of the trade would look for from one month to the next."""

from collections.abc import Iterator

from django.db.models import F, Min, Q, Sum

from projects.models import Project


def paid_in() -> Iterator[str]:
    """Nobody pays in before the ground is broken, nor more than was agreed."""
    live = Q(paid_in__superseded_at=None)
    rows = Project.objects.annotate(
        paid=Sum("paid_in__amount_fen", filter=live), since=Min("paid_in__month", filter=live)
    ).exclude(since=None)
    for row in rows.filter(paid__gt=F("agreed_investment_fen")).order_by("pk"):
        yield f"{row.code} {row.name}: more was paid in than was agreed."
    told = rows.order_by("pk").values_list("code", "name", "started_on", "since")
    for code, name, started, since in told:
        if started is None or since < started.replace(day=1):
            yield f"{code} {name}: paid in since {since:%Y-%m}, before it was begun."
