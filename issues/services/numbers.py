"""Consecutive numbers without gaps or doubles."""

from django.db import transaction
from django.db.models import F

from issues.models import NumberSeries


@transaction.atomic
def take_number(prefix: str) -> int:
    """Return the next number under a prefix; the row stays locked until the transaction ends."""
    NumberSeries.objects.get_or_create(prefix=prefix)
    NumberSeries.objects.filter(prefix=prefix).update(last=F("last") + 1)
    return NumberSeries.objects.get(prefix=prefix).last
