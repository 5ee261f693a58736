"""No later act changes what a closed month says: figures and snapshots of it stay equal."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm import services
from crm.common.days.clock import day_start
from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.slots.figures import all_figures, get
from crm.enums import RegistrationStatus
from crm.models import EnterpriseMerge
from crm.selectors import register_as_of
from profiles.enums import PeriodKind, ValueType
from profiles.models import ImportBatch, Indicator, IndicatorVersion, Observation
from profiles.selectors import history_of, newest_values
from profiles.services import Value, build_snapshot, read_facts, record_values, roll_back_batch
from tests.crm.factories import (
    AT,
    AreaFactory,
    DepartmentFactory,
    EnterpriseFactory,
    IndustryFactory,
    acting,
    staff,
)

SYSTEM = system_actor("tests")
AUGUST = AT.replace(month=8, day=12)
CLOSED = date(2024, 8, 31)
CUTOFF = day_start(CLOSED + timedelta(days=1))


def indicator(department, code="gross_output"):
    made = Indicator.objects.create(code=code)
    IndicatorVersion.objects.create(
        indicator=made,
        name="总产值",
        name_en="Output",
        unit="万元",
        value_type=ValueType.DECIMAL,
        period=PeriodKind.MONTH,
        department=department,
        aggregation="sum",
        fresh_days=62,
        effective_from=date(2021, 1, 1),
    )
    return made


class City:
    """Three records, one indicator, and everything somebody may do to them later."""

    def __init__(self):
        self.department = DepartmentFactory()
        self.indicator = indicator(self.department)
        self.areas = [AreaFactory(), AreaFactory()]
        made = {"area": self.areas[0], "created_at": AUGUST}
        self.firms = [EnterpriseFactory(**made) for _n in range(3)]
        self.at, self.files, self.said = AUGUST, 0, []

    def bring(self, firm, number, month=7):
        self.files += 1
        start = date(2024, month, 1)
        value = Value(
            self.firms[firm].pk, self.indicator.pk, start, date(2024, month, 28), number * 10_000
        )
        batch = record_values(
            actor=SYSTEM,
            department=self.department,
            name=f"{self.files}.xlsx",
            sha256=f"{self.files:064d}",
            values=[value],
            at=self.at,
        )
        self.said.append((batch.pk, value.key, value.number_e4))
        return batch

    def last_said(self):
        """Return what the imports that were not taken back said last, by key."""
        counting = set(ImportBatch.objects.filter(status="imported").values_list("pk", flat=True))
        return {key: number for pk, key, number in self.said if pk in counting}

    def standing(self):
        names = ("enterprise_id", "indicator_id", "period_start", "period_end", "cumulative")
        rows = Observation.objects.current().values_list(*names, "number_e4")
        return {tuple(row[:5]): row[5] for row in rows}

    def later(self, act, one, other, number):
        """Do one act a day after the last; what is refused changes nothing."""
        self.at += timedelta(days=1)
        with suppress(UserFacingError):
            getattr(self, act)(one, other, number)

    def correct(self, one, _other, number):
        self.bring(one, number)

    def repeat(self, one, _other, _number):
        known = self.firms[one].observations.current().order_by("pk").first()
        if known:
            self.bring(one, known.number_e4 // 10_000, month=known.period_start.month)

    def add(self, one, _other, number):
        self.bring(one, number, month=1 + number % 6)

    def roll_back(self, _one, _other, number):
        batches = list(ImportBatch.objects.order_by("pk"))
        batch = batches[number % len(batches)]
        roll_back_batch(actor=SYSTEM, batch=batch, reason="报错了", at=self.at)

    def merge(self, one, other, _number):
        services.merge_enterprises(
            actor=SYSTEM,
            enterprise=self.firms[one],
            duplicate=self.firms[other],
            reason="同一家",
            at=self.at,
        )

    def unmerge(self, _one, _other, _number):
        merge = EnterpriseMerge.objects.filter(undone_at=None).order_by("-pk").first()
        if merge:
            services.undo_merge(actor=SYSTEM, merge=merge, at=self.at)

    def move(self, one, other, _number):
        self._update(one, {"area": self.areas[other % 2]})

    def suspend(self, one, _other, _number):
        self._update(one, {"status": RegistrationStatus.SUSPENDED})

    def rename(self, one, _other, number):
        firm = self.firms[one]
        firm.refresh_from_db()
        services.rename_enterprise(
            actor=SYSTEM, enterprise=firm, name=f"新名{number}", version=firm.version, at=self.at
        )

    def _update(self, one, values):
        firm = self.firms[one]
        firm.refresh_from_db()
        if firm.status != RegistrationStatus.MERGED:
            services.update_enterprise(
                actor=SYSTEM, enterprise=firm, values=values, version=firm.version, at=self.at
            )


def august():
    """Return everything the closed month says."""
    counted = {figure.key: figure.value(CUTOFF) for figure in all_figures()}
    rows = sorted(get("observations").rows(CUTOFF).values_list("pk", "number_e4"))
    snapshot = build_snapshot(actor=SYSTEM, as_of=CLOSED, at=CUTOFF)
    return counted, rows, register_as_of(CLOSED), snapshot.content_hash


ACTS = st.tuples(
    st.sampled_from(
        [
            "correct",
            "repeat",
            "add",
            "roll_back",
            "roll_back",
            "merge",
            "unmerge",
            "move",
            "suspend",
            "rename",
        ]
    ),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 9),
)


class ClosedMonth(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(before=st.lists(ACTS, max_size=5), after=st.lists(ACTS, min_size=1, max_size=8))
    def test_no_later_act_changes_a_closed_month(self, before, after):
        city = City()
        for firm in range(3):
            city.bring(firm, firm + 1)
        for act in before:
            city.later(*act)
        told = august()
        city.at = CUTOFF + timedelta(days=9)
        for act in after:
            city.later(*act)
            assert august() == told
            assert city.standing() == city.last_said()


pytestmark = pytest.mark.django_db


def test_a_rollback_in_september_leaves_august_and_says_the_old_value_again():
    city = City()
    first = city.bring(0, 5)
    city.at += timedelta(days=1)
    second = city.bring(0, 7)
    told, september = august(), CUTOFF + timedelta(days=9)
    roll_back_batch(actor=SYSTEM, batch=second, reason="报错了", at=september)
    assert august() == told
    old, wrong, again = Observation.objects.order_by("pk")
    assert (old.superseded_at, old.superseded_by) == (AUGUST + timedelta(days=1), wrong)
    assert (wrong.superseded_at, wrong.superseded_by) == (september, again)
    assert (again.number_e4, again.recorded_at, again.batch) == (50_000, september, first)
    assert again.reasserts == old
    roll_back_batch(actor=SYSTEM, batch=first, reason="也错了", at=september)
    assert not Observation.objects.current().exists()
    assert august() == told


def test_a_value_that_a_second_import_repeats_outlives_the_first():
    city = City()
    first = city.bring(0, 5)
    second = city.bring(0, 5)
    assert (second.created, second.unchanged) == (0, 1)
    assert get("observations").value(CUTOFF) == 1
    september = CUTOFF + timedelta(days=9)
    told = august()
    roll_back_batch(actor=SYSTEM, batch=first, reason="报错了", at=september)
    (stands,) = Observation.objects.current()
    assert (stands.number_e4, stands.batch, stands.recorded_at) == (50_000, second, september)
    assert august() == told
    roll_back_batch(actor=SYSTEM, batch=second, reason="也错了", at=september)
    assert not Observation.objects.current().exists()


def test_what_stood_before_two_equal_corrections_returns_after_both():
    city = City()
    city.bring(0, 3)
    first, second = city.bring(0, 5), city.bring(0, 5)
    for batch, left in ((first, 50_000), (second, 30_000)):
        roll_back_batch(actor=SYSTEM, batch=batch, reason="报错了", at=city.at)
        assert [row.number_e4 for row in Observation.objects.current()] == [left]


def test_three_imports_are_taken_back_one_by_one_and_nothing_else_returns():
    city = City()
    batches = [city.bring(0, number) for number in (1, 2, 3)]
    for batch, left in zip(reversed(batches), ([20_000], [10_000], []), strict=True):
        city.at += timedelta(days=1)
        roll_back_batch(actor=SYSTEM, batch=batch, reason="错", at=city.at)
        standing = Observation.objects.current().values_list("number_e4", flat=True)
        assert list(standing) == left


def test_values_stay_with_the_record_they_were_reported_for_and_are_read_through_the_merge():
    city = City()
    kept, gone = city.firms[:2]
    city.bring(0, 1)
    city.bring(1, 2)
    city.bring(1, 9, month=8)
    city.at = CUTOFF + timedelta(days=1)
    city.merge(0, 1, 0)
    assert set(gone.observations.values_list("number_e4", flat=True)) == {20_000, 90_000}
    agent = acting(staff(Role.AGENT, areas=[city.areas[0]]))
    (shown,) = newest_values(agent, kept, CLOSED)
    assert [row.observation.number_e4 for row in shown.values] == [90_000]
    assert history_of(agent, kept, city.indicator.pk).count() == 3
    snapshot = build_snapshot(actor=SYSTEM, as_of=city.at.date(), at=city.at)
    facts = dict(read_facts(snapshot, {"gross_output@latest"}))
    assert gone.pk not in facts
    assert facts[kept.pk]["gross_output@latest"].value == 90_000
    stranger = acting(staff(Role.AGENT, areas=[AreaFactory()]))
    assert not Observation.objects.visible_to(stranger).exists()


def test_an_enterprise_s_own_value_goes_before_that_of_its_duplicate():
    city = City()
    for first, second in ((0, 1), (1, 0)):
        city.bring(first, first + 1)
        city.bring(second, second + 1)
    city.merge(0, 1, 0)
    snapshot = build_snapshot(actor=SYSTEM, as_of=CLOSED, at=CUTOFF)
    facts = dict(read_facts(snapshot, {"gross_output@latest"}))
    assert facts[city.firms[0].pk]["gross_output@latest"].value == 10_000


def test_a_snapshot_of_a_past_day_has_that_day_s_area_industry_status_and_name():
    city = City()
    firm, duplicate = city.firms[:2]
    firm.refresh_from_db()
    city.at = CUTOFF + timedelta(days=3)
    industry = IndustryFactory(code="3441", name="泵及真空设备制造")
    values = {"area": city.areas[1], "industry": industry, "status": RegistrationStatus.SUSPENDED}
    city._update(0, values)
    name = firm.name
    city.rename(0, 0, 1)
    city.merge(0, 1, 0)
    then, now = register_as_of(CLOSED), register_as_of(city.at.date())
    assert then[firm.pk] == {
        "name": name,
        "area": city.areas[0].code,
        "industry": "1819",
        "status": "active",
        "enterprise_type": "limited",
    }
    assert now[firm.pk]["area"] == city.areas[1].code
    assert (now[firm.pk]["industry"], now[firm.pk]["name"]) == ("3441", "新名1")
    assert duplicate.pk in then
    assert duplicate.pk not in now
    for day, area, status in (
        (CLOSED, city.areas[0], "active"),
        (city.at.date(), city.areas[1], "suspended"),
    ):
        snapshot = build_snapshot(actor=SYSTEM, as_of=day, at=city.at)
        facts = dict(read_facts(snapshot, {"enterprise.area", "enterprise.status"}))
        assert facts[firm.pk]["enterprise.area"].value == area.code
        assert facts[firm.pk]["enterprise.status"].value == status
        assert (duplicate.pk in facts) == (day == CLOSED)
