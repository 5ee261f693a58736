"""Where a mistake stands, and small readings that say so."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from crm.common.quantity import QuantityError
from profiles.rules.catalogue import Catalogue, FeatureType
from profiles.rules.nodes import Leaf, Node, Value
from profiles.rules.windows import DAYS, Span, Window, read_window

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the place in the file (when.all[1].cmp) and a sentence."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}：{self.text}" if self.place else self.text


class Trees(Protocol):
    """Reads the conditions that stand inside values, and counts how deep it is."""

    def deeper(self, place: str) -> None:
        """Go one step down; raises RuleError beyond what anybody can read."""

    def back(self) -> None:
        """Come one step up."""

    def read(self, raw: Any, place: str) -> Node:
        """Return a tree."""

    def leaf(self, raw: Any, place: str) -> Leaf:
        """Return one condition."""

    def of(self, catalogue: Catalogue) -> "Trees":
        """Return a reader for what belongs to the subject."""

    def number(self, raw: Any, place: str) -> Value:
        """Return a value that is no day."""


class RuleError(Exception):
    """The rule is not well formed; every problem names its place and what to do."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(one) for one in problems))
        self.problems = problems


def wrong(place: str, text: str) -> RuleError:
    """Return the error of one mistake."""
    return RuleError(Problem(place, text))


def gather(calls: Iterable[Callable[[], T]]) -> tuple[T, ...]:
    """Return what all calls give; raise one RuleError with the problems of all that fail."""
    found: list[T] = []
    problems: list[Problem] = []
    for call in calls:
        try:
            found.append(call())
        except RuleError as error:
            problems += error.problems
    if problems:
        raise RuleError(*problems)
    return tuple(found)


def mapping(raw: Any, place: str, keys: Iterable[str], needed: Iterable[str] = ()) -> None:
    """Check that something is an object with these keys and no others."""
    if not isinstance(raw, dict):
        raise wrong(place, "这里要写一个 {…}。")
    if unknown := sorted(set(map(str, raw)) - set(keys)):
        raise wrong(place, f"不认识 {'、'.join(unknown)}。可用：{'、'.join(sorted(keys))}。")
    if lost := sorted(set(needed) - set(raw)):
        raise wrong(place, f"缺少 {'、'.join(lost)}。")


def several(raw: Any, place: str, count: int | None = None) -> list[Any]:
    """Return a list of so many parts (by default at least one)."""
    if not isinstance(raw, list) or not raw or (count is not None and len(raw) != count):
        wanted = f"{count} 项" if count is not None else "至少一项"
        raise wrong(place, f"这里要写一列，{wanted}，如 [… , …]。")
    return raw


def word(raw: Any, place: str, known: Iterable[str], what: str) -> str:
    """Return one of some words."""
    choices = list(known)
    if not isinstance(raw, str) or raw not in choices:
        shown = "、".join(choices[:12]) + ("…" if len(choices) > 12 else "")
        raise wrong(place, f"{what}“{raw}”不认识。可用：{shown or '（目录中还没有）'}。")
    return raw


def texts(raw: Any, place: str) -> tuple[str, ...]:
    """Return a text, or a list of them, as a tuple."""
    found = [raw] if isinstance(raw, str) else raw
    if not isinstance(found, list) or not found or not all(isinstance(v, str) for v in found):
        raise wrong(place, "这里要写一列文字，如 [“A”, “B”]。")
    return tuple(found)


def named(catalogue: Catalogue, raw: Any, place: str) -> FeatureType:
    """Return the type of a feature."""
    if not isinstance(raw, str) or raw not in catalogue.features:
        near = _near(str(raw), catalogue.features)
        raise wrong(place, f"没有叫“{raw}”的特征。{near}")
    return catalogue.features[raw]


def _near(name: str, known: Mapping[str, Any]) -> str:
    close = [one for one in known if name[:4] and one.startswith(name[:4])][:3]
    return f"是不是：{'、'.join(close)}？" if close else "请从数据目录中选。"


def window(raw: Any, place: str) -> Window:
    """Return a window."""
    if isinstance(raw, dict):
        return _between_days(raw, place)
    found = read_window(raw) if isinstance(raw, str) else None
    if found is None:
        raise wrong(
            place,
            f"不认识时段“{raw}”。可写：Y、Y-1、Y.Q1、Y.H1、Q、M、M-1、last_12_months、ytd、"
            "2024、2024-02、{“from”: “2024-02-01”, “to”: “2024-02-29”}。",
        )
    return found


def _between_days(raw: dict[str, Any], place: str) -> Window:
    mapping(raw, place, ("from", "to"), ("from", "to"))
    start, end = day_written(raw["from"], f"{place}.from"), day_written(raw["to"], f"{place}.to")
    if start > end:
        raise wrong(place, f"时段的起日 {start} 晚于止日 {end}。")
    return Window("span", span=Span(start, end))


def day_written(raw: Any, place: str) -> date:
    """Return a day written as 2024-08-31."""
    try:
        if not isinstance(raw, str) or len(raw) != 10:
            raise ValueError
        return date.fromisoformat(raw)
    except ValueError:
        known = "、".join(DAYS[:3])
        raise wrong(place, f"日期请写成 2024-08-31，或 {known}，现在是“{raw}”。") from None


def quantity(place: str, read: Callable[[], T]) -> T:
    """Return what a reading of a quantity gives, its mistake with the place."""
    try:
        return read()
    except QuantityError as problem:
        raise wrong(place, str(problem)) from None
    except (RecursionError, OverflowError):
        raise wrong(place, "数字太大。") from None
