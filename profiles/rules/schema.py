"""The JSON Schema of a rule (draft 2020-12), for editors and for whoever writes rules elsewhere.

It says the form; that features exist, units fit and a rule makes sense, only the parser knows.
"""

from typing import Any

from profiles.rules.parse import MAX_DEPTH, SUBJECTS, VERSION
from profiles.rules.parse_leaves import COMPARISONS, EDGES
from profiles.rules.parse_values import AGGREGATIONS, ARITHMETIC
from profiles.rules.windows import PERIODS, UNITS

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
VALUE, TREE, LEAF, WINDOW, DAY, TEXTS = (
    {"$ref": f"#/$defs/{name}"} for name in ("value", "tree", "leaf", "window", "day", "texts")
)


def _one(needed: str, optional: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return the schema of an object with the fields it needs, and those it may have."""
    return {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": needed.split(),
        "additionalProperties": False,
    }


def _tuple(*parts: Any) -> dict[str, Any]:
    return {
        "type": "array",
        "prefixItems": list(parts),
        "minItems": len(parts),
        "maxItems": len(parts),
    }


def _enum(*words: Any) -> dict[str, Any]:
    return {"enum": list(words)}


def _values() -> list[dict[str, Any]]:
    where = {"where": TREE}
    within = {"within": {"anyOf": [TREE, _enum("candidates")]}}
    return [
        {"type": "string", "minLength": 1},
        {"type": "integer"},
        _one("of", {"over": WINDOW, "agg": _enum(*AGGREGATIONS)}, of=TEXT),
        _one("growth vs", growth=VALUE, vs=TEXT),
        _one("increment vs", increment=VALUE, vs=TEXT),
        _one("ratio", ratio=_tuple(VALUE, VALUE)),
        *(
            _one(
                op,
                **{op: _tuple(VALUE, VALUE)}
                if op in ("sub", "times")
                else {op: {"type": "array", "items": VALUE, "minItems": 1}},
            )
            for op in ARITHMETIC
        ),
        _one("param", {"at": WINDOW, "by": TEXT}, param=TEXT),
        _one(
            "rank",
            {**within, "order": _enum("desc", "asc"), "ties": _enum("all", "none")},
            rank=VALUE,
        ),
        _one(
            "population of",
            {**within, "coverage": TEXT},
            population=_enum("mean", "median"),
            of=VALUE,
        ),
        _one("event get", {"level": TEXTS}, event=TEXT, get=_enum("first", "last", "count")),
        _one("paid", {"over": WINDOW, "by": _enum("this city", "any level")}, paid=TEXT),
        _one("sum each", where, sum=VALUE, each=TEXT),
        _one("count", where, count=TEXT),
        _one("day", day=DAY),
    ]


def _leaves() -> list[dict[str, Any]]:
    cites = {"cites": _tuple(*[{"type": "integer", "minimum": 0}] * 2)}
    flag = {"type": "boolean"}
    return [
        _one("cmp", cites, cmp=_tuple(_enum(*COMPARISONS), VALUE, VALUE)),
        _one("between", {"edges": _enum(*EDGES), **cites}, between=_tuple(VALUE, VALUE, VALUE)),
        _one("in", cites, **{"in": _tuple(TEXT, TEXTS)}),
        _one("under", cites, under=_tuple(TEXT, TEXTS)),
        _one("listed", {"key": TEXT, "on": WINDOW, **cites}, listed=TEXT),
        _one("is", {"over": WINDOW, **cites}, **{"is": _tuple(TEXT, flag)}),
        _one("holds", {"on": {"anyOf": [DAY, VALUE]}, **cites}, holds=TEXT),
        _one("became in", {"first": flag, **cites}, became=TEXT, **{"in": WINDOW}),
        _one("date in", cites, date=VALUE, **{"in": WINDOW}),
        _one("within", cites, within=_tuple(TEXT, VALUE, _enum("after", "before"), VALUE)),
        _one(
            "first_reach at in since",
            {"reentry": flag, "gaps": _enum("unknown", "ignore"), **cites},
            first_reach=VALUE,
            at={"anyOf": [TEXT, {"type": "integer"}]},
            since={"type": "integer"},
            **{"in": WINDOW},
        ),
        _one(
            "streak of n",
            cites,
            streak=LEAF,
            of=_enum(*UNITS),
            n={"type": "integer", "minimum": 2, "maximum": 36},
        ),
        _one("attested by", {"evidence": _enum("upload"), **cites}, attested=TEXT, by=TEXT),
        _one("known", cites, known=VALUE),
    ]


def schema() -> dict[str, Any]:
    """Return the schema of a whole rule."""
    period = {name: {"anyOf": [_enum(*words)]} for name, words in PERIODS.items()}
    period["Y"]["anyOf"].append({"type": "integer", "minimum": 1901, "maximum": 2199})
    several = {"type": "array", "items": TREE, "minItems": 1}
    edges = _one("from to", **{"from": TEXT, "to": TEXT})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Anshang rule, version {VERSION}",
        "description": f"Trees nest at most {MAX_DEPTH} deep. Text constants carry their unit.",
        **_one(
            "version when",
            {
                "subject": _enum(*SUBJECTS),
                "period": {
                    "type": "object",
                    "properties": period,
                    "additionalProperties": False,
                },
                "fresh": _enum("default"),
            },
            version={"const": VERSION},
            when=TREE,
        ),
        "$defs": {
            "value": {"oneOf": _values()},
            "leaf": {"oneOf": _leaves()},
            "tree": {
                "oneOf": [
                    _one("all", all=several),
                    _one("any", any=several),
                    _one("not", **{"not": TREE}),
                    LEAF,
                ]
            },
            "window": {"anyOf": [TEXT, edges]},
            "day": TEXT,
            "texts": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]},
        },
    }
