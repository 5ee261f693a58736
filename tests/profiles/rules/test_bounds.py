"""Every condition at its bound, just under and just over it, at a zero base, and missing."""

from datetime import date

import pytest

from profiles.rules import Book, Crowd, Listing, Point, Spell, Why
from tests.profiles.rules.cast import DAY, amount, at, book, judge, month, rule, said, year

REVENUE = {"of": "revenue", "over": "Y"}
LAST = year(2023)


def known(e4, span=LAST):
    return [Point(*span, e4, "统计局")]


@pytest.mark.parametrize(
    ("op", "verdicts"),
    [
        ("ge", "FTT"),
        ("gt", "FFT"),
        ("le", "TTF"),
        ("lt", "TFF"),
        ("eq", "FTF"),
        ("ne", "TFT"),
    ],
)
def test_a_comparison_at_under_and_over_its_bound(op, verdicts):
    when = {"cmp": [op, REVENUE, "2000 万元"]}
    for step, verdict in zip((-1, 0, 1), verdicts, strict=True):
        outcome = said(when, revenue=known(20_000_000 + step))
        assert outcome == {"T": "true", "F": "false"}[verdict], (op, step)
    assert said(when) == "unknown"


def test_units_meet_at_the_fen():
    when = {"cmp": ["ge", REVENUE, "20000000.01 元"]}
    assert said(when, revenue=known(20_000_000)) == "false"
    assert said({"cmp": ["ge", REVENUE, "0.2 亿元"]}, revenue=known(20_000_000)) == "true"


@pytest.mark.parametrize(
    ("edges", "low", "high"),
    [
        ("[]", "true", "true"),
        ("[)", "true", "false"),
        ("(]", "false", "true"),
        ("()", "false", "false"),
    ],
)
def test_edges_of_a_range_belong_to_it_as_written(edges, low, high):
    when = {"between": [{"of": "rd", "over": "Y"}, "10 万元", "50 万元"], "edges": edges}
    assert said(when, rd=known(100_000)) == low
    assert said(when, rd=known(500_000)) == high
    assert said(when, rd=known(100_001)) == said(when, rd=known(499_999)) == "true"
    assert said(when, rd=known(99_999)) == said(when, rd=known(500_001)) == "false"
    assert said(when) == "unknown"


GROWTH = {"cmp": ["ge", {"growth": REVENUE, "vs": "Y-1"}, "15%"]}


def test_growth_is_exact_at_its_threshold_and_unknown_without_a_base():
    def grown(now, base):
        return said(GROWTH, revenue=[*known(now), *known(base, year(2022))])

    assert grown(1_150, 1_000) == "true"
    assert grown(1_149, 1_000) == "false"
    assert grown(345, 300) == "true"
    assert grown(5, 0) == grown(5, -3) == "unknown"
    outcome = judge(GROWTH, revenue=[*known(5), *known(0, year(2022))])
    assert [lack.why for lack in outcome.lacks] == [Why.BASE]
    assert said(GROWTH, revenue=known(5)) == "unknown"


def test_a_part_of_the_year_grows_against_the_same_part_of_the_year_before():
    when = {"cmp": ["gt", {"increment": {"of": "revenue", "over": "Y.Q1"}, "vs": "Y-1"}, 0]}
    now, base = (date(2023, 1, 1), date(2023, 3, 31)), (date(2022, 1, 1), date(2022, 3, 31))
    assert said(when, revenue=[*known(11, now), *known(10, base)]) == "true"
    assert said(when, revenue=[*known(10, now), *known(10, base)]) == "false"


def test_a_ratio_is_exact_and_needs_a_base_above_zero():
    when = {
        "cmp": ["gt", {"ratio": [{"of": "rd", "over": "Y"}, {"of": "main", "over": "Y"}]}, "5%"]
    }
    assert said(when, rd=known(7), main=known(140)) == "false"
    assert said(when, rd=known(8), main=known(140)) == "true"
    assert said(when, rd=known(8), main=known(0)) == "unknown"
    assert said(when, rd=known(0), main=known(10)) == "false"


