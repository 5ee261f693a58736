"""How each number follows from a firm's book; absent where it does not apply."""

from collections.abc import Callable
from datetime import date

from cms.demo.books import Book, Span

Number = Callable[[Book, Span], float | None]
Always = Callable[[Book, Span], float]


def flow(low: float, high: float, code: str) -> Always:
    """A part of the turnover of the period that stays with the firm, and moves a little."""

    def of(book: Book, span: Span) -> float:
        share = book.between(low, high, code)
        return book.turnover(span) * share * book.between(0.98, 1.02, code, span.first)

    return of


def stock(low: float, high: float, code: str) -> Always:
    """A part of a year's turnover: balances do not add up over months."""

    def of(book: Book, span: Span) -> float:
        year = book.turnover(span) * 12 / len(span.months)
        return year * book.between(low, high, code) * book.between(0.98, 1.02, code, span.first)

    return of


def people(low: float, high: float, code: str) -> Number:
    """A part of the people, whole."""
    return lambda book, span: round(book.people(span) * book.between(low, high, code))


def rare(chance: float, most: int, code: str) -> Number:
    """A count that is nought but for once in a while."""

    def of(book: Book, span: Span) -> float:
        drawn = book.chance(code, span.first)
        return 0 if drawn > chance else 1 + int(drawn / chance * most * 0.99)

    return of


def in_trouble(low: float, high: float, code: str) -> Number:
    """An arrear: nought but for the firms in trouble since spring."""

    def of(book: Book, span: Span) -> float:
        if not book.trouble or span.last < date(2024, 6, 1):
            return 0
        return book.between(low, high, code, span.first)

    return of


def only(able: Callable[[Book], bool], formula: Number) -> Number:
    """A value of some firms only: absent, not nought, for the others."""
    return lambda book, span: formula(book, span) if able(book) else None


def insured(book: Book, span: Span) -> int:
    """Return the insured people of a period."""
    share = book.number("insured_pct") / 100 * book.between(0.97, 1.03, "insured")
    return round(book.people(span) * min(1, share))


def base(book: Book, span: Span) -> int:
    """Return the base of contributions in 元 a month; a new one each January."""
    years = span.first.year - 2023
    return round(book.number("base_wage_yuan") * book.between(0.92, 1.15, "base") * 1.05**years)


def power(book: Book, span: Span) -> float:
    """Return the power used, in whole kWh."""
    use = book.number("kwh_per_wan") * book.between(0.8, 1.25, "energy")
    return round(book.turnover(span) * use * book.between(0.97, 1.03, "kwh", span.first))


def water(book: Book, span: Span) -> float:
    """Return the water used, in whole m³: people drink even where machines do not."""
    use = book.number("water_m3_per_wan") * book.between(0.8, 1.25, "water")
    return round(max(book.turnover(span) * use, book.people(span) * 1.6))


def gas(book: Book, span: Span) -> float:
    """Return the gas used, in whole m³."""
    use = book.number("gas_m3_per_wan") * book.between(0.8, 1.25, "gas")
    return round(book.turnover(span) * use * book.between(0.97, 1.03, "gas", span.first))


def burns_gas(book: Book) -> bool:
    """Say whether the firm is on the pipe."""
    return book.number("gas_m3_per_wan") > 0 and book.chance("pipe") < 0.55


def profit(book: Book, span: Span) -> float:
    """Return the profit: the industry's margin, a loss in trouble."""
    margin = book.number("margin_pct") / 100 * book.between(0.7, 1.3, "margin")
    if book.trouble and span.last >= date(2024, 3, 1):
        margin = -0.05
    return book.turnover(span) * margin * book.between(0.95, 1.05, "profit", span.first)


def cost(book: Book, span: Span) -> float:
    """Return the cost of what was sold."""
    margin = book.number("margin_pct") / 100
    return book.turnover(span) * (1 - margin - book.between(0.06, 0.09, "cost"))


def taxable(book: Book, span: Span) -> float:
    """Return the taxable sales: never more than was invoiced."""
    return invoiced(book, span) * book.between(0.97, 1.0, "taxable")


invoiced = flow(0.985, 1.015, "invoiced_sales")


def vat(book: Book, span: Span) -> float:
    """Return the VAT paid."""
    burden = book.number("vat_burden_pct") / 100 * book.between(0.85, 1.15, "vat")
    return taxable(book, span) * burden * book.between(0.9, 1.1, "vat", span.first)


def tax(book: Book, span: Span) -> float:
    """Return all taxes of a month: VAT with surcharges, income tax after each quarter, stamps."""
    settled = max(profit(book, span), 0) * 3 * 0.12 if span.first.month in (1, 4, 7, 10) else 0
    return vat(book, span) * 1.12 + settled + book.turnover(span) * 0.004


