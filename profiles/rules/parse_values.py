"""From JSON to values, typed against the catalogue."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crm.common.quantity import Kind
from profiles.rules.catalogue import Catalogue, Shape
from profiles.rules.measures import DAY, SHARE, Constant, Day, Measure, constant, measured
from profiles.rules.nodes import (
    Against,
    Arithmetic,
    EventValue,
    OfEach,
    Paid,
    Param,
    Population,
    Rank,
    Ratio,
    Series,
    Value,
)
from profiles.rules.places import (
    Trees,
    day_written,
    mapping,
    named,
    quantity,
    several,
    texts,
    window,
    word,
    wrong,
)
from profiles.rules.windows import DAYS, before

AGGREGATIONS = ("sum", "avg", "last", "max", "days")
ARITHMETIC = ("add", "sub", "times", "min", "max")
MONEY = Measure(Kind.MONEY)


class Values:
    """Reads values; `trees` reads the conditions that stand inside some of them."""

    def __init__(self, catalogue: Catalogue, trees: Trees) -> None:
        self.catalogue, self.trees = catalogue, trees
        self.kinds: dict[str, Callable[[dict[str, Any], str], Value]] = {
            "of": self._series,
            "growth": self._against,
            "increment": self._against,
            "ratio": self._ratio,
            "param": self._param,
            "rank": self._rank,
            "population": self._population,
            "event": self._event,
            "paid": self._paid,
            "sum": self._each,
            "count": self._each,
            "day": self._day,
        }
        for op in ARITHMETIC:
            self.kinds[op] = self._arithmetic

    def read(self, raw: Any, place: str, expected: Measure | None = None) -> Value:
        """Return a value; raises RuleError with the place."""
        self.trees.deeper(place)
        try:
            if not isinstance(raw, dict):
                return self._written(raw, place, expected)
            # "of" is also a part of a population; the kind is then named beside it.
            found = [key for key in self.kinds if key in raw and key != "of"]
            kind = found[0] if found else "of"
            if kind not in raw:
                known = "、".join(self.kinds)
                raise wrong(place, f"这里要写一个数值，如 “2000 万元” 或含 {known} 之一。")
            return self.kinds[kind](raw, place)
        finally:
            self.trees.back()

    def _written(self, raw: Any, place: str, expected: Measure | None) -> Value:
        if expected == DAY:
            return self._day({"day": raw}, place)
        return quantity(place, lambda: constant(raw, expected))

    def number(self, raw: Any, place: str, expected: Measure | None = None) -> Value:
        """Return a value that is no day."""
        value = self.read(raw, place, expected)
        if value.measure == DAY:
            raise wrong(place, "这里要数量，不能是日期。")
        return value

    def date(self, raw: Any, place: str) -> Value:
        """Return a value that is a day."""
        value = self.read(raw, place, DAY)
        if value.measure != DAY:
            raise wrong(place, f"这里要日期，现在是{value.measure}。")
        return value

    def pair(self, raw: Any, place: str) -> tuple[Value, Value]:
        """Return two values of one kind."""
        several(raw, place, 2)
        first = self.read(raw[0], f"{place}[0]")
        second = self.read(raw[1], f"{place}[1]", first.measure)
        return first, self.alike(second, first.measure, f"{place}[1]")

    def alike(self, value: Value, wanted: Measure, place: str) -> Value:
        """Check that a value is of a kind."""
        if value.measure != wanted:
            raise wrong(place, f"这里是{value.measure}，要与{wanted}相比：两边要同类。")
        return value

    def _series(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("of", "over", "agg"), ("of",))
        known = named(self.catalogue, raw["of"], f"{place}.of")
        if known.shape not in (Shape.NUMBER, Shape.DATE):
            raise wrong(f"{place}.of", f"“{raw['of']}”是{known.shape}，不是数量，也不是日期。")
        if known.shape is Shape.DATE:
            if "over" in raw or "agg" in raw:
                raise wrong(place, f"“{raw['of']}”是日期，不写时段和汇总方式。")
            fresh = known.fresh_days
            return Series(raw["of"], "", DAY, fresh_days=fresh)
        over = window(raw["over"], f"{place}.over") if "over" in raw else None
        agg = known.aggregation
        if "agg" in raw:
            agg = word(raw["agg"], f"{place}.agg", AGGREGATIONS, "汇总方式")
        if over is None and "agg" in raw:
            raise wrong(place, "写了汇总方式（agg），就要写时段（over）。")
        if over is not None and known.period == "year" and over.length and over.length % 12:
            raise wrong(f"{place}.over", f"“{raw['of']}”按年报送，没有比一年更短的时段。")
        adds = agg in ("sum", "days") and over is not None
        if adds and known.aggregation == "last" and known.period != "year":
            raise wrong(f"{place}.agg", f"“{raw['of']}”是时点数，不能相加。")
        fresh = known.fresh_days
        return Series(raw["of"], known.unit, known.measure, over, agg, known.period, fresh)

    def _against(self, raw: dict[str, Any], place: str) -> Value:
        how = "growth" if "growth" in raw else "increment"
        mapping(raw, place, (how, "vs"), (how, "vs"))
        now = self.number(raw[how], f"{place}.{how}")
        base = self._earlier(now, raw["vs"], f"{place}.vs")
        if base == now:
            raise wrong(f"{place}.vs", "与自己相比没有意义：另写一个时段。")
        return Against(how, now, base, str(raw["vs"]))

    def _earlier(self, value: Value, vs: Any, place: str) -> Value:
        """Return the same value in the window it is held against."""
        if isinstance(value, Series) and value.window is not None:
            moved = before(value.window, vs) if isinstance(vs, str) else None
            if moved is None:
                raise wrong(
                    place, f"不认识比较期“{vs}”。可写：Y-1、year_before、before 或一个时段。"
                )
            return replace(value, window=moved)
        if isinstance(value, Arithmetic):
            return Arithmetic(value.op, tuple(self._earlier(p, vs, place) for p in value.parts))
        if isinstance(value, Ratio):
            return Ratio(self._earlier(value.top, vs, place), self._earlier(value.base, vs, place))
        if isinstance(value, Constant):
            return value
        raise wrong(place, "增长和增量只能对有时段（over）的特征来算。")

    def _ratio(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("ratio",))
        several(raw["ratio"], f"{place}.ratio", 2)
        top = self.number(raw["ratio"][0], f"{place}.ratio[0]")
        base = self.number(raw["ratio"][1], f"{place}.ratio[1]")
        if top.measure.per or base.measure.per:
            raise wrong(place, "比值的两边不能又是比值，请先换成总量。")
        return Ratio(top, base)

    def _arithmetic(self, raw: dict[str, Any], place: str) -> Value:
        op = next(op for op in ARITHMETIC if op in raw)
        mapping(raw, place, (op,))
        count = 2 if op in ("sub", "times") else None
        parts = several(raw[op], f"{place}.{op}", count)
        first = self.number(parts[0], f"{place}.{op}[0]")
        found = [first]
        for number, part in enumerate(parts[1:], start=1):
            where = f"{place}.{op}[{number}]"
            wanted = SHARE if op == "times" else first.measure
            found.append(self.alike(self.number(part, where, wanted), wanted, where))
        return Arithmetic(op, tuple(found))

    def _param(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("param", "at", "by"), ("param",))
        name = word(raw["param"], f"{place}.param", self.catalogue.params, "参数")
        known = self.catalogue.params[name]
        by = word(raw["by"], f"{place}.by", known.by, "参数的分类") if "by" in raw else ""
        if known.by and not by:
            raise wrong(place, f"“{known.label}”按 {'、'.join(known.by)} 不同，请写 by。")
        at = window(raw.get("at", "Y"), f"{place}.at")
        return Param(name, measured(known.unit), at, by)

    def _rank(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("rank", "within", "order", "ties"), ("rank",))
        return Rank(
            self.number(raw["rank"], f"{place}.rank"),
            self._tree(raw.get("within"), f"{place}.within"),
            word(raw.get("order", "desc"), f"{place}.order", ("desc", "asc"), "排序"),
            word(raw.get("ties", "all"), f"{place}.ties", ("all", "none"), "并列办法"),
        )

    def _tree(self, raw: Any, place: str) -> Any:
        return None if raw in (None, "candidates") else self.trees.read(raw, place)

    def _population(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("population", "of", "within", "coverage"), ("population", "of"))
        return Population(
            word(raw["population"], f"{place}.population", ("mean", "median"), "统计量"),
            self.number(raw["of"], f"{place}.of"),
            self._tree(raw.get("within"), f"{place}.within"),
            quantity(f"{place}.coverage", lambda: constant(raw.get("coverage", "80%"))),
        )

    def levels(self, event: str, raw: Any, place: str) -> tuple[str, ...]:
        """Return levels of an event, each one of those it has."""
        if raw in (None, []):
            return ()
        found = texts(raw, place)
        for level in found:
            word(level, place, self.catalogue.events[event].levels, "等级")
        return found

    def _event(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("event", "level", "get"), ("event", "get"))
        event = word(raw["event"], f"{place}.event", self.catalogue.events, "资质或事件")
        got = word(raw["get"], f"{place}.get", ("first", "last", "count"), "取值")
        return EventValue(event, self.levels(event, raw.get("level"), f"{place}.level"), got)

    def _paid(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("paid", "over", "by"), ("paid",))
        tag = word(raw["paid"], f"{place}.paid", self.catalogue.payments, "奖补")
        over = window(raw.get("over", "ever"), f"{place}.over")
        by = word(raw.get("by", "this city"), f"{place}.by", ("this city", "any level"), "付款方")
        return Paid(tag, over, by, MONEY)

    def _each(self, raw: dict[str, Any], place: str) -> Value:
        if "sum" in raw:
            mapping(raw, place, ("sum", "each", "where"), ("sum", "each"))
            each = raw["each"]
        else:
            mapping(raw, place, ("count", "where"), ("count",))
            each = raw["count"]
        word(each, place, self.catalogue.subjects, "下属对象")
        inner = self.trees.of(self.catalogue.of(each))
        where = inner.read(raw["where"], f"{place}.where") if "where" in raw else None
        of = inner.number(raw["sum"], f"{place}.sum") if "sum" in raw else None
        return OfEach(each, of, where)

    def _day(self, raw: dict[str, Any], place: str) -> Value:
        mapping(raw, place, ("day",))
        if raw["day"] in DAYS if isinstance(raw["day"], str) else False:
            return Day(None, raw["day"])
        return Day(day_written(raw["day"], f"{place}.day"))
