"""The demo city's data: what the departments reported, batch by batch."""

import calendar
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from cms.demo.days import CUTOFF
from cms.demo.world import World
from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.common.quantity import SCALE
from crm.models import Enterprise
from crm.selectors import department_called
from profiles.enums import PeriodKind, ValueType
from profiles.models import IndicatorVersion
from profiles.services import (
    Value,
    import_table,
    load_indicators,
    record_values,
    take_over_consents,
)

SYSTEM = system_actor("demo city")
MONTHS = [date(2023, 12, 1)] + [date(2024, month, 1) for month in range(1, 8)]
QUARTERS = [date(2024, 1, 1), date(2024, 4, 1)]
YEARS = [date(2022, 1, 1), date(2023, 1, 1)]
# Enterprises reported on every month (规上 and watched), and those of rarer indicators.
WATCHED, SAMPLED = 400, 60
CORE_MONTHLY = [
    "taxable_sales",
    "invoiced_sales",
    "tax_paid_total",
    "vat_paid",
    "gross_output",
    "operating_revenue",
    "operating_cost",
    "total_profit",
    "staff_avg",
    "electricity_kwh",
    "electricity_fee",
    "water_m3",
    "gas_m3",
    "insured_headcount",
    "loan_balance",
    "above_scale_flag",
    "dishonest_debtor_flag",
    "wage_arrears_cases",
]
CORE_YEARLY = [
    "main_revenue",
    "rd_spend_stat",
    "tax_credit_grade",
    "rd_super_deduction",
    "rd_headcount",
    "tech_sme_flag",
]
# The three files below bring July's values of these for the first enterprises.
IN_FILES = frozenset(
    [
        "taxable_sales",
        "invoiced_sales",
        "vat_paid",
        "gross_output",
        "operating_revenue",
        "staff_avg",
        "electricity_kwh",
        "electricity_fee",
    ]
)
FILED = 40
FILES = (
    ("税务局", "税务局-2024年7月纳税情况.xlsx"),
    ("统计局", "统计局-2024年7月规上工业.xlsx"),
    ("供电公司", "供电公司-2024年7月用电.xlsx"),
)
FOLDER = Path(__file__).resolve().parent / "data" / "departments"
CATEGORIES = {
    "reg_status": ("存续", "在业"),
    "enterprise_type": ("有限责任公司", "股份有限公司"),
    "vat_taxpayer_type": ("一般纳税人", "小规模纳税人"),
    "tax_credit_grade": ("A", "B", "B", "M", "C"),
    "tax_status": ("正常",),
    "eia_type": ("报告表", "登记表", "报告书"),
    "discharge_permit_type": ("登记管理", "简化管理", "重点管理"),
    "env_credit_grade": ("环保良好", "环保诚信", "环保警示"),
    "accident_level": ("无事故",),
    "safety_standard_grade": ("三级", "二级", "未达标"),
    "customs_credit_grade": ("注册登记和备案企业", "高级认证企业"),
    "rd_platform_level": ("无", "市级", "省级"),
    "srdi_level": ("无", "创新型中小企业", "专精特新中小企业", "专精特新小巨人企业"),
    "green_factory_level": ("无", "市级", "省级"),
    "smart_factory_level": ("无", "省级"),
    "listing_stage": ("无", "股改", "辅导"),
    "public_credit_grade": ("A", "B", "B", "C"),
    "agri_leading_level": ("无", "市级", "省级"),
}
# Of so many enterprises so many have each word above: honours are rare in a city.
HONOURED = {
    "customs_credit_grade": (1293, 3),
    "srdi_level": (1108, 118, 62, 8),
    "green_factory_level": (1265, 22, 9),
    "smart_factory_level": (1290, 6),
    "agri_leading_level": (1236, 42, 18),
}
# Days on which certificates of 高新技术企业 were issued; each holds for three years.
HITECH_DAYS = ("2021-11-15", "2021-12-03", "2022-11-09", "2022-11-29", "2023-10-16", "2023-12-08")
HITECH_SHARE = 0.42


@dataclass(frozen=True, slots=True)
class _Firm:
    """The size from which all of an enterprise's figures follow; revenue in 万元 a year."""

    enterprise: Enterprise
    revenue: float
    staff: int
    growth: float
    filed: bool