def research(book: Book, span: Span) -> float:
    """Return the spending on research of a year, in 万元."""
    if not book.hitech:
        share = book.number("rd_pct") if book.chance("research") < 0.4 else 0
        return main(book, span) * share / 100 * book.between(0.7, 1.1, "rd", span.first)
    year = main(book, span)
    floor = 5 if year <= 5000 else 4 if year <= 20_000 else 3
    share = max(book.number("hitech_rd_pct"), floor * 1.02)
    return year * share / 100 * book.between(1.0, 1.12, "rd", span.first)


def main(book: Book, span: Span) -> float:
    """Return the main revenue of a year: most of what its months add up to."""
    return book.turnover(span) * book.between(0.962, 0.992, "main")


def loan(book: Book, span: Span) -> float:
    """Return the balance of loans; some owe nothing."""
    if book.chance("loan") < 0.18:
        return 0
    return stock(0.08, 0.38, "loan_balance")(book, span)


def land(book: Book) -> float:
    """Return the land it owns, in 亩."""
    return round(min(300, 15 + book.firm.revenue / 160 * book.between(0.7, 1.3, "land")), 1)


def of_land(per_mu: float) -> Number:
    """A value by the 亩 of an owner's land, absent for tenants."""
    return only(lambda book: book.owner, lambda book, _span: land(book) * per_mu)


def abroad(low: float, high: float, code: str) -> Number:
    """A flow of those who export."""
    return only(lambda book: book.exporter, flow(low, high, code))


