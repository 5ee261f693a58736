"""Windows, days and values in words, Chinese and English."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from crm.common.quantity import SCALE, Quantity, half_up, steps_in
from profiles.rules.catalogue import Catalogue
from profiles.rules.measures import WHOLE, Constant, Day
from profiles.rules.nodes import (
    Against,
    Arithmetic,
    EventValue,
    Node,
    OfEach,
    Paid,
    Param,
    Population,
    Rank,
    Ratio,
    Series,
    Value,
)
from profiles.rules.windows import Period, Span, Window

_LAST = {
    "Y": (["当年", "上年", "前年"], ["this year's", "last year's", "the year before last's"]),
    "Q": (["本季度", "上季度", "上上季度"], ["this quarter's", "last quarter's", ""]),
    "M": (["本月", "上月", "上上月"], ["this month's", "last month's", ""]),
}
_PARTS = {
    "H1": ("上半年", "first half of"),
    "H2": ("下半年", "second half of"),
    "Q1": ("一季度", "first quarter of"),
    "Q2": ("二季度", "second quarter of"),
    "Q3": ("三季度", "third quarter of"),
    "Q4": ("四季度", "fourth quarter of"),
}
_UNIT = {"Y": ("年", "years"), "Q": ("季度", "quarters"), "M": ("个月", "months")}


class ValueWords:
    """Says values with the names of a catalogue and the periods of a rule."""

    def __init__(self, catalogue: Catalogue, period: Period, lang: str = "zh") -> None:
        self.catalogue, self.period, self.lang = catalogue, period, lang
        self.running = False

    def pick(self, zh: str, en: str) -> str:
        """Return the phrase of the language."""
        return zh if self.lang == "zh" else en

    # --- time ---

    def window(self, window: Window | None) -> str:
        """Return a window in words; nothing for the newest value."""
        if window is None:
            return ""
        if window.letter in _LAST:
            return self._shifted(window, self._relative(window))
        if window.letter == "span" and window.span is not None:
            return self._span(window.span.moved(window.shift))
        if window.letter == "rolling":
            text = self.pick(f"近{window.months}个月", f"the last {window.months} months'")
            return self._shifted(window, text)
        zh, en = {"ytd": ("今年以来", "this year's"), "ever": ("历年", "all years'")}[window.letter]
        return self._shifted(window, self.pick(zh, en))

    def _shifted(self, window: Window, text: str) -> str:
        if not window.shift:
            return text
        if window.shift == -12:
            return self.pick(f"{text}的上年同期", f"{text} (a year before)")
        return self.pick(f"{text}之前同长的时段", f"{text} (the stretch before)")

    def _relative(self, window: Window) -> str:
        if self.running:
            return self._running(window)
        name = self.period.name(window.letter)
        if name.isdigit():
            year = int(name) - window.back
            return self._part(window.part, f"{year}年", f"{year}")
        back = window.back + (1 if name.startswith("last") else 0)
        words = _LAST[window.letter][0 if self.lang == "zh" else 1]
        zh_unit, en_unit = _UNIT[window.letter]
        text = words[back] if back < len(words) else ""
        text = text or self.pick(f"{back}{zh_unit}前", f"the {en_unit[:-1]} {back} {en_unit} ago's")
        return self._part(window.part, text, text)

    def _running(self, window: Window) -> str:
        """Return a window as each period of a streak sees it."""
        zh, en = {"Y": ("年", "year"), "Q": ("季", "quarter"), "M": ("月", "month")}[window.letter]
        if window.back > 1:
            text = self.pick(
                f"{window.back}{_UNIT[window.letter][0]}前", f"{window.back} before its"
            )
        else:
            unit = {"年": "年", "季": "季度", "月": "个月"}[zh]
            text = self.pick(f"上一{unit}", f"the {en} before's") if window.back else ""
            text = text or self.pick(f"当{zh}", f"the {en}'s")
        return self._part(window.part, text, text)

    def _part(self, part: str, zh: str, en: str) -> str:
        if not part:
            return self.pick(zh, en)
        if part in _PARTS:
            return self.pick(zh + _PARTS[part][0], f"{_PARTS[part][1]} {en}")
        return self.pick(f"{zh}{int(part[1:])}月", f"month {int(part[1:])} of {en}")

    def _span(self, span: Span) -> str:
        first, last = span.start, span.end
        whole = first.day == 1 and (last + timedelta(days=1)).day == 1 and first.year == last.year
        if whole and (first.month, last.month) == (1, 12):
            return self.pick(f"{first.year}年", f"{first.year}")
        if whole and first.month == last.month:
            return self.pick(f"{first.year}年{first.month}月", f"{first:%Y-%m}")
        return self.pick(f"{self.day_on(first)}至{self.day_on(last)}", f"{first} to {last}")

    def day_on(self, day: date) -> str:
        """Return a day."""
        return self.pick(f"{day.year}年{day.month}月{day.day}日", day.isoformat())

    def day(self, day: Day) -> str:
        """Return a day as a rule names it."""
        if day.on is not None:
            return self.day_on(day.on)
        if day.window == "today":
            return self.pick("判断当日", "the day of judging")
        letter, _dot, edge = day.window.partition(".")
        whole = self.window(Window(letter))
        if edge == "start":
            return self.pick(f"{whole}初", f"the start of {whole}")
        return self.pick(f"{whole}末", f"the end of {whole}")

    # --- values ---

    def value(self, value: Value) -> str:
        """Return a value in words."""
        ways: dict[type, Callable[..., str]] = {
            Constant: self._constant,
            Day: self.day,
            Series: self._series,
            Against: self._against,
            Ratio: self._ratio,
            Arithmetic: self._arithmetic,
            Param: self._param,
            Rank: self._rank,
            Population: self._population,
            EventValue: self._event,
            Paid: self._paid,
            OfEach: self._each,
        }
        return ways[type(value)](value)

    def name(self, feature: str) -> str:
        """Return a feature's name; one of a child subject is looked for there."""
        places = [self.catalogue.features, *self.catalogue.subjects.values()]
        found = next((place[feature] for place in places if feature in place), None)
        return (found.named(self.lang) if found else "") or feature

    def event_name(self, event: str) -> str:
        """Return an event's name."""
        known = self.catalogue.events.get(event)
        return known.named(self.lang) if known else event

    def _constant(self, value: Constant) -> str:
        return value.text

    def _series(self, value: Series) -> str:
        name, when = self.name(value.feature), self.window(value.window)
        if value.agg == "days":
            return self.pick(f"{when}日均{name}", f"{when} daily {name}")
        if value.agg == "max":
            return self.pick(f"{when}{name}最高值", f"{when} highest {name}")
        if self.lang != "zh":
            return f"{when} {name}".strip()
        return f"{when}{name}"

    def _against(self, value: Against) -> str:
        now, base = self.value(value.now), self._time_of(value.base)
        if value.how == "growth":
            return self.pick(f"{now}比{base}的增幅", f"growth of {now} over {base}")
        return self.pick(f"{now}比{base}的增量", f"increase of {now} over {base}")

    def _time_of(self, value: Value) -> str:
        """Return the window of a value that is held against."""
        if isinstance(value, Series):
            return self.window(value.window)
        parts = value.parts if isinstance(value, Arithmetic) else ()
        if isinstance(value, Ratio):
            parts = (value.top,)
        return next((self._time_of(part) for part in parts), "")

    def _ratio(self, value: Ratio) -> str:
        top, base = self.value(value.top), self.value(value.base)
        if value.top.measure == value.base.measure:
            return self.pick(f"{top}占{base}的比重", f"{top} as a share of {base}")
        return self.pick(f"{top}与{base}之比", f"{top} per {base}")

    def _arithmetic(self, value: Arithmetic) -> str:
        parts = [self.value(part) for part in value.parts]
        several = self.pick("、", ", ").join(parts)
        return {
            "add": self.pick(f"{'与'.join(parts)}之和", f"the sum of {several}"),
            "sub": self.pick("减".join(parts), " less ".join(parts)),
            "times": self.pick(f"{parts[0]}的{_share(parts[-1])}", " times ".join(parts)),
            "min": self.pick(f"{several}中较低的", f"the lowest of {several}"),
            "max": self.pick(f"{several}中较高的", f"the highest of {several}"),
        }[value.op]

    def _param(self, value: Param) -> str:
        label = self.catalogue.params[value.name].label
        return self.pick(f"{self.window(value.window)}{label}", f"{label}")

    def _rank(self, value: Rank) -> str:
        of, whom = self.value(value.of), self.whom(value.within)
        order = self.pick(
            *(("由高到低", "high to low"), ("由低到高", "low to high"))[value.order == "asc"]
        )
        return self.pick(f"{of}在{whom}中{order}的名次", f"place of {of} among {whom}, {order}")

    def _population(self, value: Population) -> str:
        of, whom = self.value(value.of), self.whom(value.within)
        what = self.pick(*{"mean": ("平均值", "mean"), "median": ("中位数", "median")}[value.what])
        return self.pick(f"{whom}的{of}{what}", f"{what} of {of} among {whom}")

    def whom(self, within: Node | None) -> str:
        """Return among whom something is ranked or averaged."""
        if within is None:
            return self.pick("全部企业", "all enterprises")
        told = self.tree(within)
        return self.pick(f"符合“{told}”的企业", f"enterprises with “{told}”")

    def tree(self, node: Node) -> str:
        """Return a tree in words (of the subclass that knows conditions)."""
        raise NotImplementedError

    def levels(self, levels: tuple[str, ...]) -> str:
        """Return levels in brackets, if any."""
        if not levels:
            return ""
        return self.pick(f"（{'、'.join(levels)}）", f" ({', '.join(levels)})")

    def _event(self, value: EventValue) -> str:
        name = self.event_name(value.event) + self.levels(value.levels)
        return {
            "first": self.pick(f"首次获得{name}的日期", f"the first day of {name}"),
            "last": self.pick(f"最近一次获得{name}的日期", f"the last day of {name}"),
            "count": self.pick(f"获得{name}的次数", f"the number of times of {name}"),
        }[value.get]

    def _paid(self, value: Paid) -> str:
        label = self.catalogue.payments.get(value.tag, value.tag)
        who = self.pick("各级", " from any level") if value.by == "any level" else ""
        when = self.window(value.window)
        return self.pick(f"{when}已得{who}“{label}”金额", f"{when} payments of “{label}”{who}")

    def _each(self, value: OfEach) -> str:
        each = {"project": self.pick("项目", "projects"), "person": self.pick("人员", "persons")}
        name = each.get(value.each, value.each)
        if value.where is not None:
            told = self.tree(value.where)
            name = self.pick(f"符合“{told}”的{name}", f"{name} with “{told}”")
        if value.of is None:
            return self.pick(f"{name}数", f"the number of {name}")
        return self.pick(f"{name}的{self.value(value.of)}合计", f"{self.value(value.of)} of {name}")

    # --- numbers ---

    def unit(self, value: Value) -> str:
        """Return the unit in which a value is shown."""
        if isinstance(value, Series):
            return value.unit
        if isinstance(value, Against):
            return "%" if value.how == "growth" else self.unit(value.now)
        if isinstance(value, Ratio):
            same = value.top.measure == value.base.measure
            return "%" if same else f"{self.unit(value.top)}/{self.unit(value.base)}"
        if isinstance(value, Arithmetic):
            return self.unit(value.parts[0])
        if isinstance(value, Population | OfEach) and value.of is not None:
            return self.unit(value.of)
        if isinstance(value, Param):
            return self.catalogue.params[value.name].unit
        return "万元" if isinstance(value, Paid) else "个"

    def number(self, exact: Fraction, value: Value) -> str:
        """Return a number in a value's unit, as it is read."""
        unit = self.unit(value)
        if unit == "%":
            hundredths = half_up(exact * SCALE / WHOLE)
            return str(Quantity.from_e4(hundredths * 100, "%"))
        top, slash, base = unit.partition("/")
        if slash and value.measure.per is not None:
            e4 = half_up(exact * SCALE * steps_in(base) / steps_in(top))
            return f"{Quantity.from_e4(e4, top)}/{base}"
        return str(Quantity.from_e4(half_up(exact * SCALE / steps_in(unit)), unit))


def _share(text: str) -> str:
    """Return a share that was written as 0.6 as 60%."""
    try:
        return str(Quantity.parse(text).to("%"))
    except ValueError:
        return text