def seed(world: World) -> None:
    """Load the catalogue and what the departments reported until the end of August."""
    load_indicators()
    indicators = (
        IndicatorVersion.objects.in_force(CUTOFF)
        .select_related("indicator", "department")
        .order_by("indicator_id")
    )
    _consents(world)
    filed = set(sorted(row.pk for row in world.enterprises)[:FILED])
    firms = [_firm(world, enterprise, filed) for enterprise in world.enterprises]
    by_batch: dict[tuple[str, date, str], list[Value]] = {}
    for indicator in indicators:
        for start, value in _values(world, indicator, firms):
            key = (indicator.department.code, start, indicator.period)
            by_batch.setdefault(key, []).append(value)
    for (code, start, kind), values in sorted(by_batch.items()):
        end = _span(start, kind)[1]
        reported = min(end + timedelta(days=9), date(2024, 8, 28))
        department = world.departments[code]
        name = f"{department.short_name}-{_spoken(start, kind)}.xlsx"
        record_values(
            actor=SYSTEM,
            department=department,
            name=name,
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            values=values,
            at=world.moment(reported, 10),
        )
    _files(world)


def _consents(world: World) -> None:
    """Most firms signed the sheet of the campaign of spring 2023; a few did not."""
    rng = Random("consents")
    signed = [(row, row.legal_representative) for row in world.enterprises if rng.random() < 0.9]
    at = world.moment(date(2023, 3, 20), 10)
    take_over_consents(actor=SYSTEM, enterprises=signed, at=at)


def _firm(world: World, enterprise: Enterprise, filed: set[int]) -> _Firm:
    plan = world.firms[enterprise.pk]
    return _Firm(enterprise, plan.revenue, plan.staff, plan.growth, enterprise.pk in filed)


def _spoken(start: date, kind: str) -> str:
    """Return a period as departments write it into the names of their files."""
    if kind == PeriodKind.YEAR:
        return f"{start.year}年度"
    if kind == PeriodKind.QUARTER:
        return f"{start.year}年{'一二三四'[start.month // 3]}季度"
    if kind == PeriodKind.MONTH:
        return f"{start.year}年{start.month}月"
    return f"截至{start.year}年{start.month}月{start.day}日"


def _span(start: date, kind: str) -> tuple[date, date]:
    if kind == PeriodKind.MONTH:
        return start, start.replace(day=calendar.monthrange(start.year, start.month)[1])
    if kind == PeriodKind.QUARTER:
        last = start.month + 2
        return start, date(start.year, last, calendar.monthrange(start.year, last)[1])
    if kind == PeriodKind.YEAR:
        return start, date(start.year, 12, 31)
    return start, start


def _values(
    world: World, indicator: IndicatorVersion, firms: list[_Firm]
) -> Iterator[tuple[date, Value]]:
    """Yield the values of one indicator with the first day of their period."""
    for start in _periods(indicator):
        for index, firm in enumerate(firms[: _reach(indicator)]):
            if indicator.code in IN_FILES and firm.filed and start == MONTHS[-1]:
                continue
            number, text = _value(world, indicator, firm, start)
            if number is None and not text:
                continue
            first, last = _span(start, indicator.period)
            yield (
                start,
                Value(
                    enterprise_id=firm.enterprise.pk,
                    indicator_id=indicator.indicator_id,
                    period_start=first,
                    period_end=last,
                    number_e4=number,
                    text=text,
                    row=index + 4,
                ),
            )


def _periods(indicator: IndicatorVersion) -> list[date]:
    if indicator.period == PeriodKind.MONTH:
        return MONTHS if indicator.code in CORE_MONTHLY else MONTHS[-1:]
    if indicator.period == PeriodKind.QUARTER:
        return QUARTERS
    if indicator.period == PeriodKind.YEAR:
        return YEARS if indicator.code in CORE_YEARLY else YEARS[-1:]
    return [date(2024, 7, 31)]


def _reach(indicator: IndicatorVersion) -> int:
    if indicator.period == PeriodKind.SNAPSHOT:
        return 100_000 if indicator.value_type != ValueType.DATE else WATCHED
    if indicator.code in CORE_MONTHLY or indicator.code in CORE_YEARLY:
        return WATCHED
    return SAMPLED


def _value(
    world: World, indicator: IndicatorVersion, firm: _Firm, start: date
) -> tuple[int | None, str]:
    rng, kind = world.rng, indicator.value_type
    own = SHOWCASE.get(indicator.code) if firm.enterprise == world.enterprises[0] else None
    if own is not None:
        return (None, own) if isinstance(own, str) else (own, "")
    if kind == ValueType.CATEGORY:
        if indicator.code == "industry_code":
            return None, firm.enterprise.industry.code if firm.enterprise.industry else ""
        words = CATEGORIES[indicator.code]
        return None, rng.choices(words, HONOURED.get(indicator.code))[0]
    if kind == ValueType.DATE:
        return None, _date(world, indicator, firm)
    if kind == ValueType.BOOL:
        if indicator.code == "above_scale_flag":
            return SCALE if firm.revenue >= 2000 else 0, ""
        return SCALE if rng.random() < (0.3 if "sme" in indicator.code else 0.02) else 0, ""
    number = _number(world, indicator, firm, start)
    return int(round(number) * SCALE if kind == ValueType.INT else round(number, 2) * SCALE), ""


