"""Windows of a snapshot: each is what a person would add up, and unknown where a month is missing."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.common.people.actor import system_actor
from crm.models import Department
from crm.services import load_reference, merge_enterprises
from profiles.models import FeatureSnapshot, Indicator
from profiles.services import (
    Value,
    build_snapshot,
    load_indicators,
    read_facts,
    record_values,
    take_over_consents,
)
from profiles.services.snapshots import ENGINE, MANIFEST, SnapshotDamaged
from tests.crm.factories import AT, AreaFactory, DepartmentFactory, EnterpriseFactory
from tests.profiles.test_past import indicator

SYSTEM = system_actor("tests")
DAY = date(2024, 9, 12)
MONTHS = [date(year, month, 1) for year in (2022, 2023, 2024) for month in range(1, 13)][8:32]


def end_of(month):
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def bring(indicator_id, firm, said, name="a", cumulative=False):
    values = []
    for month, what in said.items():
        number, text = (what * 10_000, "") if isinstance(what, int) else (None, what)
        end = end_of(month)
        values.append(Value(firm.pk, indicator_id, month, end, number, text, cumulative))
    department = Department.objects.order_by("pk").first()
    record_values(
        actor=SYSTEM, department=department, name=name, sha256=name * 8, values=values, at=AT
    )


def facts_of(firm, *keys, day=DAY):
    snapshot = build_snapshot(actor=SYSTEM, as_of=day, at=AT)
    facts = dict(read_facts(snapshot, set(keys), firm.pk))[firm.pk]
    return [facts[key].value for key in keys]


def added(said, months):
    """Add up months as a person would; None where one is missing."""
    if any(month not in said for month in months):
        return None
    return sum(said[month] for month in months) * 10_000


def back(month, count):
    """Return the month so many months before."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def expected(said):
    """Return every window of a monthly sum on the twelfth of September."""
    quarter, year = [date(2024, m, 1) for m in (4, 5, 6)], [date(2023, m, 1) for m in range(1, 13)]
    found = {
        "latest": said[max(said)] * 10_000 if said else None,
        "last_month": added(said, [date(2024, 8, 1)]),
        "last_quarter": added(said, quarter),
        "last_year": added(said, year),
    }
    fresh = [month for month in said if end_of(month) >= DAY - timedelta(days=62)]
    last = max(fresh, default=None)
    so_far = [back(last, n) for n in range(last.month)] if last else [None]
    twelve = [back(last, n) for n in range(12)] if last else [None]
    before = [back(last, n + 12) for n in range(last.month)] if last else [None]
    found["ytd"] = now = added(said, so_far)
    found["ytd_last_year"] = then = added(said, before)
    found["last_12_months"] = added(said, twelve)
    found["previous_12_months"] = added(said, [back(m, 12) for m in twelve]) if last else None
    growing = now is not None and then is not None and then > 0
    found["growth"] = (now - then) * 1_000_000 // then if growing else None
    return found


SAID = st.dictionaries(st.sampled_from(MONTHS), st.integers(-9, 99))
NEARLY_ALL = st.sets(st.sampled_from(MONTHS), max_size=2).map(
    lambda gaps: {m: 3 * n + 1 for n, m in enumerate(MONTHS) if m not in gaps}
)


