"""Make the three department files of the demo from the demo city's first enterprises.

Run against an empty migrated database, which stays empty: `python tests/make_departments.py`.
July's values follow from each firm's book like those of the months around it. The tables are
as departments send them: a merged title, headers in two rows, full-width digits, amounts in other
units than the catalogue's, blanks and dashes, an unknown enterprise, a wrong code.
"""

import os
import sys
from datetime import datetime
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "cms/demo/data/departments"
UNKNOWN_NAME = "天门市远航仓储有限公司"
WRONG = "91429006MA4TE5T05X"


def wide(text):
    """Return digits as full-width characters."""
    return str(text).translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))


def table(path, *, title, unit_note, heads, rows, tail):
    """Write one workbook with a merged title, a unit line and two header rows."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2024, 8, 10, 9, 0)
    sheet = book.active
    sheet.title = "Sheet1"
    width = 3 + len(heads)
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append([unit_note] if unit_note else [""])
    sheet.append(["序号", "统一社会信用代码", "企业名称", *[head[0] for head in heads]])
    sheet.append(["", "", "", *[head[1] for head in heads]])
    for column in "ABC":
        sheet.merge_cells(f"{column}3:{column}4")
    start = 4
    while start <= width:
        end = start
        while end < width and heads[end - 3][0] == "" and heads[start - 4][0]:
            end += 1
        if end > start:
            sheet.merge_cells(start_row=3, start_column=start, end_row=3, end_column=end)
        start = end + 1
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *row])
    for line in tail:
        sheet.append([line])
    book.save(path)


def firms():
    """Return code, name and July's values of the first forty enterprises, from their books."""
    from cms.demo import crm
    from cms.demo.books import Span
    from cms.demo.formulas import NUMBERS
    from cms.demo.profiles import FILED, FILED_MONTH, IN_FILES, books_of
    from cms.demo.run import Wanted
    from cms.demo.world import World
    from profiles.enums import PeriodKind

    wanted = Wanted()
    world = World(Random(), wanted.enterprises, wanted.projects, print)
    world.rng = Random(f"{wanted.seed}:enterprises")
    crm.seed(world)
    july = Span(FILED_MONTH, PeriodKind.MONTH)
    return [
        (
            book.enterprise.uscc,
            book.enterprise.name,
            {code: NUMBERS[code](book, july) for code in IN_FILES} if book.works(july) else {},
        )
        for book in books_of(world)[:FILED]
    ]


def shown(value, places=2, times=1):
    """Return a value as a department writes it, a dash where there is none."""
    return round(value * times, places) if value is not None else "-"


def spoil(rows, index):
    """Put the unknown enterprise and the wrong code into a table."""
    from crm.rules import complete_uscc

    blank = ["-"] * (len(rows[0]) - 2)
    rows.insert(index, [complete_uscc("91429006", "MAC9K2P3"), UNKNOWN_NAME, *blank])
    rows.append([WRONG, "天门市竟陵润华纺织有限公司", *rows[3][2:]])
    return rows


def tax(known):
    """The tax office: amounts in 元, thousand separators as text, dashes for nothing."""
    rows = []
    for number, (code, name, told) in enumerate(known):
        sales = shown(told.get("taxable_sales"), times=10_000)
        rows.append(
            [
                code if number % 5 else wide(code),
                name,
                f"{sales:,.2f}" if number % 3 and told else sales,
                shown(told.get("invoiced_sales"), times=10_000) if number % 9 else "—",
                shown(told.get("vat_paid"), times=10_000) if number % 7 else "",
            ]
        )
    heads = [("销售情况", "增值税应税销售额"), ("", "开票销售额"), ("入库税收", "增值税实缴额")]
    table(
        FOLDER / "税务局-2024年7月纳税情况.xlsx",
        title="天门市重点企业纳税情况统计表（2024年7月）",
        unit_note="单位：元",
        heads=heads,
        rows=spoil(rows, 6),
        tail=["合计", "填表人：张某  审核：李某"],
    )


def statistics(known):
    """The statistics bureau: 万元 in the header, full-width digits in one column."""
    rows = []
    for number, (code, name, told) in enumerate(known):
        staff = shown(told.get("staff_avg"), places=None)
        rows.append(
            [
                code,
                name,
                shown(told.get("gross_output"), places=1),
                shown(told.get("operating_revenue"), places=1) if number % 8 else "/",
                wide(staff) if number % 2 else staff,
            ]
        )
    heads = [
        ("工业总产值(现价)（万元）", "本月"),
        ("营业收入（万元）", "本月"),
        ("平均用工人数", "人"),
    ]
    table(
        FOLDER / "统计局-2024年7月规上工业.xlsx",
        title="2024年7月规模以上工业企业主要指标",
        unit_note="",
        heads=heads,
        rows=spoil(rows, 11),
        tail=["注：本表为快报数，以年报为准。"],
    )


def power(known):
    """The power company: 万千瓦时, credit codes in lower case with blanks."""
    rows = []
    for number, (code, name, told) in enumerate(known):
        written = f"{code[:8].lower()} {code[8:]}" if number % 4 == 0 else code
        kwh = shown(told.get("electricity_kwh"), places=4, times=1 / 10_000)
        fee = shown(told.get("electricity_fee")) if number % 6 else "-"
        rows.append([written, name, kwh, fee])
    heads = [("用电情况", "用电量（万千瓦时）"), ("", "电费（元）")]
    table(
        FOLDER / "供电公司-2024年7月用电.xlsx",
        title="国网天门市供电公司工业用户用电情况 2024年7月",
        unit_note="",
        heads=heads,
        rows=spoil(rows, 2),
        tail=["合  计"],
    )


def main():
    """Write the three files."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        known = firms()
        transaction.set_rollback(True)
    FOLDER.mkdir(exist_ok=True)
    for make in (tax, statistics, power):
        make(known)


if __name__ == "__main__":
    main()
