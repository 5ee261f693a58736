"""The same tree as a sentence that the reviewer signs, and its conditions in words."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from profiles.rules.catalogue import Catalogue
from profiles.rules.evaluate import LeafResult
from profiles.rules.facts import Lack, Why
from profiles.rules.measures import SHARE, Constant
from profiles.rules.nodes import (
    Against,
    Attested,
    Became,
    Between,
    Compare,
    FirstReach,
    Holds,
    Is,
    Known,
    Leaf,
    Listed,
    Negation,
    Node,
    OneOf,
    Question,
    Rank,
    Rule,
    Streak,
    Value,
    Verdict,
    When,
    Within,
)
from profiles.rules.words_values import ValueWords

_OPS = {
    "lt": ("低于", "below"),
    "le": ("不超过", "at most"),
    "gt": ("超过", "above"),
    "ge": ("不低于", "at least"),
    "eq": ("等于", "equal to"),
    "ne": ("不等于", "other than"),
}
_DAY_OPS = {
    "lt": ("早于", "before"),
    "le": ("不晚于", "not after"),
    "gt": ("晚于", "after"),
    "ge": ("不早于", "not before"),
    "eq": ("是", "on"),
    "ne": ("不是", "not on"),
}
_OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
# Flags whose name is a verb after 是否 (列入…): denied with 未, the others with 不是.
_VERBS = ("列入", "进入", "办理", "取得")
_UNITS = {
    "years": ("年", "years"),
    "quarters": ("个季度", "quarters"),
    "months": ("个月", "months"),
}


class Words(ValueWords):
    """Says conditions and whole rules."""

    def tree(self, node: Node) -> str:
        """Return a tree as it stands inside a sentence."""
        return self.node(node, level=1)

    def node(self, node: Node, *, level: int = 0, negated: bool = False) -> str:
        """Return a tree in words; NOT is pushed down to its conditions."""
        if isinstance(node, Negation):
            return self.node(node.part, level=level, negated=not negated)
        if isinstance(node, Leaf):
            return self.condition(node.question, negated)
        together = (node.kind == "all") != negated
        if len(node.parts) == 1:
            return self.node(node.parts[0], level=level, negated=negated)
        plain = all(isinstance(part, Leaf) for part in node.parts)
        if level == 0:
            # A list among the parts ends with a stronger stop than its own items.
            stop = self.pick("，", ", ") if plain else self.pick("；", "; ")
            joint = stop + (self.pick("并且", "and ") if together else self.pick("或者", "or "))
            parts = [self.node(p, level=1, negated=negated) for p in node.parts]
            return joint.join(parts)
        joint = self.pick("且", " and ") if together else self.pick("或", " or ")
        if plain and level == 1 and len(node.parts) == 2:
            return joint.join(self.node(p, level=2, negated=negated) for p in node.parts)
        return self._list(node.parts, level, together, negated)

    def _list(self, parts: tuple[Node, ...], level: int, together: bool, negated: bool) -> str:
        """Return several conditions as the numbered items of a clause."""
        lead = self.pick("同时符合", "all of") if together else self.pick("符合下列之一", "one of")
        told = [self.node(part, level=level + 1, negated=negated) for part in parts]
        items = []
        for number, text in enumerate(told, start=1):
            mark = f"（{number}）" if level == 1 else chr(0x245F + number) if number <= 20 else "·"
            items.append(f"{mark}{text}" if self.lang == "zh" else f"({number}) {text}")
        return f"{lead}{self.pick('：', ': ')}{self.pick('，', ', ').join(items)}"

    def condition(self, question: Question, negated: bool = False) -> str:
        """Return one condition in words."""
        parts = (self.subject(question), self.wanted(question, negated))
        return (" " if self.lang != "zh" else "").join(part for part in parts if part)

    def subject(self, question: Question) -> str:
        """Return what a condition is about; nothing where its words say it all."""
        if isinstance(question, Compare):
            return self.value(question.left)
        if isinstance(question, Between | Within | When):
            return self.value(question.of)
        return self.name(question.feature) if isinstance(question, OneOf) else ""

    def title(self, question: Question) -> str:
        """Return a condition's heading in a table; the whole of it where it has no subject."""
        if isinstance(question, Is):
            return self.name(question.feature).removeprefix("是否")
        return self.subject(question) or self.condition(question)

    def wanted(self, question: Question, negated: bool = False) -> str:
        """Return what a condition asks for."""
        ways: dict[type, Callable[..., str]] = {
            Compare: self._compare,
            Between: self._between,
            OneOf: self._one_of,
            Listed: self._listed,
            Is: self._is,
            Holds: self._holds,
            Became: self._became,
            When: self._when,
            Within: self._within,
            FirstReach: self._first_reach,
            Streak: self._streak,
            Attested: self._attested,
            Known: self._known,
        }
        return ways[type(question)](question, negated)

    def _compare(self, question: Compare, negated: bool) -> str:
        op = _OPPOSITE[question.op] if negated else question.op
        left, right = question.left, question.right
        if isinstance(left, Rank) and isinstance(right, Constant) and not negated:
            text = right.text.removesuffix("个").strip()
            within = {"le": "以内", "lt": "之前"}.get(op, "")
            return self.pick(f"在第 {text} 名{within}", f"{_OPS[op][1]} {text}")
        words = _DAY_OPS if left.measure.kind is None else _OPS
        if isinstance(left, Against) and isinstance(right, Constant) and right.exact == 0:
            told = "0"
        else:
            told = self.bound(right)
        return self.pick(f"{words[op][0]}{told}", f"{words[op][1]} {told}")

    def bound(self, value: Value) -> str:
        """Return the right side of a condition; a share as per cent."""
        if isinstance(value, Constant) and value.measure == SHARE:
            from_share = value.exact
            return self.number(from_share, _PERCENT)
        return self.value(value)

    def _between(self, question: Between, negated: bool) -> str:
        ends = []
        for bound, edge in zip((question.low, question.high), question.edges, strict=True):
            within = edge in "[]"
            mark = self.pick("（含）", " (incl.)") if within else self.pick("（不含）", " (excl.)")
            ends.append(f"{self.bound(bound)}{mark}")
        deny = self.pick("不", "not ") if negated else ""
        return self.pick(
            f"{deny}在{ends[0]}至{ends[1]}之间", f"{deny}between {ends[0]} and {ends[1]}"
        )

    def _one_of(self, question: OneOf, negated: bool) -> str:
        known = self.catalogue.features.get(question.feature)
        names = known.tree.names() if known is not None and known.tree is not None else {}
        told = [
            f"{names.get(text, '')}（{text}）" if text in names else text for text in question.texts
        ]
        zh = {
            (False, False): "为",
            (False, True): "不是",
            (True, False): "属于",
            (True, True): "不属于",
        }
        en = {
            (False, False): "is",
            (False, True): "is not",
            (True, False): "under",
            (True, True): "not under",
        }
        key = (question.under, negated)
        return self.pick(f"{zh[key]}{'或'.join(told)}", f"{en[key]} {' or '.join(told)}")

    def _listed(self, question: Listed, negated: bool) -> str:
        label = self.catalogue.lists[question.name].named(self.lang)
        what = self.pick("", "the enterprise")
        if question.key != "enterprise":
            what = self.name(question.key)
        zh, en = ("不在", "is not on") if negated else ("在", "is on")
        return self.pick(f"{what}{zh}《{label}》内", f"{what} {en} the list “{label}”")

    def _is(self, question: Is, negated: bool) -> str:
        name, held = self.name(question.feature), question.wanted is not negated
        when = self.window(question.window)
        if self.lang != "zh":
            return f"{when} {name}: {'yes' if held else 'no'}".strip()
        plain = name.removeprefix("是否")
        if plain.startswith(_VERBS):
            return f"{when}{'' if held else '未'}{plain}"
        return f"{when}{'是' if held else '不是'}{plain}"

    def _holds(self, question: Holds, negated: bool) -> str:
        name = self.event_name(question.event) + self.levels(question.levels)
        day = self.day(question.on)
        zh, en = ("没有", "does not hold") if negated else ("持有", "holds")
        return self.pick(f"{day}{zh}有效的{name}", f"{en} a valid {name} on {day}")

    def _became(self, question: Became, negated: bool) -> str:
        name = self.event_name(question.event) + self.levels(question.levels)
        when = self.window(question.window)
        first = self.pick("首次", " for the first time") if question.first else ""
        zh, en = ("没有", "did not reach") if negated else ("", "reached")
        return self.pick(f"{when}{zh}{first}获得{name}", f"{en} {name} in {when} period{first}")

    def _when(self, question: When, negated: bool) -> str:
        when = self.window(question.window)
        zh, en = ("不在", "not within") if negated else ("在", "within")
        return self.pick(f"{zh}{when}内", f"{en} {when} period")

    def _within(self, question: Within, negated: bool) -> str:
        anchor, text = self.value(question.anchor), question.text
        deny = ("不", "not ") if negated else ("", "")
        side = {"after": ("之后", "after"), "before": ("之前", "before")}[question.side]
        return self.pick(
            f"{deny[0]}在{anchor}{side[0]} {text}内", f"{deny[1]}within {text} {side[1]} {anchor}"
        )

    def _first_reach(self, question: FirstReach, negated: bool) -> str:
        of, bound, since = self.value(question.of), self.bound(question.bound), question.since
        zh, en = ("没有", "does not reach") if negated else ("", "reaches")
        return self.pick(
            f"{of}{zh}首次达到{bound}（自{since}年算起）",
            f"{of} {en} {bound} for the first time since {since}",
        )

    def _streak(self, question: Streak, negated: bool) -> str:
        zh, en = _UNITS[question.of]
        deny = self.pick("并非", "not ") if negated else ""
        before, self.running = self.running, True
        told = self.condition(question.part.question)
        self.running = before
        n = question.n
        return self.pick(f"{deny}最近{n}{zh}每期{told}", f"{deny}in each of {n} {en} {told}")

    def _attested(self, question: Attested, negated: bool) -> str:
        zh, en = ("未经", "not attested by") if negated else ("经", "attested by")
        return self.pick(
            f"{zh}{question.by}认定：{question.text}", f"{en} {question.by}: {question.text}"
        )

    def _known(self, question: Known, negated: bool) -> str:
        of = self.value(question.of)
        return self.pick(
            f"{'没有' if negated else '有'}{of}的数据", f"{of} is {'not ' if negated else ''}known"
        )

    # --- one enterprise ---

    def having(self, result: LeafResult) -> str:
        """Return what the enterprise has on the left side of a condition."""
        seen, question = result.answer.left, result.leaf.question
        if seen.value is None:
            lacks = result.answer.lacks
            withheld = any(one.why is Why.WITHHELD for one in lacks)
            return (
                self.pick("企业未授权使用", "use not agreed")
                if withheld
                else self.pick("缺数据", "not known")
            )
        if isinstance(seen.value, bool):
            return self.pick("是", "yes") if seen.value else self.pick("否", "no")
        if isinstance(seen.value, date):
            return self.day_on(seen.value)
        of = question_value(question)
        if not isinstance(seen.value, Fraction) or of is None:
            return str(seen.value)
        if isinstance(of, Rank):
            return self.pick(f"第 {int(seen.value / 10_000)} 名", f"no. {int(seen.value / 10_000)}")
        return self.number(seen.value, of)

    def enough(self, result: LeafResult) -> str:
        """Return what would be enough for a condition that does not hold; nothing if it does."""
        if result.verdict is not Verdict.FALSE:
            return ""
        question, answer = result.leaf.question, result.answer
        left, right = answer.left.number, answer.right.number
        of = question.left if isinstance(question, Compare) else None
        if (
            of is not None
            and not isinstance(of, Rank)
            and left is not None
            and right is not None
            and left != right
        ):
            gap = self.number(abs(right - left), of)
            if right > left:
                return self.pick(f"再增加 {gap}", f"{gap} more")
            return self.pick(f"再减少 {gap}", f"{gap} less")
        return self.wanted(question, result.negated)


