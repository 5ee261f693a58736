"""Make the three department files of the demo from the demo city's first enterprises.

Run against a database that holds them: `python tests/make_departments.py`. The tables
are as departments send them: a merged title, headers in two rows, full-width digits, amounts
in other units than the catalogue's, blanks and dashes, an unknown enterprise, a wrong code.
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
    """Return code and name of the first forty enterprises, each with a size."""
    from crm.models import Enterprise

    rng = Random(7)
    return [
        (row.uscc, row.name, rng.lognormvariate(7.6, 0.9))
        for row in Enterprise.objects.order_by("pk")[:40]
    ]


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
    for number, (code, name, size) in enumerate(known):
        sales = round(size * 10000 / 12, 2)
        rows.append(
            [
                code if number % 5 else wide(code),
                name,
                f"{sales:,.2f}" if number % 3 else sales,
                round(sales * 1.02, 2) if number % 9 else "—",
                round(sales * 0.026, 2) if number % 7 else "",
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
    for number, (code, name, size) in enumerate(known):
        month = round(size / 12, 1)
        staff = max(6, int(size / 45))
        rows.append(
            [
                code,
                name,
                round(month * 1.04, 1),
                month if number % 8 else "/",
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
    for number, (code, name, size) in enumerate(known):
        kwh = size * 420 / 12
        shown = f"{code[:8].lower()} {code[8:]}" if number % 4 == 0 else code
        rows.append(
            [shown, name, round(kwh / 10000, 4), round(kwh * 0.69, 2) if number % 6 else "-"]
        )
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
    known = firms()
    FOLDER.mkdir(exist_ok=True)
    for make in (tax, statistics, power):
        make(known)


if __name__ == "__main__":
    main()
