"""Running numbers: one scheme for everything that bears one.

A number is taken under the lock of its series' row and given back when the transaction rolls
back: there are neither doubles nor gaps. The price is that whoever takes the next number of the
same series waits until the first has committed, so take it late in a transaction.
"""

from django.db import connection
from django.db.models import F

from crm.common.records.models import NumberSeries


def next_number(prefix: str, year: int = 0) -> int:
    """Return the next number of a series, which begins with 1 in each year (0: never anew).

    Raises RuntimeError outside a transaction: the number must live and die with its record.
    """
    return next_numbers(prefix, year, count=1)[0]


def next_numbers(prefix: str, year: int = 0, *, count: int) -> range:
    """Return so many numbers of a series in a row, for records that are made together."""
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() belongs into the transaction of the record it numbers")
    NumberSeries.objects.get_or_create(prefix=prefix, year=year)
    row = NumberSeries.objects.filter(prefix=prefix, year=year)
    row.update(last=F("last") + count)
    last = row.values_list("last", flat=True).get()
    return range(last - count + 1, last + 1)


def reserve_numbers(prefix: str, year: int, upto: int) -> None:
    """Let a series go on after numbers that were given elsewhere (paper, an older system)."""
    NumberSeries.objects.get_or_create(prefix=prefix, year=year)
    NumberSeries.objects.filter(prefix=prefix, year=year, last__lt=upto).update(last=upto)
