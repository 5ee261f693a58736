"""The demo city's data: what the departments reported, month by month."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

from cms.demo.attributes import DAYS, FLAGS, WORDS
from cms.demo.books import LAST, MONTHS, Book, Span
from cms.demo.days import AS_OF, CUTOFF
from cms.demo.formulas import NUMBERS
from cms.demo.honours import award, certify
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.common.quantity import SCALE
from crm.models import Department
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
from projects.enums import Stage

SYSTEM = system_actor("demo city")
REPORTED = [month for month in MONTHS if month >= date(2022, 8, 1)]
RECENT = REPORTED[-4:]
QUARTERS = [date(2023, 7, 1), date(2023, 10, 1), date(2024, 1, 1), date(2024, 4, 1)]
YEARS = [date(2022, 1, 1), date(2023, 1, 1)]
RICH = 80
# Told every month of every firm above scale, and of the rich ones.
WATCHED_MONTHLY = {"invoiced_sales", "operating_revenue", "electricity_kwh", "insured_headcount"}
RICH_MONTHLY = {
    "taxable_sales",
    "tax_paid_total",
    "vat_paid",
    "gross_output",
    "operating_cost",
    "total_profit",
    "accounts_receivable",
    "staff_avg",
    "electricity_fee",
    "water_m3",
    "gas_m3",
    "avg_contribution_base",
    "loan_balance",
    "dishonest_debtor_flag",
}
WATCHED_YEARLY = {
    "main_revenue",
    "rd_spend_stat",
    "tax_credit_grade",
    "rd_super_deduction",
    "rd_headcount",
    "tech_sme_flag",
}
# Snapshots of the whole register; with its annual report each firm confirms them.
REGISTER = {
    "reg_status",
    "establishment_date",
    "registered_capital",
    "enterprise_type",
    "industry_code",
    "foreign_invested_flag",
    "abnormal_list_flag",
    "serious_violation_flag",
    "single_champion_flag",
}
HONOUR_SNAPSHOTS = {"srdi_level", "srdi_cert_date", "hitech_cert_date", "hitech_expiry_date"}
TAKEN_OVER = date(2022, 8, 31)
# A department reports a month about so many days after its end; a year, by the middle of June.
DAYS_TO_REPORT = 8
YEAR_REPORTED = (6, 12)
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
FILED, FILED_MONTH = 40, date(2024, 7, 1)
FILES = (
    ("税务局", "税务局-2024年7月纳税情况.xlsx"),
    ("统计局", "统计局-2024年7月规上工业.xlsx"),
    ("供电公司", "供电公司-2024年7月用电.xlsx"),
)
FOLDER = Path(__file__).resolve().parent / "data" / "departments"
Batches = dict[tuple[date, str, date, str], list[Value]]


def seed(world: World) -> None:
    """Load the catalogue and what the departments reported until this morning."""
    load_indicators()
    _consents(world)
    books = books_of(world)
    calendar = load_calendar()
    batches: Batches = {}
    versions = IndicatorVersion.objects.in_force(CUTOFF).select_related("indicator", "department")
    for version in versions.order_by("indicator_id"):
        for span, book in _told(version.indicator.code, version.period, books):
            value = _value(version, book, span)
            if value is not None:
                key = (_reported(span, calendar), version.department.code, span.first, span.kind)
                batches.setdefault(key, []).append(value)
    for (day, code, first, kind), values in sorted(batches.items()):
        _record(world, world.departments[code], day, Span(first, kind), values)
    _files(world)


def _record(
    world: World, department: Department, day: date, span: Span, values: list[Value]
) -> None:
    name = f"{department.short_name}-{span.words}.xlsx"
    record_values(
        actor=SYSTEM,
        department=department,
        name=name,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        values=values,
        at=world.moment(day, 9),
    )


def _consents(world: World) -> None:
    """Most firms signed the sheet of the campaign of spring 2023; a few did not."""
    rng = Random("consents")
    signed = [(row, row.legal_representative) for row in world.enterprises if rng.random() < 0.9]
    at = world.moment(date(2023, 3, 20), 10)
    take_over_consents(actor=SYSTEM, enterprises=signed, at=at)


def books_of(world: World) -> list[Book]:
    """Open a book for each firm, say who is watched and rich, give out the honours."""
    begins = _begins(world)
    books = []
    for enterprise in world.enterprises:
        firm = world.firms[enterprise.pk]
        since = begins.get(enterprise.pk, firm.founded)
        book = Book(firm, enterprise, since)
        book.watched = since is not None and firm.above_scale
        books.append(book)
    old = [book for book in books[1:] if book.watched and book.firm.founded.year < 2021]
    old.sort(key=lambda book: book.chance("rich"))
    for book in [books[0], *old[: RICH - 1]]:
        book.rich = True
    certify(books)
    award(books)
    return books


def _begins(world: World) -> dict[int, date | None]:
    """Return since when a company founded for a project works: since the plant produces."""
    return {
        enterprise.pk: course.days.get(Stage.PRODUCING)
        for course, enterprise in zip(world.courses, world.investors, strict=True)
        if world.firms[enterprise.pk].founded == course.days.get(Stage.REGISTERED)
    }


def _told(code: str, kind: str, books: list[Book]) -> Iterator[tuple[Span, Book]]:
    """Yield the periods of which an indicator is told, and of whom."""
    if kind == PeriodKind.SNAPSHOT:
        yield from _snapshots(code, books)
        return
    spans = [Span(first, kind) for first in _firsts(code, kind)]
    everybody = code in WATCHED_MONTHLY | WATCHED_YEARLY | {"above_scale_flag"}
    chosen = [book for book in books if book.rich or (everybody and book.watched)]
    filed = {book.enterprise.pk for book in books[:FILED]} if code in IN_FILES else set()
    for span in spans:
        for book in chosen:
            if span.first == FILED_MONTH and book.enterprise.pk in filed:
                continue
            if (kind == PeriodKind.YEAR and book.turnover(span)) or book.works(span):
                yield span, book


def _firsts(code: str, kind: str) -> list[date]:
    if kind == PeriodKind.QUARTER:
        return QUARTERS
    if kind == PeriodKind.YEAR:
        return YEARS
    return REPORTED if code in WATCHED_MONTHLY | RICH_MONTHLY else RECENT


def _snapshots(code: str, books: list[Book]) -> Iterator[tuple[Span, Book]]:
    """The register was taken over, then each firm reports once a year in a month of its own."""
    for book in books:
        if code not in REGISTER | HONOUR_SNAPSHOTS and not book.rich:
            continue
        if code in REGISTER and book.firm.founded <= TAKEN_OVER and code != "single_champion_flag":
            yield Span(TAKEN_OVER, PeriodKind.SNAPSHOT), book
        month = date(2024, 1 + int(book.chance("report") * 7), 28)
        if book.firm.founded >= date(2024, 1, 1):
            month = min(book.firm.founded + timedelta(days=20), date(2024, 8, 20))
        yield Span(month, PeriodKind.SNAPSHOT), book


def _reported(span: Span, calendar: WorkCalendar) -> date:
    """Return the day on which a department sends a period's values."""
    if span.kind == PeriodKind.YEAR:
        day = date(span.first.year + 1, *YEAR_REPORTED)
    else:
        day = calendar.add_workdays(span.last, DAYS_TO_REPORT - 2 * (span.first == LAST))
    return min(calendar.next_workday(day), AS_OF.date() - timedelta(days=1))


def _value(version: IndicatorVersion, book: Book, span: Span) -> Value | None:
    """Return an indicator's value of a firm and period, or None where it has none."""
    code, number, text = version.indicator.code, None, ""
    if version.value_type == ValueType.CATEGORY:
        text = WORDS[code](book, span)
    elif version.value_type == ValueType.DATE:
        day = DAYS[code](book)
        text = day.isoformat() if day else ""
    elif version.value_type == ValueType.BOOL:
        number = SCALE if FLAGS[code](book) else 0
    else:
        number = _stored(NUMBERS[code](book, span), version)
    if number is None and not text:
        return None
    return Value(
        enterprise_id=book.enterprise.pk,
        indicator_id=version.indicator_id,
        period_start=span.first,
        period_end=span.last,
        number_e4=number,
        text=text,
    )


def _stored(number: float | None, version: IndicatorVersion) -> int | None:
    """Return a number as it is kept: counts whole, amounts to two decimals, in its range."""
    if number is None:
        return None
    if version.plausible_max is not None:
        number = min(number, float(version.plausible_max))
    places = "1" if version.value_type == ValueType.INT else "0.01"
    return int(Decimal(str(number)).quantize(Decimal(places), ROUND_HALF_UP) * SCALE)


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
