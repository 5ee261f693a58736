"""A small catalogue, books of one enterprise, and short ways to ask them."""

from datetime import date, timedelta
from fractions import Fraction

from crm.common.quantity import Quantity
from profiles.rules import (
    Amount,
    Book,
    Catalogue,
    CodeTree,
    EventType,
    FeatureType,
    ListType,
    ParamType,
    Point,
    Shape,
    evaluate,
    parse,
)
from profiles.rules.windows import add_months

DAY = date(2024, 9, 12)
N, F, D, T = Shape.NUMBER, Shape.FLAG, Shape.DATE, Shape.TEXT
ABOVE = {"C": "", "39": "C", "3911": "39", "K": "", "70": "K"}
FEATURES = {
    "revenue": FeatureType(N, "万元", "营业收入", "revenue", "统计局", "month", "sum", 62),
    "main": FeatureType(N, "万元", "主营业务收入", "main revenue", "统计局", "year"),
    "rd": FeatureType(N, "万元", "研发经费", "R&D spending", "统计局", "year"),
    "power": FeatureType(N, "千瓦时", "用电量", "electricity", "供电公司", "month", "sum", 62),
    "staff": FeatureType(N, "人", "用工人数", "staff", "统计局", "month", "avg", 62),
    "assets": FeatureType(N, "万元", "资产总计", "assets", "统计局", "quarter", "last", 150),
    "land": FeatureType(N, "亩", "用地面积", "land", "自然资源局"),
    "flag": FeatureType(F, "", "是否规上单位", "above scale", "统计局", "month", "last", 62),
    "listed_bad": FeatureType(F, "", "是否列入失信名单", "on a bad list", "信用办", fresh_days=62),
    "level": FeatureType(T, label="等级", legal_values=("国家级", "省级", "市级", "无")),
    "industry": FeatureType(
        T, label="行业", tree=CodeTree(lambda: ABOVE, lambda: {"C": "制造业", "K": "房地产业"})
    ),
    "place": FeatureType(T, label="区域"),
    "until": FeatureType(D, label="有效期止", label_en="valid until", owner="科技局"),
    "since": FeatureType(D, label="入规日期", label_en="listed since", owner="统计局"),
}
PROJECT = {
    "equipment": FeatureType(N, "万元", "设备投资", "equipment", "发改委"),
    "filed": FeatureType(F, label="是否入库"),
}
CATALOGUE = Catalogue(
    FEATURES,
    {
        "hitech": EventType("高新技术企业资格", "high-tech status", "科技局"),
        "srdi": EventType("称号", "title", "经信局", ("市级", "省级", "国家级")),
    },
    {"closing": ListType("淘汰关停名单"), "3511": ListType("产业目录", keys=("industry",))},
    {"wage": ParamType("最低工资", "元", ("place",)), "rate": ParamType("系数", "")},
    {"listing": "上市奖励"},
    {"project": PROJECT},
)


def rule(when, catalogue=CATALOGUE, **more):
    return parse({"version": 2, "when": when, **more}, catalogue=catalogue)


def year(y):
    return date(y, 1, 1), date(y, 12, 31)


def month(y, m, last=None):
    """A month, or the months up to a last one (cumulative, from January usually)."""
    return date(y, m, 1), add_months(date(y, last or m, 1), 1) - timedelta(days=1)


def at(value, span=None, source="统计局"):
    """A value of a span, a number in whole units of its feature."""
    start, end = span or (DAY, DAY)
    plain = value * 10_000 if type(value) is int else value
    return Point(start, end, int(plain) if isinstance(plain, Fraction) else plain, source)


def book(**points):
    special = {k: points.pop(k) for k in list(points) if k in SPECIAL}
    found = {k: v if isinstance(v, list) else [at(v)] for k, v in points.items()}
    owners = {k: known.owner for k, known in FEATURES.items()} | {"hitech": "科技局"}
    return Book(**{"as_of": DAY, "points": found, "owners": owners, "key": "1", **special})


SPECIAL = (
    "spells",
    "lists",
    "params",
    "paid",
    "attested",
    "children",
    "withheld",
    "as_of",
    "key",
)


def judge(when, crowd=None, more=None, **points):
    return evaluate(rule(when, **(more or {})), book(**points), crowd)


def said(when, **points):
    return judge(when, **points).verdict.value


def steps(text):
    return Fraction(Quantity.parse(text).steps)


def amount(on, text, by=""):
    return Amount(on, steps(text), by)