def test_unlike_kinds_make_one_per_another():
    when = {"cmp": ["ge", {"ratio": [{"of": "main", "over": "Y"}, {"of": "land"}]}, "150 万元/亩"]}
    assert said(when, main=known(150_000_000), land=100) == "true"
    assert said(when, main=known(149_999_999), land=100) == "false"


def test_arithmetic_is_exact():
    both = {"add": [REVENUE, {"of": "main", "over": "Y"}]}
    values = {"revenue": known(6), "main": known(4)}
    for value, wanted in (
        (both, "0.001 万元"),
        ({"sub": [REVENUE, {"of": "main", "over": "Y"}]}, "0.0002 万元"),
        ({"times": [{"of": "main", "over": "Y"}, "0.75"]}, "0.0003 万元"),
        ({"min": [REVENUE, {"of": "main", "over": "Y"}]}, "0.0004 万元"),
        ({"max": [REVENUE, {"of": "main", "over": "Y"}]}, "0.0006 万元"),
    ):
        assert said({"cmp": ["eq", value, wanted]}, **values) == "true"
        assert said({"cmp": ["eq", value, wanted]}, revenue=known(6)) == "unknown"


def test_months_add_up_and_a_gap_is_unknown():
    months = [at(10, month(2023, m)) for m in range(1, 13)]
    when = {"cmp": ["eq", REVENUE, "120 万元"]}
    assert said(when, revenue=months) == "true"
    assert said(when, revenue=months[:5] + months[6:]) == "unknown"


def test_cumulative_values_give_the_months_between_them():
    when = {"cmp": ["eq", {"of": "revenue", "over": "2023-08"}, "7 万元"]}
    cumulative = [at(80, month(2023, 1, 8)), at(73, month(2023, 1, 7))]
    assert said(when, revenue=cumulative) == "true"
    assert said(when, revenue=cumulative[:1]) == "unknown"


def test_averages_maxima_and_daily_values_need_every_part():
    staff = [at(n, month(2023, n)) for n in range(1, 13)]
    assert said({"cmp": ["eq", {"of": "staff", "over": "Y"}, "6.5 人"]}, staff=staff) == "true"
    assert (
        said({"cmp": ["eq", {"of": "staff", "over": "Y"}, "6.5 人"]}, staff=staff[1:]) == "unknown"
    )
    top = {"of": "staff", "over": "Y", "agg": "max"}
    assert said({"cmp": ["eq", top, "12 人"]}, staff=staff) == "true"
    daily = {"of": "power", "over": "2023-02", "agg": "days"}
    february = [at(280, month(2023, 2))]
    assert said({"cmp": ["eq", daily, "10 千瓦时"]}, power=february) == "true"


def test_a_stock_is_that_of_the_end_of_the_window():
    when = {"cmp": ["eq", {"of": "assets", "over": "Y"}, "9 万元"]}
    quarter = (date(2023, 10, 1), date(2023, 12, 31))
    assert said(when, assets=[at(9, quarter)]) == "true"
    assert said(when, assets=[at(9, (date(2023, 7, 1), date(2023, 9, 30)))]) == "unknown"


def test_a_stale_value_is_unknown_and_names_who_owes_it():
    when = {"is": ["listed_bad", False]}
    fresh, stale = date(2024, 7, 12), date(2024, 7, 11)
    assert said(when, listed_bad=[at(False, (fresh, fresh))]) == "true"
    outcome = judge(when, listed_bad=[at(False, (stale, stale))])
    assert outcome.verdict.value == "unknown"
    assert [(lack.why, lack.owner) for lack in outcome.lacks] == [(Why.STALE, "信用办")]


