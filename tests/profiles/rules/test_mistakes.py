"""Mistakes: each gets its place and a sentence an official understands."""

import json
from pathlib import Path

import pytest

from profiles.rules import RuleError, parse, schema
from tests.profiles.rules.cast import CATALOGUE, rule

REVENUE = {"of": "revenue", "over": "Y"}
GOOD = {"cmp": ["ge", REVENUE, "1 万元"]}


@pytest.mark.parametrize(
    ("when", "place", "words"),
    [
        ({"is": ["profit", True]}, "when.is[0]", "没有叫“profit”的特征"),
        ({"is": ["revenue", True]}, "when.is[0]", "数字.*是否"),
        ({"is": ["flag", 1]}, "when.is[1]", "true"),
        ({"cmp": ["ge", {"of": "flag"}, 1]}, "when.cmp[1].of", "是否"),
        ({"cmp": ["ge", REVENUE, "5 人"]}, "when.cmp[2]", "人数.*金额"),
        ({"cmp": ["ge", REVENUE, "5"]}, "when.cmp[2]", "比例.*金额"),
        ({"cmp": ["ge", REVENUE, 5]}, "when.cmp[2]", "个数.*金额"),
        ({"cmp": ["ge", REVENUE, 0.5]}, "when.cmp[2]", "引号"),
        ({"cmp": ["ge", REVENUE, "NaN 万元"]}, "when.cmp[2]", "不是数量"),
        ({"cmp": ["about", REVENUE, "5 万元"]}, "when.cmp[0]", "about"),
        ({"cmp": ["ge", REVENUE, REVENUE]}, "when.cmp", "同一个数"),
        ({"cmp": ["ge", REVENUE]}, "when.cmp", "3 项"),
        (
            {"cmp": ["ge", {"of": "revenue", "over": "lately"}, "5 元"]},
            "when.cmp[1].over",
            "lately",
        ),
        ({"cmp": ["ge", {"of": "main", "over": "Y.Q1"}, "5 元"]}, "when.cmp[1].over", "按年报送"),
        (
            {"cmp": ["ge", {"of": "assets", "over": "Y", "agg": "sum"}, "5 元"]},
            "when.cmp[1].agg",
            "时点数",
        ),
        ({"cmp": ["ge", {"growth": REVENUE, "vs": "Y"}, "5%"]}, "when.cmp[1].vs", "自己"),
        (
            {"cmp": ["ge", {"growth": {"of": "revenue"}, "vs": "Y-1"}, "5%"]},
            "when.cmp[1].vs",
            "时段",
        ),
        ({"cmp": ["ge", {"growth": REVENUE, "vs": "Y-1"}, "5 万元"]}, "when.cmp[2]", "金额.*比例"),
        (
            {"cmp": ["ge", {"add": [REVENUE, {"of": "land"}]}, "5 元"]},
            "when.cmp[1].add[1]",
            "面积.*金额",
        ),
        ({"cmp": ["ge", {"rank": REVENUE}, 3]}, "when.cmp[0]", "名次"),
        ({"between": [REVENUE, "5 万元", "1 万元"]}, "when.between", "没有数"),
        ({"between": [REVENUE, "5 万元", "5 万元"], "edges": "[)"}, "when.between", "没有数"),
        ({"in": ["level", ["高级"]]}, "when.in[1]", "高级.*国家级"),
        ({"under": ["industry", "X"]}, "when.under[1]", "“X”不是"),
        ({"under": ["level", "省级"]}, "when.under[0]", "没有上下级"),
        ({"in": ["level", []]}, "when.in[1]", "一列文字"),
        ({"listed": "nothing"}, "when.listed", "nothing.*closing"),
        ({"holds": "iso"}, "when.holds", "iso.*hitech"),
        ({"holds": "srdi>=县级"}, "when.holds", "县级"),
        ({"became": "hitech"}, "when", "缺少 in"),
        ({"date": {"of": "until"}, "in": "soon"}, "when.in", "soon"),
        ({"date": REVENUE, "in": "Y"}, "when.date", "日期.*金额"),
        ({"cmp": ["ge", {"of": "until"}, {"day": "31.12.2024"}]}, "when.cmp[2].day", "2024-08-31"),
        (
            {"within": ["long", {"of": "until"}, "after", {"day": "today"}]},
            "when.within[0]",
            "时长",
        ),
        ({"streak": GOOD, "of": "months", "n": 1}, "when.n", "2 到 36"),
        ({"streak": {"all": [GOOD]}, "of": "months", "n": 2}, "when.streak", "不认识"),
        ({"attested": " ", "by": "科技局"}, "when.attested", "文字"),
        ({"cmp": ["ge", {"param": "wage"}, "5 元"]}, "when.cmp[1]", "by"),
        ({"cmp": ["ge", {"count": "loan"}, 1]}, "when.cmp[1]", "loan.*project"),
        ({**GOOD, "cites": [5, 3]}, "when.cites", "字位"),
        ({**GOOD, "colour": 1}, "when", "colour"),
        ({"all": []}, "when.all", "至少一项"),
        ({"all": [GOOD], "any": [GOOD]}, "when", "any"),
        ({}, "when", "不认识这个条件"),
        (5, "when", "一个条件"),
        (
            {"first_reach": {"of": "main", "over": "Y"}, "at": "1 元", "in": "M", "since": 2020},
            "when.in",
            "整年",
        ),
    ],
)
def test_a_mistake_has_its_place_and_says_what_to_do(when, place, words):
    with pytest.raises(RuleError, match=words) as error:
        rule(when)
    assert [problem.place for problem in error.value.problems] == [place]


