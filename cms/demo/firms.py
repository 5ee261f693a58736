"""One firm, one story: brand, trade, park, founding and size, from which its values follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cms.demo.courses import Course, table
from cms.demo.names import SECOND
from crm.rules import complete_uscc
from projects.enums import Stage

# The words of a trade in a firm's name.
WORDS = {
    "garment": ("服装", "服饰", "制衣"),
    "knit": ("针织", "针纺"),
    "cotton": ("纺织", "棉纺", "棉业"),
    "nonwoven": ("非织造布", "新材料"),
    "api": ("医药化工", "化学"),
    "pharma": ("药业", "生物科技"),
    "medical": ("医疗用品", "卫材"),
    "pump": ("泵业", "阀门"),
    "agrimach": ("农机", "机械"),
    "autopart": ("汽车零部件", "汽配"),
    "opto": ("光电", "电子"),
    "electric": ("电气", "新能源"),
    "food": ("食品", "农产品"),
    "plastic": ("塑业", "包装"),
    "ecom": ("电子商务", "服饰贸易"),
    "logistics": ("物流", "运输"),
    "software": ("软件", "信息技术"),
    "service": ("餐饮", "商务服务"),
}
FIRST = "瑞恒锦泽宏嘉润景岚沛卓启尚诺柏澜珩楚荆云晟铭骏邦盈朗翔炬拓辰禾麦棠晴"
# From when on a code began with what; before, it was made of the old organisation's digits.
ERAS = (
    (date(2023, 11, 1), "MAD"),
    (date(2022, 10, 1), "MAC"),
    (date(2022, 1, 1), "MAB"),
    (date(2021, 7, 1), "MA7"),
    (date(2015, 10, 1), "MA4"),
    (date(2014, 3, 1), "30"),
    (date(2012, 7, 1), "05"),
    (date(2011, 1, 1), "57"),
    (date(2010, 1, 1), "55"),
    (date(2007, 1, 1), "66"),
    (date(2001, 1, 1), "72"),
)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm before it is registered; revenue of 2023 and capital in 万元."""

    name: str
    brand: str
    trade: dict[str, str]
    park: str
    founded: date
    uscc: str
    revenue: float
    staff: int
    growth: float
    capital: int

    @property
    def code(self) -> str:
        """The four-digit industry."""
        return self.trade["code"]

    @property
    def above_scale(self) -> bool:
        """Whether it is large enough for the statistics register."""
        return self.revenue >= 2000


def plan(rng: Random, wanted: int, courses: list[Course]) -> tuple[list[Firm], list[Firm]]:
    """Draw so many firms and return them with the investor of each course, in its order.

    The first firm is the one of the portal account. A new company is founded when its project
    reached that stage; who invests again was there long before.
    """
    names = _Names(rng)
    trades = {row["key"]: row for row in table("industries")}
    firms = [_showcase(trades["pump"])]
    investors = []
    older: dict[str, list[Firm]] = {}
    for number, course in enumerate(courses):
        trade = trades[course.trade]
        lead = course.days[Stage.LEAD]
        if course.trade == "pump" and firms[0] not in investors and lead.year > 2021:
            investors.append(firms[0])
            continue
        known = [row for row in older.get(course.trade, []) if row.founded < lead]
        if not course.new_company and known and (len(known) > 2 or number % 3):
            investors.append(rng.choice(known))
            continue
        founded = course.days.get(Stage.REGISTERED) if course.new_company else None
        if founded is None:
            founded = lead - timedelta(days=rng.randint(900, 5000))
            firm = _firm(rng, names, trade, max(founded, date(2003, 3, 3)), len(firms), True)
            older.setdefault(course.trade, []).append(firm)
        else:
            firm = _firm(rng, names, trade, founded, len(firms), True)
        firms.append(firm)
        investors.append(firm)
    kinds = list(trades.values())
    weights = [int(row["firms"]) for row in kinds]
    while len(firms) < wanted:
        trade = rng.choices(kinds, weights)[0]
        founded = date(2003, 1, 6) + timedelta(days=int(7000 * rng.random() ** 0.7))
        firms.append(_firm(rng, names, trade, founded, len(firms), False))
    return firms, investors


def _firm(
    rng: Random, names: "_Names", trade: dict[str, str], founded: date, number: int, large: bool
) -> Firm:
    brand, name = names.take(trade)
    revenue = min(rng.lognormvariate(7.9 if large else 6.9, 0.95), 90_000.0)
    per_head = float(trade["revenue_per_head_wan"]) * rng.uniform(0.82, 1.2)
    places = [trade["park"]] if rng.random() < 0.7 else trade["other_parks"].split(";")
    capital = rng.choice((50, 100, 200, 300, 500, 800, 1000, 1188, 2000, 3000, 5000))
    return Firm(
        name=name,
        brand=brand,
        trade=trade,
        park=rng.choice([place for place in places if place] or [trade["park"]]),
        founded=founded,
        uscc=_uscc(founded, number),
        revenue=round(revenue, 2),
        staff=max(3, round(revenue / per_head)),
        growth=rng.choice((0.18, 0.12, 0.08, 0.04, 0.02, 0.0, -0.03, -0.08)),
        capital=capital,
    )


def _showcase(trade: dict[str, str]) -> Firm:
    """Return the firm of the portal account."""
    return Firm(
        name="湖北江汉泵业有限公司",
        brand="江汉",
        trade=trade,
        park="装备制造产业园",
        founded=date(2016, 5, 18),
        uscc="91429006MA4TE5T05F",
        revenue=8640,
        staff=132,
        growth=0.11,
        capital=3000,
    )


def _uscc(founded: date, number: int) -> str:
    """Return a valid made-up code of the founding year, in a block given to nobody real."""
    head = next(code for since, code in ERAS if founded >= since)
    if not head.startswith("MA"):
        body = f"99{number:04d}" if number < 10_000 else f"{number:06d}"
        return complete_uscc("91429006", head + body)
    places = []
    for _place in range(4):
        number, low = divmod(number, len(ALPHABET))
        places.append(low)
    # The block begins at E; the fifth ten thousand firms of a large city stand in the next ones.
    letters = [places[0], places[1], places[2], places[3] + ALPHABET.index("E")]
    return complete_uscc(
        "91429006", f"{head}T{''.join(ALPHABET[one] for one in reversed(letters))}"
    )


class _Names:
    """Gives out brands and names, each once: those of the trade first, then made-up ones."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.taken = rng, {"江汉泵业"}
        self.listed: dict[str, Iterator[str]] = {}

    def take(self, trade: dict[str, str]) -> tuple[str, str]:
        """Return a brand and the full name of a firm that carries it."""
        rng, key = self.rng, trade["key"]
        listed = self.listed.setdefault(key, iter(trade["brands"].split(";")))
        brand = next((row for row in listed if row not in self.taken), "")
        while not brand or brand in self.taken or brand.startswith("江汉"):
            brand = rng.choice(FIRST) + rng.choice(SECOND)
            if brand in self.taken:
                brand += rng.choice(FIRST)
        word = ""
        self.taken.add(brand)
        if not any(brand.endswith(part) for part in WORDS[key]):
            word = rng.choice(WORDS[key])
        place = rng.choice(("湖北", "天门市", "天门市", "天门"))
        return brand, f"{place}{brand}{word}有限公司"