class Windows(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(said=st.one_of(SAID, NEARLY_ALL), others=SAID)
    def test_every_window_of_every_enterprise_is_what_a_person_adds_up(self, said, others):
        made = indicator(DepartmentFactory())
        made.versions.update(aggregation="sum")
        firms = EnterpriseFactory.create_batch(2)
        for number, (firm, what) in enumerate(zip(firms, (said, others), strict=True)):
            bring(made.pk, firm, what, name=f"file{number}xx")
        snapshot = build_snapshot(actor=SYSTEM, as_of=DAY, at=AT)
        wanted = {f"gross_output@{window}" for window in expected({})}
        facts = dict(read_facts(snapshot, wanted))
        for firm, what in zip(firms, (said, others), strict=True):
            for window, value in expected(what).items():
                assert facts[firm.pk][f"gross_output@{window}"].value == value, window


pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    load_reference()
    load_indicators()
    firm = EnterpriseFactory()
    take_over_consents(actor=SYSTEM, enterprises=[(firm, "胡立")], at=AT)
    return firm


def id_of(code):
    return Indicator.objects.get(code=code).pk


def test_a_duplicate_lends_only_the_months_its_record_does_not_have(city):
    other = EnterpriseFactory(area=AreaFactory())
    output, months = id_of("gross_output"), [date(2024, m, 1) for m in range(1, 9)]
    take_over_consents(actor=SYSTEM, enterprises=[(other, "胡立")], at=AT)
    bring(output, city, dict.fromkeys(months[:6], 10), name="ownxxxxx")
    bring(output, other, dict.fromkeys(months[4:], 1), name="lentxxxx")
    merge_enterprises(actor=SYSTEM, enterprise=city, duplicate=other, reason="同一家", at=AT)
    assert facts_of(city, "gross_output@ytd") == [620_000]
    snapshot = FeatureSnapshot.objects.get()
    assert [pk for pk, _facts in read_facts(snapshot, {"gross_output@ytd"})] == [city.pk]


def test_a_running_total_and_a_span_of_another_length_are_in_no_window(city):
    output = id_of("gross_output")
    bring(output, city, {date(2024, 8, 1): 5})
    bring(output, city, {date(2024, 8, 1): 77}, name="b", cumulative=True)
    two = Value(city.pk, output, date(2024, 7, 1), date(2024, 8, 31), 990_000)
    record_values(
        actor=SYSTEM,
        department=Department.objects.first(),
        name="c",
        sha256="c",
        values=[two],
        at=AT,
    )
    keys = ("gross_output@latest", "gross_output@last_month", "gross_output@ytd")
    assert facts_of(city, *keys) == [50_000, 50_000, None]


def test_an_average_and_a_stock_of_a_year_are_not_sums(city):
    year = [date(2023, m, 1) for m in range(1, 13)]
    bring(id_of("staff_avg"), city, {m: 100 + (n < 6) for n, m in enumerate(year)})
    bring(id_of("loan_balance"), city, {m: n for n, m in enumerate(year)}, name="b")
    assert facts_of(city, "staff_avg@last_year", "loan_balance@last_year") == [1_005_000, 110_000]


def test_a_level_is_dated_by_when_it_was_reached(city):
    levels = {date(2023, 3, 1): "市级", date(2023, 9, 1): "省级", date(2024, 3, 1): "省级"}
    pk = id_of("green_factory_level")
    rows = [Value(city.pk, pk, day, day, None, level) for day, level in levels.items()]
    department = Department.objects.first()
    record_values(actor=SYSTEM, department=department, name="a", sha256="a", values=rows, at=AT)
    keys = ("green_factory_level@latest", "green_factory_level@since")
    assert facts_of(city, *keys) == ["省级", "2023-09-01"]


def test_no_value_without_consent_leaves_a_trace_in_the_hash(city):
    stranger = EnterpriseFactory()
    bring(id_of("tax_paid_total"), city, {date(2024, 8, 1): 5})
    first = build_snapshot(actor=SYSTEM, as_of=DAY, at=AT)
    bring(id_of("tax_paid_total"), stranger, {date(2024, 8, 1): 7}, name="b")
    assert build_snapshot(actor=SYSTEM, as_of=DAY, at=AT) == first
    bring(id_of("tax_paid_total"), city, {date(2024, 8, 1): 6}, name="c")
    assert build_snapshot(actor=SYSTEM, as_of=DAY, at=AT) != first


def test_a_file_that_was_changed_is_not_read_and_is_built_anew(city):
    snapshot = build_snapshot(actor=SYSTEM, as_of=DAY, at=AT)
    path = Path(django_settings.VAR_DIR) / snapshot.path
    manifest = pq.read_schema(path).metadata[MANIFEST].decode()
    assert f'"hash": "{snapshot.content_hash}"' in manifest
    assert f'"engine": "{ENGINE}", "rows": 1,' in manifest
    assert len(list(read_facts(snapshot, {"enterprise.area"}))) == 1
    written = path.read_bytes()
    path.write_bytes(written[:-9] + bytes([written[-9] ^ 1]) + written[-8:])
    with pytest.raises(SnapshotDamaged, match="2024-09-12"):
        list(read_facts(snapshot, {"enterprise.area"}))
    path.unlink()
    with pytest.raises(SnapshotDamaged):
        list(read_facts(snapshot, {"enterprise.area"}))
    again = build_snapshot(actor=SYSTEM, as_of=DAY, at=AT)
    assert (again, path.read_bytes()) == (snapshot, written)
    assert len(list(read_facts(again, {"enterprise.area"}))) == 1
