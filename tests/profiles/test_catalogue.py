"""The catalogue of indicators: an identity with dated versions; a change never moves the past."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.common.days.clock import day_start
from crm.common.errors import NotAllowedError
from crm.common.people.enums import Role
from crm.common.quantity import Quantity
from crm.common.records.dated import VersionRefused
from crm.common.records.models import AuditEvent
from crm.common.slots.figures import get
from crm.models import Department
from crm.services import load_reference
from profiles import features
from profiles.enums import Sensitivity
from profiles.models import Indicator, IndicatorVersion, Observation
from profiles.selectors import newest_values, versions_on
from profiles.services import (
    build_snapshot,
    catalogue,
    import_table,
    load_indicators,
    read_facts,
    revise_indicator,
)
from profiles.services.tables.periods import Span
from tests.crm.factories import AT, EnterpriseFactory, acting, staff
from tests.migrations import check_now, refuse_overlaps
from tests.profiles.test_past import AUGUST, CLOSED, CUTOFF, SYSTEM, City, august

pytestmark = pytest.mark.django_db
KEY = "gross_output@latest"


def revise(indicator, day, at=AUGUST, actor=SYSTEM, **values):
    return revise_indicator(
        actor=actor, indicator=indicator, effective_from=day, values=values, at=at
    )


CHANGES = st.sampled_from(
    [
        {"unit": "元"},
        {"unit": "人"},
        {"name": "工业总产值"},
        {"value_type": "category", "unit": ""},
        {"fresh_days": 1},
        {"sensitivity": "confidential"},
        {"period": "year"},
    ]
)


class ClosedMonth(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(changes=st.lists(st.tuples(CHANGES, st.integers(1, 40)), min_size=1, max_size=4))
    def test_no_change_of_the_catalogue_changes_a_closed_month(self, changes):
        city = City()
        for firm in range(3):
            city.bring(firm, firm + 1)
        told = august()
        words = features.catalogue(CLOSED), [row.shown for row in Observation.objects.all()]
        day = CUTOFF.date()
        for values, days in changes:
            day += timedelta(days=days)
            revise(city.indicator, day, at=CUTOFF, **values)
        assert august() == told
        now = features.catalogue(CLOSED), [row.shown for row in Observation.objects.all()]
        assert now == words


def test_a_change_of_unit_converts_in_later_snapshots_and_leaves_what_is_stored():
    city = City()
    city.bring(0, 5)
    revise(city.indicator, date(2024, 9, 1), at=CUTOFF - timedelta(days=3), unit="元")
    (stored,) = Observation.objects.with_meaning()
    assert (stored.shown, stored.meaning.unit) == ("5", "万元")
    for day, unit in ((CLOSED, "万元"), (date(2024, 9, 2), "元")):
        snapshot = build_snapshot(actor=SYSTEM, as_of=day, at=day_start(day))
        fact = dict(read_facts(snapshot, {KEY}))[city.firms[0].pk][KEY]
        assert fact.unit == unit
        assert Quantity.from_e4(fact.value, unit) == Quantity.of(5, "万元").to(unit)


def test_an_unlike_unit_makes_old_values_unknown_never_wrong():
    city = City()
    city.bring(0, 5)
    revise(city.indicator, date(2024, 9, 1), unit="人")
    snapshot = build_snapshot(actor=SYSTEM, as_of=date(2024, 9, 2), at=CUTOFF)
    assert dict(read_facts(snapshot, {KEY}))[city.firms[0].pk][KEY].value is None


def test_the_catalogue_is_asked_for_a_day():
    city = City()
    revise(city.indicator, date(2024, 9, 1), name="工业总产值")
    assert [row.name for row in versions_on(CLOSED)] == ["总产值"]
    assert [row.name for row in versions_on(date(2024, 9, 1))] == ["工业总产值"]
    assert not versions_on(date(2019, 1, 1))
    assert city.indicator.on(date(2019, 1, 1)).name == "总产值"
    assert features.catalogue(CLOSED)[KEY].label == "总产值"
    assert features.catalogue(date(2024, 9, 1))[KEY].label == "工业总产值"
    assert KEY not in features.catalogue(date(2019, 1, 1))


def test_values_of_a_page_keep_their_meaning_in_two_queries_more(django_assert_num_queries):
    city = City()
    for month in (5, 6, 7):
        city.bring(0, month, month=month)
    revise(city.indicator, date(2024, 9, 1), unit="元", name="工业总产值")
    actor = acting(staff(Role.LEADER))
    with django_assert_num_queries(3):
        (group,) = newest_values(actor, city.firms[0], CLOSED)
        assert [row.observation.meaning.label for row in group.values]
        assert [row.observation.meaning.unit for row in group.values] == ["万元"]


@pytest.mark.parametrize("day", [AUGUST.date(), AUGUST.date() - timedelta(days=1)])
def test_a_change_from_today_or_earlier_is_refused(day):
    city = City()
    with pytest.raises(VersionRefused, match=day.isoformat()):
        revise(city.indicator, day, unit="元")


def test_only_administrators_change_the_catalogue_and_it_is_written_down():
    city, day = City(), date(2024, 9, 1)
    for role in (Role.HANDLER, Role.LEADER, Role.POLICY_EDITOR, Role.AGENT):
        with pytest.raises(NotAllowedError):
            revise(city.indicator, day, actor=acting(staff(role)), unit="元")
    made = revise(city.indicator, day, actor=acting(staff(Role.ADMIN)), unit="元")
    assert (made.name, made.unit) == ("总产值", "元")
    event = AuditEvent.objects.get(verb="indicator.revise")
    assert (event.before, event.after) == ({"unit": "万元"}, {"unit": "元", "from": "2024-09-01"})
    with pytest.raises(TypeError, match="colour"):
        revise(city.indicator, date(2024, 10, 1), colour="red")


def test_a_file_is_read_by_the_catalogue_of_the_month_it_speaks_of():
    load_reference()
    load_indicators()
    firm = EnterpriseFactory()
    bureau = Department.objects.get(code="tjj")
    output = Indicator.objects.get(code="gross_output")
    revise(output, date(2024, 9, 1), name="新口径总产值", unit="元")

    def bring(name, month, unit):
        text = f"统一社会信用代码,{name}（{unit}）\n{firm.uscc},5\n"
        return import_table(
            actor=SYSTEM,
            department=bureau,
            name=f"{name}{month}.csv",
            content=text.encode(),
            at=CUTOFF + timedelta(days=40),
            period=Span(2024, month),
        )

    old = output.on(CLOSED)
    bring(old.name, 8, old.unit)
    bring("新口径总产值", 9, "元")
    august, september = Observation.objects.with_meaning().order_by("period_end")
    assert (august.meaning.unit, september.meaning.unit) == (old.unit, "元")
    assert august.number_e4 == september.number_e4 == 50_000
    assert bring("新口径总产值", 9, "元").already_imported


def test_the_figure_counts_the_catalogue_of_its_day():
    load_reference()
    load_indicators()
    some = Indicator.objects.get(code="gross_output")
    assert get("indicators").value(CUTOFF) == 126
    some.versions.update(effective_to=CUTOFF.date())
    assert get("indicators").value(CUTOFF) == 126
    assert get("indicators").value(CUTOFF + timedelta(days=5)) == 125
    assert get("indicators").value(day_start(date(2020, 1, 1))) == 0


def test_loading_twice_changes_nothing_and_a_changed_line_makes_a_version(monkeypatch, tmp_path):
    load_reference()
    assert load_indicators() == load_indicators() == 126
    assert IndicatorVersion.objects.count() == 126
    rows = list(csv.DictReader(io.StringIO(catalogue.DATA.read_text("utf-8"))))
    rows[3]["unit"] = "元"
    changed = tmp_path / "indicators.csv"
    with changed.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    monkeypatch.setattr(catalogue, "DATA", changed)
    load_indicators(effective_from=date(2025, 1, 1))
    entry = Indicator.objects.get(code=rows[3]["code"])
    assert entry.on(date(2024, 12, 31)).unit == "万元"
    assert entry.on(date(2025, 1, 1)).unit == "元"
    assert IndicatorVersion.objects.count() == 127


def test_every_indicator_has_a_sensitivity_and_tax_and_wages_are_confidential():
    load_reference()
    load_indicators()
    by_code = {row.code: row for row in versions_on(CLOSED)}
    assert {row.sensitivity for row in by_code.values()} == set(Sensitivity)
    assert by_code["tax_paid_total"].sensitivity == Sensitivity.CONFIDENTIAL
    assert by_code["reg_status"].sensitivity == Sensitivity.OPEN
    assert "存续" in by_code["reg_status"].legal_values


def test_the_database_refuses_two_versions_of_a_day():
    city = City()
    refuse_overlaps("profiles")
    row = city.indicator.versions.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
        check_now()


def test_a_category_nobody_knows_is_refused():
    load_reference()
    load_indicators()
    firm = EnterpriseFactory()
    text = f"统一社会信用代码,登记状态\n{firm.uscc},睡着\n"
    report = import_table(
        actor=SYSTEM,
        department=Department.objects.get(code="scjg"),
        name="登记.csv",
        content=text.encode(),
        at=AT,
        period=Span(2024, 7),
        dry_run=True,
    )
    (problem,) = report.problems
    assert problem.cell == "B2"
    assert "睡着" in problem.text
    assert "存续" in problem.text