def test_every_mistake_of_a_group_is_told_at_once():
    with pytest.raises(RuleError) as error:
        rule({"all": [{"is": ["a", True]}, GOOD, {"any": [{"is": ["b", True]}]}]})
    places = [problem.place for problem in error.value.problems]
    assert places == ["when.all[0].is[0]", "when.all[2].any[0].is[0]"]


@pytest.mark.parametrize(
    "parts",
    [
        [GOOD, {"cmp": ["lt", REVENUE, "1 万元"]}],
        [{"cmp": ["gt", REVENUE, "1 万元"]}, {"cmp": ["le", REVENUE, "10000 元"]}],
        [{"is": ["flag", True]}, {"is": ["flag", False]}],
        [{"is": ["flag", True]}, {"not": {"is": ["flag", True]}}],
        [{"in": ["level", ["省级"]]}, {"in": ["level", ["市级"]]}],
        [{"in": ["level", ["省级"]]}, {"not": {"in": ["level", ["省级", "市级"]]}}],
        [{"under": ["industry", "C"]}, {"under": ["industry", "K"]}],
        [{"between": [REVENUE, "1 元", "2 元"]}, {"cmp": ["eq", REVENUE, "3 元"]}],
        [{"cmp": ["eq", REVENUE, "3 元"]}, {"cmp": ["ne", REVENUE, "3 元"]}],
    ],
)
def test_conditions_nobody_can_fulfil_are_named(parts):
    for when, place in (({"all": parts}, "when"), ({"any": [GOOD, {"all": parts}]}, "when.any[1]")):
        with pytest.raises(RuleError, match="矛盾") as error:
            rule(when)
        assert error.value.problems[0].place == place


def test_what_can_be_fulfilled_at_its_very_edge_is_no_contradiction():
    rule({"all": [GOOD, {"cmp": ["le", REVENUE, "1 万元"]}]})
    rule({"all": [{"in": ["level", ["省级", "市级"]]}, {"not": {"in": ["level", ["省级"]]}}]})
    rule({"not": {"all": [GOOD, {"is": ["flag", True]}]}})


def test_missing_data_decides_no_rule():
    with pytest.raises(RuleError, match="什么数据都没有"):
        rule({"not": {"known": REVENUE}})
    with pytest.raises(RuleError, match="缺数据的企业会被直接判为不符合"):
        rule({"all": [{"known": REVENUE}, {"is": ["flag", True]}]})


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "version"),
        ({"version": 1, "when": GOOD}, "version"),
        ({"version": 2}, "缺少 when"),
        ({"version": 2, "when": GOOD, "subject": "person"}, "person.*enterprise"),
        ({"version": 2, "when": GOOD, "period": {"Y": "always"}}, "always"),
        ({"version": 2, "when": GOOD, "fresh": "never"}, "never"),
        ({"version": 2, "when": GOOD, "then": 1}, "then"),
    ],
)
def test_the_frame_of_a_rule_is_checked(raw, words):
    with pytest.raises(RuleError, match=words):
        parse(raw, catalogue=CATALOGUE)


def test_what_is_too_deep_or_too_long_is_refused():
    deep = GOOD
    for _n in range(400):
        deep = {"not": deep}
    with pytest.raises(RuleError, match="层"):
        rule(deep)
    with pytest.raises(RuleError, match="拆成几条"):
        rule({"any": [GOOD] * 1500})


def test_a_rule_may_be_asked_of_projects():
    when = {"cmp": ["ge", {"of": "equipment"}, "1000 万元"]}
    assert rule(when, subject="project").subject == "project"
    with pytest.raises(RuleError, match="equipment"):
        rule(when)


def test_the_published_schema_is_that_of_the_parser():
    path = Path(__file__).parents[3] / "docs" / "rule.schema.json"
    assert json.loads(path.read_text("utf-8")) == schema()
