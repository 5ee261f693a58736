"""Running numbers: no doubles, no gaps, one series a year."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection, transaction

from crm.common.records.numbering import next_number, next_numbers, reserve_numbers

pytestmark = pytest.mark.django_db
HAS_ROW_LOCKS = "postgresql" in settings.DATABASES["default"]["ENGINE"]


def test_each_prefix_and_year_counts_for_itself():
    taken = [("WT", 2024), ("WT", 2024), ("WT", 2025), ("TM", 2024), ("WT", 2024)]
    assert [next_number(*series) for series in taken] == [1, 2, 1, 1, 3]


def test_a_rolled_back_number_is_given_again():
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        assert next_number("WT", 2024) == 1
        raise ValueError("no")
    assert next_number("WT", 2024) == 1


def test_a_series_goes_on_after_what_paper_used():
    reserve_numbers("WT", 2024, 58)
    assert next_number("WT", 2024) == 59
    reserve_numbers("WT", 2024, 7)
    assert next_number("WT", 2024) == 60


def test_many_taken_at_once_stand_in_a_row_and_the_next_follows_them():
    assert next_number("WT", 2024) == 1
    assert list(next_numbers("WT", 2024, count=3)) == [2, 3, 4]
    assert next_number("WT", 2024) == 5


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_none_is_given():
    with pytest.raises(RuntimeError):
        next_number("WT", 2024)


@pytest.mark.services
@pytest.mark.skipif(not HAS_ROW_LOCKS, reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_many_connections_at_once_get_neither_doubles_nor_gaps():
    def take(_turn):
        try:
            with transaction.atomic():
                return next_number("WT", 2024)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(40)))
    assert sorted(taken) == list(range(1, 41))