NUMBERS: dict[str, Number] = {
    "registered_capital": lambda book, _span: book.firm.capital,
    "paid_in_capital": lambda book, _span: book.firm.capital * book.between(0.4, 1, "paid in"),
    "admin_penalty_count": rare(0.03, 1, "admin_penalty"),
    "key_change_count": rare(0.012, 1, "key_change"),
    "invention_patent_count": lambda book, span: round(
        (2 + book.firm.revenue / 4000) * book.between(0.5, 2, "patents") if book.hitech else 0
    ),
    "invention_patent_new": lambda book, span: round(
        book.between(0, 3, "patents", span.first) if book.hitech else 0
    ),
    "ip_pledge_loan": only(
        lambda book: book.hitech and book.chance("pledge") < 0.06,
        lambda book, span: round(book.between(20, 150, "pledge")) * 10,
    ),
    "taxable_sales": taxable,
    "invoiced_sales": invoiced,
    "tax_paid_total": tax,
    "vat_paid": vat,
    "cit_paid": lambda book, span: max(profit(book, span), 0) * 0.12,
    "taxable_income": profit,
    "rd_super_deduction": lambda book, span: research(book, span) * book.between(0.72, 0.95, "sd"),
    "property_tax_paid": of_land(0.16),
    "land_use_tax_paid": of_land(0.05),
    "tax_arrears": in_trouble(1.5, 40, "tax"),
    "vat_credit_refund": only(lambda book: book.exporter, in_trouble(0, 0, "refund")),
    "assets_quarter_avg": stock(0.8, 1.3, "total_assets"),
    "staff_quarter_avg": people(1, 1, "staff"),
    "gross_output": flow(0.98, 1.03, "gross_output"),
    "operating_revenue": lambda book, span: book.turnover(span),
    "main_revenue": main,
    "operating_cost": cost,
    "total_profit": profit,
    "total_assets": stock(0.8, 1.3, "total_assets"),
    "total_liabilities": stock(0.4, 0.7, "total_liabilities"),
    "accounts_receivable": flow(0.6, 2.2, "receivable"),
    "finished_goods": flow(0.3, 1.2, "goods"),
    "staff_avg": people(1, 1, "staff"),
    "payroll": lambda book, span: (
        book.people(span) * base(book, span) * 3 * book.between(1.05, 1.25, "wage") / 10_000
    ),
    "rd_spend_stat": research,
    "fixed_investment": flow(0, 0.03, "fixed"),
    "equipment_investment": flow(0, 0.02, "fixed"),
    "energy_tce": lambda book, span: (
        power(book, span) * 1.229 / 10_000
        + (gas(book, span) * 13.3 / 10_000 if burns_gas(book) else 0)
    ),
    "electricity_kwh": power,
    "electricity_fee": lambda book, span: power(book, span) * book.between(0.62, 0.71, "tariff"),
    "electricity_capacity": lambda book, span: max(50, round(power(book, span) / 110 / 50) * 50),
    "electricity_arrears": in_trouble(2_000, 90_000, "power"),
    "outage_hours": lambda book, span: round(max(0, book.between(-20, 4, "out", span.first)), 1),
    "water_m3": water,
    "water_fee": lambda book, span: water(book, span) * book.between(2.5, 3.4, "water fee"),
    "gas_m3": only(burns_gas, gas),
    "gas_fee": only(burns_gas, lambda book, span: gas(book, span) * 3.86),
    "gas_arrears": only(burns_gas, in_trouble(0, 60_000, "gas")),
    "insured_headcount": insured,
    "unemp_headcount": lambda book, span: round(insured(book, span) * 0.985),
    "unemp_premium_paid": lambda book, span: insured(book, span) * base(book, span) * 0.01,
    "layoff_count": lambda book, span: round(
        book.people(span) * (0.1 if book.trouble else 0.01) * book.chance("off", span.first)
    ),
    "new_graduate_hires": lambda book, span: (
        rare(0.3, 3, "graduates")(book, span) if span.first.month in (7, 8, 9) else 0
    ),
    "key_group_hires": rare(0.15, 3, "key group"),
    "labor_shortage": lambda book, span: round(
        max(0, book.people(span) * book.between(-0.15, 0.08, "short", span.first))
    ),
    "wage_arrears_cases": rare(0.01, 1, "wages"),
    "labor_disputes": rare(0.03, 1, "disputes"),
    "avg_contribution_base": base,
    "medical_headcount": lambda book, span: round(insured(book, span) * 1.02),
    "medical_arrears": in_trouble(3_000, 60_000, "medical"),
    "hpf_headcount": lambda book, span: round(insured(book, span) * book.between(0, 0.6, "hpf")),
    "hpf_arrears_months": lambda book, span: (
        max(0, span.first.month - 5) if book.trouble and span.first.year == 2024 else 0
    ),
    "land_area": of_land(1),
    "land_price_due": of_land(10.4),
    "land_price_paid": of_land(10.4),
    "floor_area": of_land(667 * 1.1),
    "env_penalty_count": rare(0.004, 1, "environment"),
    "cod_emission": lambda book, span: water(book, span) * 0.75 * 120 / 1_000_000,
    "hazardous_waste": lambda book, span: (
        book.between(0.3, 12, "waste")
        if book.firm.trade["key"] in ("api", "pharma", "autopart", "opto")
        else 0
    ),
    "safety_penalty_count": rare(0.015, 1, "safety"),
    "export_value_usd": abroad(0.01, 0.03, "export"),
    "import_value_usd": abroad(0, 0.004, "import"),
    "fdi_used_usd": only(
        lambda book: book.chance("foreign") < 0.024, lambda book, span: round(20.0)
    ),
    "online_retail": only(
        lambda book: book.firm.trade["key"] in ("ecom", "garment"), flow(0.05, 0.3, "online")
    ),
    "export_insurance_premium": abroad(2, 8, "premium"),
    "rd_headcount": lambda book, span: round(
        book.people(span) * book.between(0.1, 0.2, "rd") + 0.5
        if book.hitech
        else book.people(span) * book.between(0, 0.05, "rd")
    ),
    "tech_contract_amount": only(
        lambda book: book.firm.trade["key"] in ("software", "pump", "pharma", "opto"),
        flow(0, 0.02, "contracts"),
    ),
    "tech_upgrade_invest": flow(0, 0.02, "upgrade"),
    "orders_on_hand": flow(1.2, 3.4, "orders"),
    "capacity_utilization": lambda book, span: (
        round(book.between(25, 50, "use", span.first), 1)
        if book.trouble and span.last >= date(2024, 4, 1)
        else round(book.between(64, 94, "use") + book.between(-2, 2, "use", span.first), 1)
    ),
    "loan_balance": loan,
    "loan_new": lambda book, span: loan(book, span) * max(0, book.between(-1, 0.4, "new", span)),
    "loan_interest_paid": lambda book, span: loan(book, span) * 0.042 / 4,
    "loan_overdue": in_trouble(5, 30, "overdue"),
    "financing_demand": lambda book, span: (
        round(book.between(3, 30, "demand")) * 100 if book.chance("demands") < 0.2 else 0
    ),
    "enforced_amount": in_trouble(0, 38, "enforced"),
    "disabled_staff": lambda book, span: round(
        book.people(span) * 0.012 if book.chance("disabled") < 0.4 else 0
    ),
    "school_demand": lambda book, span: round(
        min(12, book.people(span) * 0.015) if book.chance("school") < 0.4 else 0
    ),
    "subsidy_received": lambda book, span: (
        round(book.between(2, 60, "subsidy", span.first)) if book.chance("subsidised") < 0.4 else 0
    ),
}
