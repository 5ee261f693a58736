"""What the words above a column say: an indicator, a unit, a period, or that it is compared."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from profiles.services.tables.cells import fold
from profiles.services.tables.periods import Span, find_spans
from profiles.services.tables.units import known_unit, units_in_line

_CODE = re.compile(r"社会信用(?:代码|码|号)|信用代码|纳税人识别号|统一代码|^税号$")
_NAME = re.compile(
    r"(?:企业|单位|公司|纳税人|用户|客户|参保单位|缴费单位|缴存单位|机构|法人单位|市场主体)?"
    r"(?:详细|法定)?(?:名称|全称)(?:\(.*\))?|户名|企业|用户|公司|纳税人"
)
_PERIOD = re.compile(
    r"月份|年月|年份|年度|(?:税款)?所属(?:期间?|时期|月份?)|报告期|期间|统计月份|数据期"
)
_UNIT = re.compile(r"单位|计量单位|数据单位|金额单位")
_ITEM = re.compile(r"(?:指标|项目|要素项?|数据项)(?:名称)?")
_VALUE = re.compile(r"(?:指标)?(?:数值|数据|值|数量|数额|金额|本期数?|本月数?)")
_ASIDE = re.compile(
    r"备注|说明|附注|(?:所属|所在)?(?:区域|乡镇|街道|地区|园区|镇街|镇办)|(?:详细|注册|经营|企业)?地址|"
    r"(?:所属)?行业(?:名称|代码|大类|门类)?|(?:国民经济)?行业类别|联系人|联系方式|(?:联系|手机|固定)?电话|手机号?码?|"
    r"法人|法定代表人|负责人|经办人|填表人|邮编|邮政编码|户号|用户编号|客户编号|管户员|主管税务机关|税务机关|"
    r"登记注册类型|代码|电压等级|抄表日期|填报日期|制表日期|上报日期|是否填报|排名|名次|主要产品"
)
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")
_DERIVED = re.compile(r"同比|环比|增长|增速|增幅|增减|±|占比|比重|排名|完成率|增加额|下降")
_EARLIER = re.compile(
    r"(?:上年|去年)(?:同期|同月|同季)?(?:数|累计)?|同期数?|上期数?|上月数?|上季数?|年初数?|期初数?"
)
_CUMULATIVE = re.compile(
    r"(?:本年|全年|今年|年初|年度|自年初)?(?:起|以来|至今)?累计(?:数|值|额)?|1-本月(?:数|累计)?|年初至今"
)
_CURRENT = re.compile(
    r"(?:本|当)(?:月|期|季度?|年)(?:末|数|值|实际|发生)?(?:数|值|额)?|(?:月|期|季|年)末(?:数|值)?|单月"
)
_FILLER = re.compile(
    r"(?:其中)?[::·_\-/、,]*(?:数|值|数值|数据|金额|实际|实际数|完成|完成数|情况)?"
)


class Role(StrEnum):
    """What of an indicator a column holds."""

    CURRENT = "current"
    CUMULATIVE = "cumulative"
    EARLIER = "earlier"
    DERIVED = "derived"


@dataclass(slots=True)
class Head:
    """The words above a column, taken apart; `key` is what is remembered of them."""

    key: str
    names: list[str]
    unit: str = ""
    spans: tuple[Span, ...] = ()
    role: Role = Role.CURRENT
    says_now: bool = False


def words(cell: object) -> str:
    """Return a head's cell without blanks, line breaks and stars."""
    return re.sub(r"[\s*※★]+", "", fold(cell)) if isinstance(cell, str) else fold(cell)


def is_code(cell: object) -> bool:
    """Say whether a cell heads the column of credit codes."""
    text = words(cell)
    return len(text) <= 26 and not re.match(r"注|说明|请|填", text) and bool(_CODE.search(text))


def is_name(cell: object) -> bool:
    """Say whether a cell heads the column of names."""
    return bool(_NAME.fullmatch(words(cell)))


def names_period(text: str) -> bool:
    """Say whether a column holds each row's own period."""
    return bool(_PERIOD.fullmatch(text))


def names_unit(text: str) -> bool:
    """Say whether a column holds each row's unit."""
    return bool(_UNIT.fullmatch(text))


def names_item(text: str) -> bool:
    """Say whether a column holds names of indicators."""
    return bool(_ITEM.fullmatch(text))


def names_value(text: str) -> bool:
    """Say whether a column holds the values of named indicators."""
    return bool(_VALUE.fullmatch(_BRACKET.sub("", text)))


def is_number(text: str) -> bool:
    """Say whether a column numbers the rows."""
    return bool(re.fullmatch(r"序号?|编号|行号|NO\.?", text, re.I))


def is_aside(text: str) -> bool:
    """Say whether a column is one of those tables carry along: number, remark, address."""
    return bool(_ASIDE.fullmatch(_BRACKET.sub("", text)))


def read_head(parts: list[str], known: Callable[[str], bool]) -> Head:
    """Take the words above a column apart; `known` says whether words name an indicator."""
    head = Head("·".join(parts)[:120], [])
    for part in parts:
        text = _unit_taken(head, part, known)
        if known(text):
            head.names.append(text)
            continue
        rest = _period_taken(head, text)
        if rest and not _FILLER.fullmatch(rest):
            head.names.append(_unit_taken(head, rest, known))
    return head


def name_of(head: Head, known: Callable[[str], bool]) -> str:
    """Return the indicator's name among a head's words: the lowest line's, or all joined."""
    if not head.names:
        return ""
    for name in (head.names[-1], "".join(head.names), "".join(head.names[-2:])):
        if known(name):
            return name
    return ""


def _unit_taken(head: Head, part: str, known: Callable[[str], bool]) -> str:
    """Return the words without their unit, which goes into the head."""
    text = part
    while not known(text):
        found = _BRACKET.search(text)
        if found is None:
            break
        _bracket(head, found[1])
        text = text[: found.start()]
    if known(text) or not text:
        return text
    if known_unit(text):
        head.unit = head.unit or text
        return ""
    if (found := re.fullmatch(r"(.+?)[/,、::_-]([^/,、::_-]+)", text)) and known_unit(found[2]):
        head.unit = head.unit or found[2]
        return found[1]
    for cut in range(len(text) - 1, max(0, len(text) - 6), -1):
        if known_unit(text[cut:]) and known(text[:cut]):
            head.unit = head.unit or text[cut:]
            return text[:cut]
    return text


def _bracket(head: Head, inner: str) -> None:
    line = units_in_line(inner)
    if line:
        head.unit = head.unit or line[0]
    elif known_unit(inner) or (inner and _period_taken(head, inner)):
        head.unit = head.unit or inner


def _period_taken(head: Head, text: str) -> str:
    """Return the words without what they say of time, which goes into the head."""
    if _DERIVED.search(text):
        head.role = Role.DERIVED
        return ""
    spans = find_spans(text)
    if spans and not head.spans:
        head.spans = tuple(spans)
    rest = re.sub(
        r"(?:20\d\d)?年?第?[\d一二三四十-]+(?:月份?|季度)(?:末)?|20\d\d年度?|[上下]半年", "", text
    )
    for role, pattern in ((Role.EARLIER, _EARLIER), (Role.CUMULATIVE, _CUMULATIVE)):
        if found := pattern.search(rest):
            head.role = Role.EARLIER if head.role is Role.EARLIER else role
            rest = rest[: found.start()] + rest[found.end() :]
    if found := _CURRENT.search(rest):
        head.says_now = True
        rest = rest[: found.start()] + rest[found.end() :]
    return rest.strip("·-_/:,、()")
