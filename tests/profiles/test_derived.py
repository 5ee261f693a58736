"""Derived facts: the table of 2017 at and around each floor, candidates, ratios, validity."""

import csv
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.common.people.actor import system_actor
from crm.models import Department
from crm.services import load_reference
from profiles import features
from profiles.features import DERIVED, NOT_APPLICABLE, size_class
from profiles.features.derived import growth, percent, years_after
from profiles.features.sizes import CLASSES, DATA, WAN, reaches_scale
from profiles.models import Indicator
from profiles.services import (
    Value,
    build_snapshot,
    load_indicators,
    read_facts,
    record_values,
    take_over_consents,
)
from tests.crm.factories import AT, EnterpriseFactory, IndustryFactory

DAY = date(2024, 9, 12)
MUCH = 10**9 * WAN
SAMPLES = {"A": "0111", "B": "0610", "C": "1819", "D": "4620", "E": "4710", "L": "7211"}
SAMPLES |= {"M": "7320", "N": "7810", "O": "8010", "R": "8710", "51": "5162", "52": "5211"}
SAMPLES |= {"65": "6510", "G": "5431", "I": "6420", "P": "8310"}


def sizes():
    with (DATA / "size_classes.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for node in row["industries"].split():
                code = SAMPLES.get(node, node.ljust(4, "0"))
                yield pytest.param(code, row, id=f"{node}-{row['indicator']}")


@pytest.mark.parametrize(("industry", "row"), list(sizes()))
def test_each_floor_of_the_table_divides_two_classes(industry, row):
    for place, name in enumerate(("small", "medium", "large"), start=1):
        floor = int(row[name]) * WAN
        for number, wanted in ((floor - 1, place - 1), (floor, place), (floor + 1, place)):
            measured = dict.fromkeys(("staff", "revenue", "assets"), MUCH)
            measured[row["indicator"]] = number
            assert size_class(industry, measured, DAY) == CLASSES[wanted]


def test_the_table_has_the_published_rows():
    rows = {
        code: size_class(code, {"staff": 300 * WAN, "revenue": 2000 * WAN}, DAY)
        for code in ("1819", "5910", "5990", "5162", "6510", "7020")
    }
    assert rows == {
        "1819": "中型",  # industry: 300 people, 2,000 万元
        "5910": "小型",  # loading is transport: 3,000 万元 would be 中型
        "5990": "中型",  # storage: 1,000 万元
        "5162": "小型",  # wholesale: 5,000 万元 would be 中型
        "6510": "中型",
        "7020": "中型",  # property management
    }


@pytest.mark.parametrize("industry", ["6610", "5310", "8310", "8411", "9110", "9700", "7040"])
def test_an_industry_the_table_does_not_name_has_no_class(industry):
    assert size_class(industry, {"staff": MUCH}, DAY) == NOT_APPLICABLE


def test_what_is_missing_is_unknown_unless_one_measure_decides():
    assert size_class("1819", {"staff": MUCH}, DAY) is None
    assert size_class("1819", {"staff": 19 * WAN}, DAY) == "微型"
    assert size_class("", {"staff": MUCH, "revenue": MUCH}, DAY) is None


def floors():
    with (DATA / "above_scale.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for node in row["industries"].split():
                yield SAMPLES.get(node, node.ljust(4, "0")), int(row["revenue"]) * WAN


@pytest.mark.parametrize(("industry", "floor"), list(floors()))
def test_the_floor_of_the_industry_is_what_counts_above_scale(industry, floor):
    assert [reaches_scale(industry, n, DAY) for n in (floor - 1, floor)] == [False, True]
    assert reaches_scale(industry, None, DAY) is None


def test_builders_and_developers_are_not_judged_by_revenue():
    assert reaches_scale("4710", MUCH, DAY) is None
    assert reaches_scale("7010", MUCH, DAY) is None


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15), st.integers(-(10**7), 10**7))
def test_no_share_below_a_floor_reaches_it_and_none_above_falls_short(part, whole, floor):
    exact = Fraction(part, whole) * 100
    assert (percent(part, whole) >= floor) == (exact >= Fraction(floor, 10_000))
    assert (growth(part, whole) >= floor) == (exact - 100 >= Fraction(floor, 10_000))