def test_a_code_stands_in_the_tree_and_not_by_its_first_letters():
    when = {"under": ["industry", "C"]}
    assert said(when, industry="3911") == said(when, industry="C") == "true"
    assert said(when, industry="70") == "false"
    assert said(when) == said({"not": when}) == "unknown"
    assert said({"in": ["level", ["省级", "国家级"]]}, level="省级") == "true"
    assert said({"in": ["level", ["省级", "国家级"]]}, level="无") == "false"


def test_a_list_counts_from_its_first_day_to_its_last():
    when = {"listed": "closing"}
    entry = Listing("1", date(2024, 1, 1), DAY)
    assert said(when, lists={"closing": [entry]}) == "true"
    assert said(when, lists={"closing": [Listing("1", date(2024, 9, 13))]}) == "false"
    assert (
        said(when, lists={"closing": [Listing("1", date(2024, 1, 1), date(2024, 9, 11))]})
        == "false"
    )
    assert said(when, lists={"closing": []}) == "false"
    assert said(when) == "unknown"
    by_code = {"listed": "3511", "key": "industry"}
    assert (
        said(by_code, lists={"3511": [Listing("3911", date(2020, 1, 1))]}, industry="3911")
        == "true"
    )
    assert said(by_code, lists={"3511": []}) == "unknown"


def test_a_qualification_holds_on_its_first_and_last_day():
    when = {"holds": "hitech", "on": {"day": "2024-06-30"}}
    day = date(2024, 6, 30)
    assert said(when, spells={"hitech": [Spell(day, day)]}) == "true"
    assert said(when, spells={"hitech": [Spell(date(2024, 7, 1))]}) == "false"
    assert said(when, spells={"hitech": [Spell(date(2020, 1, 1), date(2024, 6, 29))]}) == "false"
    assert said(when, spells={"hitech": []}) == "false"
    assert said(when) == "unknown"
    assert said(when, spells={"hitech": [Spell(None)]}) == "unknown"


def test_a_level_is_at_least_or_exactly_what_is_written():
    province, nation = (
        Spell(date(2020, 1, 1), None, "省级"),
        Spell(date(2020, 1, 1), None, "国家级"),
    )
    for text, of_province, of_nation in (
        ("srdi>=省级", "true", "true"),
        ("srdi=省级", "true", "false"),
        ("srdi>=国家级", "false", "true"),
    ):
        assert said({"holds": text}, spells={"srdi": [province]}) == of_province
        assert said({"holds": text}, spells={"srdi": [nation]}) == of_nation


def test_newly_reached_is_told_from_reached_long_ago_and_from_undated():
    when = {"became": "hitech", "in": "Y"}
    first, again = Spell(date(2020, 5, 1)), Spell(date(2023, 12, 31))
    assert said(when, spells={"hitech": [again]}) == "true"
    assert said(when, spells={"hitech": [Spell(date(2024, 1, 1))]}) == "false"
    assert said(when, spells={"hitech": [first, again]}) == "true"
    assert said({**when, "first": True}, spells={"hitech": [first, again]}) == "false"
    assert said({**when, "first": True}, spells={"hitech": [again, Spell(None)]}) == "unknown"
    assert said(when, spells={"hitech": [Spell(None)]}) == "unknown"


def test_a_day_within_a_window_and_within_some_time_of_another():
    assert said({"date": {"of": "until"}, "in": "Y"}, until="2023-12-31") == "true"
    assert said({"date": {"of": "until"}, "in": "Y"}, until="2024-01-01") == "false"
    assert said({"date": {"of": "until"}, "in": "Y"}, until="长期") == "unknown"
    soon = {"within": ["90 天", {"of": "until"}, "after", {"day": "today"}]}
    assert said(soon, until="2024-12-11") == said(soon, until=str(DAY)) == "true"
    assert said(soon, until="2024-12-12") == said(soon, until="2024-09-11") == "false"
    old = {"within": ["24 个月", {"of": "since"}, "before", {"day": "today"}]}
    assert said(old, since="2022-09-12") == "true"
    assert said(old, since="2022-09-11") == "false"
    assert said(soon) == "unknown"


