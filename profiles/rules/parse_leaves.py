"""From JSON to conditions, typed against the catalogue."""

import re
from collections.abc import Callable
from typing import Any

from profiles.rules.catalogue import Catalogue, FeatureType, Shape
from profiles.rules.measures import Constant, Day, constant
from profiles.rules.nodes import (
    Attested,
    Became,
    Between,
    Compare,
    FirstReach,
    Holds,
    Is,
    Known,
    Listed,
    OneOf,
    Population,
    Question,
    Rank,
    Streak,
    When,
    Within,
    inside,
)
from profiles.rules.parse_values import Values
from profiles.rules.places import (
    Trees,
    mapping,
    named,
    quantity,
    several,
    texts,
    window,
    word,
    wrong,
)
from profiles.rules.windows import UNITS

COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
EDGES = ("[]", "[)", "(]", "()")
_LASTING = re.compile(r"(\d{1,4})\s*(months?|days?|years?|个?月|天|日|年)")
_LEVELLED = re.compile(r"(\w+?)(>=|=)(.+)")


class Questions:
    """Reads conditions."""

    def __init__(self, catalogue: Catalogue, values: Values, trees: Trees) -> None:
        self.catalogue, self.values, self.trees = catalogue, values, trees
        self.kinds: dict[str, Callable[[dict[str, Any], str], Question]] = {
            "cmp": self._compare,
            "between": self._between,
            "first_reach": self._first_reach,
            "in": self._in,
            "under": self._under,
            "listed": self._listed,
            "is": self._is,
            "holds": self._holds,
            "became": self._became,
            "date": self._when,
            "within": self._within,
            "streak": self._streak,
            "attested": self._attested,
            "known": self._known,
        }
        # "in" is a part of some of them: those are looked for first.
        self.kinds = {k: v for k, v in self.kinds.items() if k != "in"} | {"in": self._in}

    def _compare(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("cmp", "cites"))
        parts = several(raw["cmp"], f"{place}.cmp", 3)
        op = word(parts[0], f"{place}.cmp[0]", COMPARISONS, "比较")
        left = self.values.read(parts[1], f"{place}.cmp[1]")
        right = self.values.read(parts[2], f"{place}.cmp[2]", left.measure)
        self.values.alike(right, left.measure, f"{place}.cmp[2]")
        if left == right:
            raise wrong(f"{place}.cmp", "两边是同一个数，比较没有意义。")
        if isinstance(left, Rank) and op not in ("le", "lt"):
            raise wrong(f"{place}.cmp[0]", "名次只能写 le 或 lt（前几名）。")
        return Compare(op, left, right)

    def _between(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("between", "edges", "cites"))
        parts = several(raw["between"], f"{place}.between", 3)
        of = self.values.read(parts[0], f"{place}.between[0]")
        bounds = []
        for number in (1, 2):
            where = f"{place}.between[{number}]"
            found = self.values.read(parts[number], where, of.measure)
            bounds.append(self.values.alike(found, of.measure, where))
        edges = word(raw.get("edges", "[]"), f"{place}.edges", EDGES, "端点")
        low, high = bounds
        if isinstance(low, Constant) and isinstance(high, Constant):
            _refuse_empty(low, high, edges, f"{place}.between")
        return Between(of, low, high, edges)

    def _feature(self, raw: Any, place: str, shape: Shape) -> FeatureType:
        known = named(self.catalogue, raw, place)
        if known.shape is not shape:
            raise wrong(place, f"“{raw}”是{known.shape}，这里要{shape}。")
        return known

    def _in(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("in", "cites"))
        parts = several(raw["in"], f"{place}.in", 2)
        known = self._feature(parts[0], f"{place}.in[0]", Shape.TEXT)
        found = texts(parts[1], f"{place}.in[1]")
        for text in found:
            if known.legal_values:
                word(text, f"{place}.in[1]", known.legal_values, "取值")
            elif known.tree is not None and known.tree.under(text) is None:
                raise wrong(f"{place}.in[1]", f"“{text}”不是“{parts[0]}”的代码。")
        return OneOf(parts[0], found, fresh_days=known.fresh_days)

    def _under(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("under", "cites"))
        parts = several(raw["under"], f"{place}.under", 2)
        known = self._feature(parts[0], f"{place}.under[0]", Shape.TEXT)
        if known.tree is None:
            raise wrong(f"{place}.under[0]", f"“{parts[0]}”没有上下级，请用 in。")
        found = texts(parts[1], f"{place}.under[1]")
        codes: set[str] = set()
        for text in found:
            below = known.tree.under(text)
            if below is None:
                raise wrong(f"{place}.under[1]", f"“{text}”不是“{parts[0]}”的代码。")
            codes |= below
        return OneOf(parts[0], found, True, frozenset(codes), known.fresh_days)

    def _listed(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("listed", "key", "on", "cites"), ("listed",))
        name = word(raw["listed"], f"{place}.listed", self.catalogue.lists, "名单")
        known = self.catalogue.lists[name]
        key = word(raw.get("key", known.keys[0]), f"{place}.key", known.keys, "名单的键")
        return Listed(name, key, window(raw["on"], f"{place}.on") if "on" in raw else None)

    def _is(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("is", "over", "cites"))
        parts = several(raw["is"], f"{place}.is", 2)
        known = self._feature(parts[0], f"{place}.is[0]", Shape.FLAG)
        if not isinstance(parts[1], bool):
            raise wrong(f"{place}.is[1]", "这里写 true 或 false。")
        over = window(raw["over"], f"{place}.over") if "over" in raw else None
        return Is(parts[0], parts[1], over, known.fresh_days)

    def _event(self, raw: Any, place: str) -> tuple[str, tuple[str, ...]]:
        """Read an event with its levels: srdi, srdi=省级, srdi>=省级."""
        found = _LEVELLED.fullmatch(raw) if isinstance(raw, str) else None
        name = word(found[1] if found else raw, place, self.catalogue.events, "资质或事件")
        if found is None:
            return name, ()
        levels = self.catalogue.events[name].levels
        level = word(found[3], place, levels, "等级")
        at_least = found[2] == ">="
        return name, levels[levels.index(level) :] if at_least else (level,)

    def _holds(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("holds", "on", "cites"))
        event, levels = self._event(raw["holds"], f"{place}.holds")
        on = self.values.date(raw.get("on", "today"), f"{place}.on")
        if not isinstance(on, Day):
            raise wrong(f"{place}.on", "这里写一个日期，或 today、Y.end 等。")
        return Holds(event, levels, on)

    def _became(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("became", "in", "first", "cites"), ("became", "in"))
        event, levels = self._event(raw["became"], f"{place}.became")
        first = raw.get("first", False)
        if not isinstance(first, bool):
            raise wrong(f"{place}.first", "这里写 true 或 false。")
        return Became(event, levels, window(raw["in"], f"{place}.in"), first)

    def _when(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("date", "in", "cites"), ("date", "in"))
        of = self.values.date(raw["date"], f"{place}.date")
        return When(of, window(raw["in"], f"{place}.in"))

    def _within(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("within", "cites"))
        parts = several(raw["within"], f"{place}.within", 4)
        found = _LASTING.fullmatch(parts[0].strip()) if isinstance(parts[0], str) else None
        if found is None:
            raise wrong(f"{place}.within[0]", f"“{parts[0]}”不是时长，请写“24 个月”或“90 天”。")
        count, unit = int(found[1]), found[2]
        months = count * (12 if unit[0] in "y年" else 1) if unit[0] in "my个月年" else 0
        side = word(parts[2], f"{place}.within[2]", ("after", "before"), "前后")
        return Within(
            months=months,
            days=0 if months else count,
            of=self.values.date(parts[1], f"{place}.within[1]"),
            side=side,
            anchor=self.values.date(parts[3], f"{place}.within[3]"),
            text=parts[0].strip(),
        )

    def _first_reach(self, raw: dict[str, Any], place: str) -> Question:
        keys = ("first_reach", "at", "in", "since", "reentry", "gaps", "cites")
        mapping(raw, place, keys, ("first_reach", "at", "in", "since"))
        of = self.values.number(raw["first_reach"], f"{place}.first_reach")
        bound = quantity(f"{place}.at", lambda: constant(raw["at"], of.measure))
        self.values.alike(bound, of.measure, f"{place}.at")
        over = window(raw["in"], f"{place}.in")
        if over.letter != "Y" or over.part:
            raise wrong(f"{place}.in", "首次达到按整年算，请写 Y、Y-1。")
        since = raw["since"]
        if type(since) is not int or not 1949 <= since <= 2200:
            raise wrong(f"{place}.since", "这里写从哪一年算起，如 2015。")
        if not isinstance(raw.get("reentry", False), bool):
            raise wrong(f"{place}.reentry", "这里写 true 或 false。")
        gaps = word(raw.get("gaps", "unknown"), f"{place}.gaps", ("unknown", "ignore"), "缺年")
        return FirstReach(of, bound, over, since, raw.get("reentry", False), gaps)

    def _streak(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("streak", "of", "n", "cites"), ("streak", "of", "n"))
        part = self.trees.leaf(raw["streak"], f"{place}.streak")
        of = word(raw["of"], f"{place}.of", UNITS, "周期")
        if type(raw["n"]) is not int or not 2 <= raw["n"] <= 36:
            raise wrong(f"{place}.n", "连续几期写 2 到 36 的整数。")
        if any(isinstance(one, Streak | Rank | Population) for one in inside(part)):
            raise wrong(f"{place}.streak", "连续的条件里不能再写连续、名次或平均。")
        return Streak(part, of, raw["n"])

    def _attested(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("attested", "by", "evidence", "cites"), ("attested", "by"))
        for key in ("attested", "by"):
            if not isinstance(raw[key], str) or not raw[key].strip():
                raise wrong(f"{place}.{key}", "这里要写文字：认定什么、由哪个部门。")
        evidence = word(raw.get("evidence", "upload"), f"{place}.evidence", ("upload",), "佐证")
        return Attested(raw["attested"].strip(), raw["by"].strip(), evidence)

    def _known(self, raw: dict[str, Any], place: str) -> Question:
        mapping(raw, place, ("known", "cites"))
        return Known(self.values.read(raw["known"], f"{place}.known"))


def _refuse_empty(low: Constant, high: Constant, edges: str, place: str) -> None:
    if low.exact > high.exact or (low.exact == high.exact and edges != "[]"):
        raise wrong(place, f"{low.text} 到 {high.text} 之间没有数。")