def test_there_is_no_share_of_nothing():
    assert [percent(5, 0), percent(5, -1), percent(None, 5), growth(5, None)] == [None] * 4


def test_three_years_after_a_leap_day_are_the_last_of_february():
    assert years_after("2024-02-29", 3) == date(2027, 2, 28)


def make(key, **known):
    one = next(one for one in DERIVED if one.key == key)
    return one.make({k.replace("__", "@"): value for k, value in known.items()}, DAY)


@pytest.mark.parametrize(
    ("begun", "ends", "valid"),
    [
        ("2021-09-13", "2024-09-12", True),
        ("2021-09-11", "2024-09-11", False),
        ("2024-09-13", "2027-09-12", False),
        ("2024-09-12", "2027-09-11", True),
        (None, "2024-09-12", True),
        (None, "2024-09-11", False),
        ("2021-09-11", None, None),
        (None, None, None),
    ],
)
def test_a_qualification_is_valid_from_its_first_day_to_its_last(begun, ends, valid):
    known = {"hitech_cert_date__latest": begun, "hitech_expiry_date__latest": ends}
    assert make("derived.hitech_valid", **known) is valid


@pytest.mark.parametrize(
    ("begun", "valid"), [("2021-09-12", True), ("2021-09-11", False), (None, None)]
)
def test_a_recognition_stands_for_three_years(begun, valid):
    assert make("derived.srdi_valid", srdi_cert_date__latest=begun) is valid


@pytest.mark.parametrize(
    ("revenue", "counted", "candidate"),
    [(2000, 0, True), (1999, 0, False), (2000, 1, False), (2000, None, None), (None, 0, None)],
)
def test_a_candidate_has_reached_the_floor_and_is_not_counted_yet(revenue, counted, candidate):
    known = {
        "enterprise.industry": "1819",
        "operating_revenue@last_year": revenue and revenue * WAN,
        "above_scale_flag@latest": counted,
    }
    one = next(one for one in DERIVED if one.key == "derived.above_scale_candidate")
    assert one.make(known, DAY) is candidate


@pytest.mark.django_db
def test_derived_facts_stand_in_the_snapshot_and_only_with_consent():
    load_reference()
    load_indicators()
    actor, industry = system_actor("tests"), IndustryFactory()
    firm, silent = EnterpriseFactory(industry=industry), EnterpriseFactory(industry=industry)
    take_over_consents(actor=actor, enterprises=[(firm, "胡立")], at=AT)
    known = Indicator.objects.in_bulk(field_name="code")
    rows = []
    for pk in (firm.pk, silent.pk):
        start, end = date(2023, 1, 1), date(2023, 12, 31)
        rows.append(Value(pk, known["main_revenue"].pk, start, end, 2500 * WAN))
        rows.append(Value(pk, known["rd_spend_stat"].pk, start, end, 100 * WAN))
        month = (date(2024, 8, 1), date(2024, 8, 31))
        rows.append(Value(pk, known["staff_avg"].pk, *month, 320 * WAN))
        rows.append(Value(pk, known["above_scale_flag"].pk, *month, 0))
    department = Department.objects.first()
    record_values(actor=actor, department=department, name="a", sha256="a", values=rows, at=AT)
    snapshot = build_snapshot(actor=actor, as_of=DAY, at=AT)
    catalogue = features.catalogue(DAY)
    keys = ("derived.size_class", "derived.above_scale_candidate", "derived.rd_intensity")
    facts = dict(read_facts(snapshot, set(keys)))
    assert [facts[firm.pk][key].value for key in keys] == ["中型", True, 40_000]
    for key in keys:
        assert catalogue[key].is_confidential
        fact = facts[silent.pk][key]
        assert (fact.value, fact.withheld) == (None, True)
