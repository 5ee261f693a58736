"""Laws: Kleene logic, trees that never fail, round trips, and a parser that fears nothing."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.rules import (
    Book,
    Catalogue,
    Crowd,
    FeatureType,
    Point,
    RuleError,
    Shape,
    Spell,
    Verdict,
    Words,
    evaluate,
    lack_words,
    parse,
    schema,
    sentence,
)
from profiles.rules.nodes import inside
from profiles.rules.windows import UNITS
from tests.profiles.rules.cast import CATALOGUE, DAY, FEATURES

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
FLAGS = Catalogue(dict.fromkeys("abcdefgh", FeatureType(Shape.FLAG)))
TREES = st.recursive(
    st.sampled_from("abcdefgh"),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=4)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=12,
)
KLEENE = {T: 1.0, U: 0.5, F: 0.0}
VALUES = st.fixed_dictionaries({n: st.sampled_from([True, False, None]) for n in "abcdefgh"})


def attempt(raw, catalogue=CATALOGUE):
    """Return the rule and no problems, or no rule and its problems."""
    try:
        return parse(raw, catalogue=catalogue), ()
    except RuleError as error:
        return None, error.problems


def as_rule(tree):
    if isinstance(tree, str):
        return {"is": [tree, True]}
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


@given(TREES, VALUES)
def test_every_tree_agrees_with_kleene_arithmetic(tree, values):
    rule, problems = attempt({"version": 2, "when": as_rule(tree)}, FLAGS)
    if rule is None:
        # What is refused as a contradiction is never true where it stands.
        part, plain = tree, True
        for step in problems[0].place.removeprefix("when").split(".")[1:]:
            plain = plain is not (step == "not")
            part = part[1] if step == "not" else part[1][int(step[4:-1])]
        assert by_hand(part, values) < 1.0 if plain else by_hand(part, values) > 0.0
        return
    points = {k: [Point(DAY, DAY, v)] for k, v in values.items() if v is not None}
    outcome = evaluate(rule, Book(DAY, points))
    assert KLEENE[outcome.verdict] == by_hand(tree, values)
    assert (outcome.verdict is T) == (outcome.failing == outcome.unknown == 0)
    assert (outcome.verdict is F) <= (outcome.failing > 0)


WINDOWS = st.sampled_from(
    [
        "Y",
        "Y-1",
        "Y.Q1",
        "Y-2.H1",
        "M",
        "M-1",
        "Q",
        "ytd",
        "last_6_months",
        "2023",
        "2024-02",
        "ever",
    ]
)
MONEY = st.one_of(
    st.sampled_from(["2000 万元", "5 元", "0.01 亿元"]),
    st.builds(
        lambda w, a: {"of": "revenue", "over": w, "agg": a},
        WINDOWS,
        st.sampled_from(["sum", "avg", "max", "days", "last"]),
    ),
    st.sampled_from(
        [
            {"of": "rd", "over": "Y"},
            {"of": "assets"},
            {"paid": "listing"},
            {"param": "wage", "by": "place"},
            {"sum": {"of": "equipment"}, "each": "project", "where": {"is": ["filed", True]}},
            {
                "population": "median",
                "of": {"of": "rd", "over": "Y-1"},
                "within": {"is": ["flag", True]},
            },
        ]
    ),
)
MONEYS = st.recursive(
    MONEY,
    lambda inner: st.one_of(
        st.builds(
            lambda op, a, b: {op: [a, b]},
            st.sampled_from(["add", "sub", "min", "max"]),
            inner,
            inner,
        ),
        st.builds(lambda a: {"times": [a, "60%"]}, inner),
        st.builds(
            lambda w, vs: {"increment": {"of": "revenue", "over": w}, "vs": vs},
            WINDOWS,
            st.sampled_from(["Y-1", "before", "year_before"]),
        ),
    ),
    max_leaves=4,
)
SHARES = st.one_of(
    st.just("5%"),
    st.builds(lambda a, b: {"ratio": [a, b]}, MONEYS, MONEYS),
    st.builds(lambda w: {"growth": {"of": "power", "over": w}, "vs": "year_before"}, WINDOWS),
)
DAYS = st.sampled_from(
    [{"of": "until"}, {"day": "Y.end"}, {"day": "2024-02-29"}, {"event": "hitech", "get": "last"}]
)
OPS = st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"])
LEAVES = st.one_of(
    st.builds(lambda op, a, b: {"cmp": [op, a, b]}, OPS, MONEYS, MONEYS),
    st.builds(lambda op, a, b: {"cmp": [op, a, b]}, OPS, SHARES, SHARES),
    st.builds(lambda op, a, b: {"cmp": [op, a, b]}, OPS, DAYS, DAYS),
    st.builds(
        lambda a, e: {"between": [a, "1 万元", "9 万元"], "edges": e},
        MONEYS,
        st.sampled_from(["[]", "[)", "(]", "()"]),
    ),
    st.builds(lambda d, w: {"date": d, "in": w}, DAYS, WINDOWS),
    st.builds(
        lambda d, s, o: {"within": ["24 个月", d, s, o]},
        DAYS,
        st.sampled_from(["after", "before"]),
        DAYS,
    ),
    st.builds(lambda m: {"known": m}, MONEYS),
    st.builds(lambda w: {"became": "srdi>=省级", "in": w, "first": True}, WINDOWS),
    st.builds(
        lambda w, u, n: {
            "streak": {"cmp": ["gt", {"of": "revenue", "over": w}, "1 元"]},
            "of": u,
            "n": n,
        },
        WINDOWS,
        st.sampled_from(sorted(UNITS)),
        st.integers(2, 4),
    ),
    st.sampled_from(
        [
            {"is": ["flag", True]},
            {"is": ["flag", False], "over": "M"},
            {"under": ["industry", ["C", "70"]]},
            {"in": ["level", ["省级"]], "cites": [3, 9]},
            {"listed": "closing"},
            {"listed": "3511", "key": "industry", "on": "Y"},
            {"holds": "hitech", "on": {"day": "today"}},
            {"attested": "评审", "by": "科技局"},
            {
                "first_reach": {"of": "main", "over": "Y"},
                "at": "100 万元",
                "in": "Y",
                "since": 2020,
            },
            {
                "cmp": [
                    "le",
                    {"rank": {"of": "rd", "over": "Y"}, "within": {"is": ["flag", True]}},
                    2,
                ]
            },
            {"cmp": ["lt", {"count": "project"}, 3]},
        ]
    ),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda k, p: {k: p},
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda p: {"not": p}, inner),
    ),
    max_leaves=6,
)
E4 = st.one_of(st.integers(-(10**9), 10**12), st.just(0))


@st.composite
def books(draw):
    points = {}
    for code in ("revenue", "power", "rd", "main", "assets"):
        months = draw(
            st.lists(
                st.tuples(st.integers(2020, 2024), st.integers(1, 12), st.integers(1, 12)),
                max_size=6,
            )
        )
        points[code] = [
            Point(date(y, min(a, b), 1), date(y, max(a, b), 28), draw(E4)) for y, a, b in months
        ]
    points["flag"] = [Point(DAY, DAY, draw(st.booleans()))] if draw(st.booleans()) else []
    points["until"] = [Point(DAY, DAY, draw(st.sampled_from(["2024-09-30", "长期"])))]
    points["industry"] = [Point(DAY, DAY, draw(st.sampled_from(["3911", "70", "Z"])))]
    spell = Spell(draw(st.sampled_from([None, date(2023, 5, 1)])), None, "省级")
    spells = draw(st.sampled_from([{}, {"srdi": []}, {"srdi": [spell], "hitech": [spell]}]))
    paid = draw(st.sampled_from([{}, {"listing": []}]))
    return Book(DAY, points, spells, {"closing": []}, {}, paid, children={"project": []})


def read(when):
    rule, problems = attempt({"version": 2, "when": when})
    assert all(problem.place and problem.text for problem in problems)
    return rule


@settings(max_examples=100, deadline=None)
@given(RULES, books())
def test_a_random_rule_never_fails_to_be_judged_or_said(when, book):
    rule = read(when)
    if rule is None:
        return
    for lang in ("zh", "en"):
        assert len(sentence(rule, CATALOGUE, lang)) > 3
        assert "None" not in sentence(rule, CATALOGUE, lang)
    outcome = evaluate(rule, book, Crowd([book, Book(DAY)]))
    words = Words(CATALOGUE, rule.period)
    for result in outcome.leaves:
        question = result.leaf.question
        told = [words.title(question), words.wanted(question, result.negated), words.having(result)]
        assert all(told)
        assert (result.verdict is F) == bool(words.enough(result))
        unknown = result.answer.verdict is U
        assert unknown == bool(result.answer.lacks) or not unknown, question
    assert all(lack_words(one, words) for one in outcome.lacks)


@settings(deadline=None)
@given(RULES, books())
def test_what_is_not_known_decides_nothing_but_known(when, book):
    """More facts never turn true into false or the other way round (no `known`, no crowd)."""
    rule = read(when)
    crowded = ("Known", "Rank", "Population", "OfEach")
    if rule is None or any(type(one).__name__ in crowded for one in inside(rule)):
        return
    before = evaluate(rule, Book(DAY)).verdict
    after = evaluate(rule, book).verdict
    assert before is U or before is after


@settings(max_examples=60, deadline=None)
@given(RULES)
def test_a_rule_read_from_its_own_json_is_the_same(when):
    rule = read(when)
    again = read(json.loads(json.dumps(when, ensure_ascii=False)))
    assert rule == again
    assert (rule is None) or fits({"version": 2, "when": when}, schema())


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(
            ["Y", "2000 万元", "5%", "rd", "all", "hitech", "C", "2024-13-45", "1e9999", "٣ 万元"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                [
                    "all",
                    "any",
                    "not",
                    "cmp",
                    "between",
                    "in",
                    "under",
                    "is",
                    "holds",
                    "became",
                    "of",
                    "over",
                    "growth",
                    "vs",
                    "ratio",
                    "add",
                    "times",
                    "param",
                    "rank",
                    "within",
                    "date",
                    "day",
                    "event",
                    "get",
                    "paid",
                    "sum",
                    "each",
                    "count",
                    "where",
                    "streak",
                    "n",
                    "first_reach",
                    "at",
                    "since",
                    "attested",
                    "by",
                    "known",
                    "edges",
                    "cites",
                    "agg",
                    "population",
                    "listed",
                    "key",
                    "on",
                    "period",
                    "subject",
                    "version",
                    "when",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(JSON, RULES, st.data())
def test_whatever_is_written_gets_a_sentence_and_never_another_error(junk, good, data):
    """Junk as a whole rule, as its tree, and put into the place of any part of a good one."""
    for raw in (junk, {"version": 2, "when": junk}, {"version": 2, "period": junk, "when": good}):
        refused_or_read(raw)
    spoilt = json.loads(json.dumps(good))
    holders = list(containers(spoilt))
    holder = data.draw(st.sampled_from(holders))
    holder[
        data.draw(
            st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
        )
    ] = junk
    refused_or_read({"version": 2, "when": spoilt})


def containers(raw):
    if isinstance(raw, dict | list) and raw:
        yield raw
        for part in raw.values() if isinstance(raw, dict) else raw:
            yield from containers(part)


def refused_or_read(raw):
    rule, problems = attempt(raw)
    assert all(map(str, problems)) if rule is None else sentence(rule, CATALOGUE)


def fits(value, shape, root=None):
    """Say whether a value fits a schema: the few words of JSON Schema that ours uses."""
    root = root or shape
    if "$ref" in shape:
        return fits(value, root["$defs"][shape["$ref"].rpartition("/")[2]], root)
    if "oneOf" in shape:
        return sum(fits(value, one, root) for one in shape["oneOf"]) == 1
    if "anyOf" in shape:
        return any(fits(value, one, root) for one in shape["anyOf"])
    if "const" in shape or "enum" in shape:
        return value in shape.get("enum", [shape.get("const")])
    kinds = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list}
    if not isinstance(value, kinds[shape["type"]]):
        return False
    if isinstance(value, dict):
        known = shape["properties"]
        needed = set(shape.get("required", ())) <= set(value) <= set(known)
        return needed and all(fits(part, known[key], root) for key, part in value.items())
    if isinstance(value, list):
        parts = shape.get("prefixItems")
        if parts is not None:
            pairs = zip(value, parts, strict=False)
            return len(value) == len(parts) and all(fits(v, s, root) for v, s in pairs)
        return bool(value) and all(fits(part, shape["items"], root) for part in value)
    return True


def test_the_cast_has_a_feature_of_every_shape():
    assert {known.shape for known in FEATURES.values()} == set(Shape)