_PERCENT = Against("growth", Constant(Fraction(0), SHARE, ""), Constant(Fraction(0), SHARE, ""), "")


def question_value(question: Question) -> Value | None:
    """Return the value a condition is about, if it is about one."""
    if isinstance(question, Compare):
        return question.left
    if isinstance(question, Between | FirstReach | Known):
        return question.of
    if isinstance(question, Streak):
        return question_value(question.part.question)
    return None


def sentence(rule: Rule, catalogue: Catalogue, lang: str = "zh") -> str:
    """Return the whole rule as one sentence."""
    known = catalogue if rule.subject == "enterprise" else catalogue.of(rule.subject)
    words = Words(known, rule.period, lang)
    return words.node(rule.when) + ("。" if lang == "zh" else ".")


_WHY = {
    Why.MISSING: ("还没有报", "not reported"),
    Why.STALE: ("已过期", "out of date"),
    Why.WITHHELD: ("企业未授权使用", "use not agreed by the enterprise"),
    Why.BASE: ("基数为零或负数", "its base is not above zero"),
    Why.UNDATED: ("没有日期", "without a date"),
    Why.POPULATION: ("同比对象的数据不全", "too little is known of the others"),
    Why.ATTESTATION: ("等待认定", "waits to be attested"),
}


def lack_words(lack: Lack, words: Words) -> str:
    """Return what is missing and who owes it."""
    zh, en = _WHY[lack.why]
    events = words.catalogue.events
    name = words.event_name(lack.what) if lack.what in events else words.name(lack.what)
    owner = lack.owner and words.pick(f"（{lack.owner}）", f" ({lack.owner})")
    return words.pick(f"{name}{owner}{zh}", f"{name}{owner} {en}")