FIRST = {"first_reach": {"of": "main", "over": "Y"}, "at": "100 万元", "in": "Y", "since": 2021}


def reached(**years):
    return [at(value, year(int(name[1:]))) for name, value in years.items()]


def test_first_reached_looks_at_every_year_before():
    assert said(FIRST, main=reached(y2021=5, y2022=99, y2023=100)) == "true"
    assert said(FIRST, main=reached(y2021=5, y2022=99, y2023=99)) == "false"
    assert said(FIRST, main=reached(y2021=100, y2022=5, y2023=100)) == "false"
    assert said(FIRST, main=reached(y2022=5, y2023=100)) == "unknown"
    assert said({**FIRST, "gaps": "ignore"}, main=reached(y2022=5, y2023=100)) == "true"
    assert said({**FIRST, "reentry": True}, main=reached(y2021=100, y2022=5, y2023=100)) == "true"
    assert said({**FIRST, "reentry": True}, main=reached(y2021=5, y2022=100, y2023=100)) == "false"
    assert said(FIRST, main=reached(y2021=100)) == "false"
    assert said({**FIRST, "in": "Y-1"}, main=reached(y2021=5, y2022=100, y2023=7)) == "true"


STREAK = {
    "streak": {"cmp": ["lt", {"of": "power", "over": "M"}, {"of": "power", "over": "M-1"}]},
    "of": "months",
    "n": 2,
}


def test_a_streak_holds_in_every_period():
    def months(*values):
        return [at(v, month(2024, m)) for v, m in zip(values, (6, 7, 8), strict=True) if v]

    assert said(STREAK, power=months(9, 8, 7)) == "true"
    assert said(STREAK, power=months(9, 8, 8)) == "false"
    assert said(STREAK, power=months(8, 8, 7)) == "false"
    assert said(STREAK, power=months(None, 8, 7)) == "unknown"
    assert said(STREAK, power=months(None, 7, 8)) == "false"


def test_nobody_is_eligible_before_a_named_person_has_said_so():
    when = {"attested": "经专家评审择优", "by": "科技局"}
    outcome = judge(when)
    assert outcome.verdict.value == "unknown"
    assert [(lack.why, lack.owner) for lack in outcome.lacks] == [(Why.ATTESTATION, "科技局")]
    assert said(when, attested={"经专家评审择优": True}) == "true"
    assert said(when, attested={"经专家评审择优": False}) == "false"


def test_known_is_never_unknown():
    when = {"all": [{"known": REVENUE}, {"is": ["flag", True]}]}
    outcome = judge({"any": [when, {"is": ["listed_bad", False]}]}, flag=[at(True)])
    assert outcome.leaves[0].verdict.value == "false"
    outcome = judge({"any": [when, {"is": ["listed_bad", False]}]}, revenue=known(0))
    assert outcome.leaves[0].verdict.value == "true"


def test_payments_and_parameters_are_counted_in_their_window():
    none = {"cmp": ["eq", {"paid": "listing", "over": "Y"}, 0]}
    assert said(none, paid={"listing": []}) == "true"
    assert said(none, paid={"listing": [amount(date(2023, 12, 31), "1 元")]}) == "false"
    assert said(none, paid={"listing": [amount(date(2024, 1, 1), "1 元")]}) == "true"
    assert said(none, paid={"listing": [amount(date(2023, 5, 1), "1 元", "省")]}) == "true"
    assert said(none) == "unknown"
    wage = {"cmp": ["ge", {"of": "main", "over": "Y"}, {"param": "wage", "at": "Y", "by": "place"}]}
    wages = {
        "wage": [amount(date(2023, 1, 1), "2000 元", "X"), amount(date(2024, 1, 1), "9 元", "X")]
    }
    values = {"main": known(2_000), "place": [at("X", year(2022))]}
    assert said(wage, params=wages, **values) == "true"
    assert said(wage, params=wages, main=known(1_999), place=values["place"]) == "false"
    assert said(wage, params=wages, main=known(2_000), place=[at("Y", year(2022))]) == "unknown"