def _date(world: World, indicator: IndicatorVersion, firm: _Firm) -> str:
    if indicator.code == "establishment_date" and firm.enterprise.established_on:
        return firm.enterprise.established_on.isoformat()
    if indicator.code in ("hitech_cert_date", "hitech_expiry_date"):
        return _hitech(indicator.code, firm.enterprise.uscc)
    if world.rng.random() < 0.55:
        return ""
    return world.day_between(date(2021, 6, 1), date(2024, 7, 20)).isoformat()


def _hitech(code: str, uscc: str) -> str:
    """Return the first or last day of an enterprise's certificate, or nothing without one."""
    rng = Random(f"hitech:{uscc}")
    if rng.random() > HITECH_SHARE:
        return ""
    day = rng.choice(HITECH_DAYS)
    return day if code == "hitech_cert_date" else f"{int(day[:4]) + 3}{day[4:]}"


# The firm of the demo's portal account: eligible for the demo's clause by its own figures.
SHOWCASE: dict[str, int | str] = {
    "hitech_cert_date": "2023-10-16",
    "hitech_expiry_date": "2026-10-16",
    "main_revenue": 4260 * SCALE,
    "rd_spend_stat": 2875 * SCALE // 10,
}
# What an indicator is of yearly revenue (万元), of staff, or on its own.
OF_REVENUE = {
    "taxable_sales": 0.98,
    "invoiced_sales": 1.0,
    "tax_paid_total": 0.045,
    "vat_paid": 0.026,
    "gross_output": 1.04,
    "operating_revenue": 1.0,
    "operating_cost": 0.84,
    "total_profit": 0.062,
    "electricity_kwh": 420.0,
    "electricity_fee": 290.0,
    "water_m3": 9.0,
    "gas_m3": 30.0,
    "main_revenue": 0.97,
    "rd_spend_stat": 0.034,
    "rd_super_deduction": 0.03,
    "total_assets": 1.25,
    "total_liabilities": 0.58,
}
STOCKS = frozenset(
    [
        "loan_balance",
        "total_assets",
        "total_liabilities",
        "staff_avg",
        "insured_headcount",
        "rd_headcount",
    ]
)
OF_STAFF = {
    "staff_avg": 1.0,
    "insured_headcount": 0.93,
    "unemp_headcount": 0.92,
    "medical_headcount": 0.94,
    "hpf_headcount": 0.6,
    "rd_headcount": 0.09,
    "staff_quarter_avg": 1.0,
}


def _number(world: World, indicator: IndicatorVersion, firm: _Firm, start: date) -> float:
    rng, code = world.rng, indicator.code
    if code in OF_STAFF:
        return firm.staff * OF_STAFF[code] * rng.uniform(0.97, 1.03)
    if code == "registered_capital":
        return (firm.enterprise.registered_capital_fen or 0) / 1_000_000
    years = 0.0 if start.year >= 2024 else -1.0 if start.year == 2023 else -2.0
    size = firm.revenue * (1 + firm.growth) ** years
    share = {PeriodKind.MONTH: 1 / 12, PeriodKind.QUARTER: 1 / 4}.get(
        PeriodKind(indicator.period), 1.0
    )
    if code == "rd_spend_stat":
        return size * rng.uniform(0.004, 0.078)
    if code in OF_REVENUE:
        return (
            size * OF_REVENUE[code] * (1.0 if code in STOCKS else share) * rng.uniform(0.88, 1.12)
        )
    if code == "loan_balance":
        return size * rng.uniform(0, 0.45)
    high = float(indicator.plausible_max or 100)
    if rng.random() < 0.7 and indicator.value_type == ValueType.INT:
        return 0.0
    return min(size * rng.uniform(0.001, 0.02), high)


def _files(world: World) -> None:
    """Import the three files of departments as a person would."""
    for number, (department, name) in enumerate(FILES):
        path = FOLDER / name
        if not path.is_file():
            raise UserFacingError(f"{path.name} is missing: run tests/make_departments.py.")
        import_table(
            actor=SYSTEM,
            department=department_called(department),
            name=name,
            content=path.read_bytes(),
            at=world.moment(date(2024, 8, 12 + number), 15),
        )
