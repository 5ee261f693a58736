"""The rule language: three values, exact bounds, sentences for its authors."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.rules import Fact, FeatureType, RuleError, Shape, Verdict, evaluate, parse, sentence

TYPES = {
    "revenue": FeatureType(Shape.NUMBER, "万元"),
    "rd": FeatureType(Shape.NUMBER, "万元"),
    "fee": FeatureType(Shape.NUMBER, "元"),
    "staff": FeatureType(Shape.NUMBER, "人"),
    "flag": FeatureType(Shape.FLAG),
    "level": FeatureType(Shape.TEXT),
    "until": FeatureType(Shape.DATE),
    "code": FeatureType(Shape.TEXT),
}
NAMES = {
    "revenue": "营业收入",
    "rd": "研发经费",
    "flag": "是否规上",
    "level": "等级",
    "until": "有效期止",
    "code": "行业",
}
T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


def rule(when):
    return parse({"version": 1, "when": when}, catalogue=TYPES)


def at_least(bound):
    return {"feature": "revenue", "op": "ge", "value": bound, "unit": "万元"}


def judge(when, **values):
    return evaluate(rule(when), {name: Fact(value) for name, value in values.items()})


LEAVES = st.sampled_from(["a", "b", "c"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=4)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=12,
)
KLEENE = {T: 1.0, U: 0.5, F: 0.0}


def as_rule(tree):
    if isinstance(tree, str):
        return {"feature": tree, "op": "is", "value": True}
    kind, inner = tree
    return {"not": as_rule(inner)} if kind == "not" else {kind: [as_rule(part) for part in inner]}


def by_hand(tree, values):
    """Kleene logic as arithmetic: and = min, or = max, not = 1 - x."""
    if isinstance(tree, str):
        return {True: 1.0, False: 0.0, None: 0.5}[values[tree]]
    kind, inner = tree
    if kind == "not":
        return 1.0 - by_hand(inner, values)
    return (min if kind == "all" else max)(by_hand(part, values) for part in inner)


@given(TREES, st.fixed_dictionaries({n: st.sampled_from([True, False, None]) for n in "abc"}))
def test_every_tree_agrees_with_kleene_arithmetic(tree, values):
    node = parse(
        {"version": 1, "when": as_rule(tree)},
        catalogue=dict.fromkeys("abc", FeatureType(Shape.FLAG)),
    )
    outcome = evaluate(node, {name: Fact(value) for name, value in values.items()})
    assert KLEENE[outcome.verdict] == by_hand(tree, values)
    assert (outcome.verdict is T) == (outcome.failing == outcome.unknown == 0)


@given(st.integers(-(10**6), 10**6), st.sampled_from([-1, 0, 1]))
def test_a_bound_is_judged_exactly_at_below_and_above_it(bound, step):
    value = bound * 10_000 + step
    assert judge(at_least(bound), revenue=value).verdict is (T if step >= 0 else F)
    above = {"feature": "revenue", "op": "gt", "value": bound, "unit": "万元"}
    assert judge(above, revenue=value).verdict is (T if step > 0 else F)


@given(st.integers(1, 10**9))
def test_a_ratio_is_exact_at_its_threshold(base):
    when = {"feature": "rd", "per": "revenue", "op": "gt", "value": "0.05"}
    assert judge(when, rd=base, revenue=20 * base).verdict is F
    assert judge(when, rd=base + 1, revenue=20 * base).verdict is T
    assert judge({**when, "op": "ge"}, rd=base, revenue=20 * base).verdict is T


@pytest.mark.parametrize("base", [0, -5, None])
def test_a_ratio_on_nothing_is_unknown(base):
    when = {"feature": "rd", "per": "revenue", "op": "gt", "value": "0.05"}
    assert judge(when, rd=5, revenue=base).verdict is U


def test_missing_is_unknown_and_never_refuses_alone():
    outcome = judge(
        {"all": [at_least(5), {"feature": "flag", "op": "is", "value": True}]}, flag=True
    )
    assert (outcome.verdict, outcome.failing, outcome.unknown) == (U, 0, 1)


def test_a_prefix_of_a_missing_code_is_unknown():
    assert judge({"feature": "code", "op": "not_under", "value": ["70"]}).verdict is U
    assert judge({"feature": "code", "op": "not_under", "value": ["70"]}, code="7010").verdict is F


def test_a_date_on_the_day_counts():
    when = {"feature": "until", "op": "on_or_after", "value": "2024-12-31"}
    assert judge(when, until="2024-12-31").verdict is T
    assert judge(when, until=date(2024, 12, 30)).verdict is F
    assert judge(when, until="长期").verdict is U


def test_the_path_holds_only_the_branch_that_decides():
    when = {"any": [at_least(5), {"feature": "flag", "op": "is", "value": True}]}
    outcome = judge(when, revenue=60_000, flag=False)
    assert [row.leaf.feature for row in outcome.path] == ["revenue"]
    assert len(outcome.leaves) == 2


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"feature": "profit", "op": "ge", "value": 1, "unit": ""}, "profit"),
        ({"feature": "revenue", "op": "ge", "value": 1, "unit": "人"}, "万元"),
        ({"feature": "revenue", "op": "ge", "value": "1 人"}, "人数.*金额"),
        ({"feature": "revenue", "op": "ge", "value": 1}, "比例"),
        ({"feature": "flag", "op": "ge", "value": 1}, "是否"),
        ({"feature": "revenue", "op": "is", "value": True}, "数字"),
        ({"feature": "level", "op": "on_or_after", "value": "2024-12-31"}, "类别"),
        ({"feature": "flag", "per": "revenue", "op": "is", "value": True}, "比大小"),
        ({"op": "ge", "value": 1}, "feature"),
        ({"feature": "revenue", "op": "about", "value": 1, "unit": "万元"}, "about"),
        ({"feature": "revenue", "op": "ge", "value": 1.5, "unit": "万元"}, "小数"),
        ({"feature": "revenue", "op": "ge", "value": "0.00000000001", "unit": "万元"}, "小数位"),
        ({"feature": "revenue", "op": "ge", "value": "NaN", "unit": "万元"}, "数字"),
        ({"feature": "until", "op": "on_or_after", "value": "31.12.2024"}, "日期"),
        ({"feature": "level", "op": "in", "value": []}, "一列"),
        ({"all": []}, "至少一个"),
        ({"all": [at_least(1)], "any": []}, "旁边"),
        ({"feature": "flag", "op": "is", "value": "yes"}, "true"),
        ([], "条件"),
        ({"feature": "flag", "op": "is", "value": True, "eval": "1"}, "eval"),
    ],
)
def test_an_author_s_mistake_gets_a_sentence_with_its_place(when, words):
    with pytest.raises(RuleError, match=words) as problem:
        rule(when)
    assert "when" in str(problem.value)


def test_a_rule_without_its_version_is_refused():
    with pytest.raises(RuleError, match="版本"):
        parse({"when": at_least(1)}, catalogue=TYPES)


def test_a_rule_nested_without_end_is_refused():
    when = at_least(1)
    for _level in range(20):
        when = {"all": [when]}
    with pytest.raises(RuleError, match="嵌套"):
        rule(when)


def test_a_rule_is_read_back_as_a_sentence_in_two_languages():
    node = rule(
        {"all": [at_least(2000), {"not": {"feature": "level", "op": "in", "value": ["C", "D"]}}]}
    )
    assert sentence(node, NAMES) == "营业收入不低于2,000 万元，并且不满足（等级是C、D）"
    assert "at least 2,000" in sentence(node, NAMES, "en")


def test_a_condition_under_not_carries_the_verdict_of_where_it_stands():
    outcome = judge({"not": {"feature": "level", "op": "in", "value": ["C"]}}, level="C")
    assert outcome.verdict is F
    assert [(row.verdict, row.negated) for row in outcome.path] == [(F, True)]


def test_many_unknown_conditions_are_not_taken_for_a_failing_one():
    outcome = judge({"all": [at_least(n) for n in range(40)]})
    assert (outcome.failing, outcome.unknown) == (0, 40)


def test_a_ratio_of_different_units_is_refused():
    for base in ("flag", "staff"):
        with pytest.raises(RuleError, match="单位"):
            rule({"feature": "revenue", "per": base, "op": "gt", "value": "0.1"})


def test_a_bound_is_judged_in_whatever_unit_it_is_written():
    yuan = {"feature": "revenue", "op": "ge", "value": "20000000 元"}
    yi = {"feature": "revenue", "op": "ge", "value": "0.2 亿元"}
    for when in (yuan, yi, at_least(2000)):
        assert judge(when, revenue=20_000_000).verdict is T
        assert judge(when, revenue=19_999_999).verdict is F


def test_a_ratio_of_yuan_to_wan_is_a_share():
    when = {"feature": "fee", "per": "revenue", "op": "gt", "value": "5%"}
    assert judge(when, fee=500 * 10_000, revenue=10_000).verdict is F
    assert judge(when, fee=500 * 10_000 + 1, revenue=10_000).verdict is T


@pytest.mark.parametrize("value", ["1e999999", "1e100"])
def test_a_bound_too_large_to_store_is_refused(value):
    with pytest.raises(RuleError):
        rule({"feature": "revenue", "op": "gt", "value": value, "unit": "万元"})