def test_what_belongs_to_it_is_added_up_where_it_fulfils_the_condition():
    when = {
        "cmp": [
            "ge",
            {"sum": {"of": "equipment"}, "each": "project", "where": {"is": ["filed", True]}},
            "30 万元",
        ]
    }

    def project(equipment, filed):
        points = {"equipment": [at(equipment)], "filed": [at(filed)]}
        return Book(DAY, {k: v for k, v in points.items() if v[0].value is not None})

    both = [project(20, True), project(10, True)]
    assert said(when, children={"project": both}) == "true"
    assert said(when, children={"project": [*both[:1], project(99, False)]}) == "false"
    assert said(when, children={"project": [*both, project(5, None)]}) == "unknown"
    assert said(when) == "unknown"
    assert said({"cmp": ["ge", {"count": "project"}, 2]}, children={"project": both}) == "true"
    assert said({"cmp": ["ge", {"count": "project"}, 3]}, children={"project": both}) == "false"


def ranked(values, mine, k=2, **rank):
    crowd = Crowd([book(rd=known(v)) if v is not None else book() for v in values])
    when = {"cmp": ["le", {"rank": {"of": "rd", "over": "Y"}, **rank}, k]}
    return judge(when, crowd, rd=known(mine)).verdict.value


def test_a_place_is_sure_possible_or_impossible():
    assert ranked([9, 8, 7], 8) == "true"
    assert ranked([9, 8, 7], 7) == "false"
    assert ranked([9, 7, None], 7) == "unknown"
    assert ranked([9, 8, 7, None], 7) == "false"
    assert ranked([9, 8, 8], 8) == "true"
    assert ranked([9, 8, 8], 8, ties="none") == "false"
    assert ranked([1, 2, 3], 2, order="asc") == "true"
    assert judge({"cmp": ["le", {"rank": {"of": "rd", "over": "Y"}}, 2]}, rd=known(5)).unknown == 1


def test_an_average_below_its_coverage_is_unknown():
    when = {
        "cmp": [
            "ge",
            {"of": "rd", "over": "Y"},
            {"population": "mean", "of": {"of": "rd", "over": "Y"}},
        ]
    }

    def against(values, mine):
        crowd = Crowd([book(rd=known(v)) if v is not None else book() for v in values])
        return judge(when, crowd, rd=known(mine)).verdict.value

    assert against([1, 2, 3, 4, None], 3) == "true"
    assert against([1, 2, 3, 4, None], 2) == "false"
    assert against([1, 2, 3, None, None], 3) == "unknown"


def test_periods_are_what_the_rule_declares():
    when = {"cmp": ["ge", REVENUE, "1 万元"]}
    assert said(when, more={"period": {"Y": 2020}}, revenue=[at(1, year(2020))]) == "true"
    ytd = {"cmp": ["eq", {"of": "revenue", "over": "ytd"}, "8 万元"]}
    assert said(ytd, revenue=[at(1, month(2024, m)) for m in range(1, 9)]) == "true"
    rolling = {"cmp": ["eq", {"of": "revenue", "over": "last_3_months"}, "3 万元"]}
    assert said(rolling, revenue=[at(1, month(2024, m)) for m in range(6, 9)]) == "true"
    assert rule(when).period.of("Y", DAY).end == date(2023, 12, 31)


def test_a_value_that_may_not_be_used_is_withheld():
    outcome = judge({"cmp": ["ge", REVENUE, "1 万元"]}, withheld=frozenset({"revenue"}))
    assert [lack.why for lack in outcome.lacks] == [Why.WITHHELD]
