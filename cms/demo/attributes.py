"""What of a firm is no number: yes or no, grades and honours, days."""

from collections.abc import Callable
from datetime import date, timedelta

from cms.demo.books import Book, Span
from crm.enums import EnterpriseType

Words = Callable[[Book, Span], str]

# Yes or no: how often it is yes.
FLAGS: dict[str, Callable[[Book], bool]] = {
    "foreign_invested_flag": lambda book: book.chance("foreign") < 0.024,
    "abnormal_list_flag": lambda book: not book.watched and book.chance("abnormal") < 0.02,
    "serious_violation_flag": lambda book: not book.watched and book.chance("serious") < 0.003,
    "above_scale_flag": lambda book: book.firm.above_scale,
    "electricity_suspended": lambda book: book.trouble,
    "idle_land_flag": lambda book: book.chance("idle") < 0.02,
    "tech_sme_flag": lambda book: book.hitech and book.firm.staff <= 500,
    "single_champion_flag": lambda book: book.honours.get("single_champion") == "yes",
    "dishonest_debtor_flag": lambda book: book.trouble and book.chance("debtor") < 0.3,
    "bankruptcy_flag": lambda _book: False,
    "serious_dishonest_flag": lambda _book: False,
}


def graded(code: str, *parts: tuple[float, str]) -> Words:
    """A grade by share of the firms; who is in trouble has the last one."""

    def of(book: Book, span: Span) -> str:
        if book.trouble and span.first.year == 2024:
            return parts[-1][1]
        drawn = book.chance(code)
        for share, word in parts:
            if drawn < share:
                return word
            drawn -= share
        return parts[0][1]

    return of


def honour(code: str) -> Words:
    """An honour the city counts: none for nearly everybody."""
    return lambda book, _span: book.honours.get(code, "无")


WORDS: dict[str, Words] = {
    "reg_status": lambda _book, _span: "存续",
    "enterprise_type": lambda book, _span: (
        "股份有限公司"
        if book.enterprise.enterprise_type == EnterpriseType.JOINT_STOCK
        else "有限责任公司"
    ),
    "industry_code": lambda book, _span: book.firm.code,
    "vat_taxpayer_type": lambda book, _span: (
        "一般纳税人" if book.firm.revenue > 500 else "小规模纳税人"
    ),
    "tax_credit_grade": graded("tax grade", (0.12, "A"), (0.66, "B"), (0.16, "M"), (0.0, "C")),
    "tax_status": lambda _book, _span: "正常",
    "eia_type": lambda book, _span: book.firm.trade["eia_type"],
    "discharge_permit_type": lambda book, _span: f"{book.firm.trade['discharge_permit_type']}管理",
    "env_credit_grade": graded("env", (0.22, "环保诚信"), (0.7, "环保良好"), (0.05, "环保警示")),
    "accident_level": lambda _book, _span: "无事故",
    "safety_standard_grade": graded("safe", (0.7, "三级"), (0.08, "二级"), (0.2, "未达标")),
    "customs_credit_grade": lambda book, _span: (
        book.honours.get("customs_credit_grade", "注册登记和备案企业") if book.exporter else ""
    ),
    "rd_platform_level": honour("rd_platform_level"),
    "srdi_level": honour("srdi_level"),
    "green_factory_level": honour("green_factory_level"),
    "smart_factory_level": honour("smart_factory_level"),
    "listing_stage": honour("listing_stage"),
    "public_credit_grade": graded("credit", (0.3, "A"), (0.6, "B"), (0.1, "C")),
    "agri_leading_level": lambda book, _span: (
        book.honours.get("agri_leading_level", "无") if book.firm.trade["key"] == "food" else ""
    ),
}


def after_founding(low: int, high: int, code: str) -> Callable[[Book], date | None]:
    """A day so many days after the founding, if it has come."""

    def of(book: Book) -> date | None:
        day = book.firm.founded + timedelta(days=round(book.between(low, high, code)))
        return day if day <= date(2024, 6, 30) else None

    return of


def of_owner(day: Callable[[Book], date | None]) -> Callable[[Book], date | None]:
    """A day of those who own their plant."""
    return lambda book: day(book) if book.owner else None


DAYS: dict[str, Callable[[Book], date | None]] = {
    "establishment_date": lambda book: book.firm.founded,
    "above_scale_date": lambda book: (
        (after_founding(400, 900, "scale")(book) or date(2024, 6, 1)).replace(day=1)
        if book.firm.above_scale
        else None
    ),
    "land_start_deadline": of_owner(after_founding(200, 380, "start")),
    "property_cert_date": of_owner(after_founding(900, 1300, "property")),
    "eia_approval_date": after_founding(40, 500, "eia"),
    "first_export_date": lambda book: (
        after_founding(200, 900, "export")(book) if book.exporter else None
    ),
    "hitech_cert_date": lambda book: book.certified,
    "hitech_expiry_date": lambda book: (
        book.certified.replace(year=book.certified.year + 3) if book.certified else None
    ),
    "srdi_cert_date": lambda book: (
        date(2023, 7, 14)
        if "小巨人" in book.honours.get("srdi_level", "")
        else date(2022, 12, 19)
        if "专精特新" in book.honours.get("srdi_level", "")
        else None
    ),
    "construction_permit_date": of_owner(after_founding(300, 600, "permit")),
}
