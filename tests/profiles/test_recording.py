"""Storing in bulk: what is known and equal is confirmed, what differs supersedes, one of a key."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.common.outbox.jobs import Unwatched
from crm.common.people.actor import system_actor
from crm.models import Enterprise
from profiles.models import ImportBatch, Observation, ObservationConfirmation, UnknownEnterprise
from profiles.services import Value, record_values, reviewing
from profiles.services.reports import ReviewRow
from tests.crm.factories import AT, DepartmentFactory, EnterpriseFactory
from tests.profiles.test_past import indicator

SYSTEM = system_actor("tests")
MONTHS = [(date(2024, m, 1), date(2024, m, 28)) for m in (6, 7)]


class Office:
    """A department with two indicators, three enterprises and a stranger nobody speaks of."""

    def __init__(self):
        self.department = DepartmentFactory()
        self.indicators = [indicator(self.department, code) for code in ("output", "grade")]
        self.firms = EnterpriseFactory.create_batch(3)
        self.stranger = EnterpriseFactory()
        self.files = 0

    def value(self, firm, of, month, said, cumulative=False):
        number, text = (said, "") if isinstance(said, int) else (None, said)
        pk = self.firms[firm].pk
        start, end = MONTHS[month]
        return Value(pk, self.indicators[of].pk, start, end, number, text, cumulative, 5, "D")

    def bring(self, *values, at=AT, **more):
        self.files += 1
        return record_values(
            actor=SYSTEM,
            department=self.department,
            name=f"{self.files}.xlsx",
            sha256=f"{self.files:064d}",
            values=[self.value(*given) for given in values],
            at=at,
            **more,
        )

    def standing(self):
        rows = Observation.objects.current().values_list(
            "enterprise_id", "indicator_id", "period_start", "cumulative", "number_e4", "text"
        )
        return {row[:4]: row[4] if row[4] is not None else row[5] for row in rows}


SAID = st.one_of(st.integers(-(10**15), 10**15), st.sampled_from(["A", 'B"，\n', "\\N", "0", " "]))
GIVEN = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 1), SAID, st.booleans())


class Bulk(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(files=st.lists(st.lists(GIVEN, max_size=12), min_size=1, max_size=4))
    def test_what_stands_is_what_was_said_last_and_every_value_is_counted_once(self, files):
        office, known, stored = Office(), {}, 0
        for number, given_values in enumerate(files):
            said = {}
            for given_value in given_values:
                value = office.value(*given_value)
                key = (value.enterprise_id, value.indicator_id, value.period_start)
                said[(*key, value.cumulative)] = given_value[3]
            at = AT + timedelta(days=number)
            batch = office.bring(*given_values, at=at)
            new = {key for key in said if key not in known}
            equal = {key for key in said if known.get(key) == said[key]}
            assert (batch.created, batch.unchanged) == (len(new), len(equal))
            assert batch.corrected == len(said) - len(new) - len(equal)
            assert batch.confirmations.count() == len(equal)
            assert batch.rows == len({key[0] for key in said})
            known |= said
            stored += batch.created + batch.corrected
            assert office.standing() == known
        assert Observation.objects.count() == stored
        for old in Observation.objects.exclude(superseded_at=None):
            assert old.superseded_by.recorded_at == old.superseded_at
            assert old.superseded_by.enterprise_id == old.enterprise_id


pytestmark = pytest.mark.django_db


def test_a_value_keeps_its_cell_its_batch_and_the_moment_it_was_recorded():
    office = Office()
    batch = office.bring((0, 0, 0, 7))
    (row,) = Observation.objects.all()
    assert (row.row, row.column, row.batch, row.recorded_at) == (5, "D", batch, AT)
    assert (row.superseded_at, row.reasserts_id, row.number_e4) == (None, None, 7)
    assert not office.stranger.observations.exists()
    again = office.bring((0, 0, 0, 7))
    (confirmed,) = ObservationConfirmation.objects.all()
    assert (confirmed.batch, confirmed.row, confirmed.column) == (again, 5, "D")


def test_one_value_the_database_refuses_stores_nothing():
    office = Office()
    office.bring((0, 0, 0, 7))
    with pytest.raises(IntegrityError), transaction.atomic():
        office.bring((0, 0, 0, 8), (1, 1, 0, ""))
    assert ImportBatch.objects.count() == 1
    assert [row.number_e4 for row in Observation.objects.current()] == [7]


def test_work_stopped_between_two_parts_takes_everything_back(monkeypatch):
    office = Office()
    monkeypatch.setattr("profiles.services.recording.Course.parts.__defaults__", (2,))

    def stop(done, total):
        assert total == 3
        raise InterruptedError

    with pytest.raises(InterruptedError):
        office.bring((0, 0, 0, 1), (1, 0, 0, 2), (2, 0, 0, 3), tell=stop)
    assert not ImportBatch.objects.exists()
    assert not Observation.objects.exists()


def test_more_values_need_no_more_questions():
    office = Office()
    every = [(firm, 0, 0, firm) for firm in range(3)]
    counts = []
    for count in (1, 3):
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            office.bring(*every[:count])
            office.bring(*((f, i, m, said + 1) for f, i, m, said in every[:count]))
            transaction.set_rollback(True)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_rows_to_review_get_the_enterprise_a_search_would_name(django_assert_num_queries):
    office = Office()
    firm = EnterpriseFactory(name="天门沙洋泵业有限公司")
    kept = office.bring((0, 0, 0, 1))
    words = [
        "天门沙洋",
        "沙洋 泵业",
        "无此企业",
        "",
        "江汉",
        firm.uscc.lower(),
        "业",
        "MA0",
        "司有限",
    ]
    rows = [ReviewRow(number, "", name, "unknown") for number, name in enumerate(words)]
    with django_assert_num_queries(2):
        reviewing.store_review(kept, rows, Unwatched(), 95)
    for row in UnknownEnterprise.objects.all():
        found = Enterprise.objects.matching(row.name).first() if row.name else None
        assert row.suggestion == found, row.name
    assert UnknownEnterprise.objects.get(name="天门沙洋").suggestion == firm
