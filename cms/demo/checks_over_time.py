"""What somebody of the trade would look for from one month to the next."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from django.db.models import Count, F, Min, Q, Sum

from crm.common.quantity import SCALE
from profiles.models import Observation
from projects.enums import STAGES, ItemStatus, Stage, Standing
from projects.models import ListItem, Project

# From one month to the next a firm's people change by so much at most, small ones by a few.
STEP, FEW = 0.15, 3
# Rows of the one list: of a project that is signed, and of one in talks.
ROWS, ROWS_EARLY = (10, 25), (3, 7)


def headcount() -> Iterator[str]:
    """Nobody has a hundred and forty people in June, thirty in July and as many as before again."""
    rows = Observation.objects.current().filter(
        indicator__code="staff_avg", number_e4__isnull=False
    )
    told = rows.order_by("enterprise_id", "period_start").values_list(
        "enterprise_id", "period_start", "number_e4"
    )
    for (firm, month, before), (other, following, after) in pairwise(told):
        if firm != other or following - month > timedelta(days=31):
            continue
        was, is_now = (before or 0) // SCALE, (after or 0) // SCALE
        if abs(is_now - was) > max(FEW, STEP * was):
            yield f"Enterprise {firm}: {was} people, and {is_now} in {following:%Y-%m}."


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


def lists() -> Iterator[str]:
    """A list is as long as a list is, and what was done was done in its order."""
    rows = Project.objects.exclude(standing__in=(Standing.REMOVED, Standing.TERMINATED))
    counted = rows.annotate(rows=Count("items")).order_by("pk")
    for code, name, stage, count in counted.values_list("code", "name", "stage", "rows"):
        early = stage in STAGES[: STAGES.index(Stage.SIGNED)]
        low, high = ROWS_EARLY if early else ROWS
        if not low <= count <= high:
            yield f"{code} {name}: a list of {count} rows."
    waits = ListItem.objects.filter(status=ItemStatus.DONE)
    early_done = waits.exclude(predecessors__status=ItemStatus.DROPPED).filter(
        Q(predecessors__status=ItemStatus.OPEN) | Q(predecessors__done_at__gt=F("done_at"))
    )
    for item in early_done.select_related("project").order_by("pk").distinct():
        yield f"{item.project.code} {item.what}: done before what it waits for."
