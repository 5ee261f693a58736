"""Codes, names, numbers, days, files of text."""

from datetime import date, datetime

from tests.data.making import (
    CODE,
    FIRMS,
    JULY,
    NAME,
    Case,
    book,
    firm,
    got,
    sheet,
    table,
    text,
)

A_CODE, A_NAME = FIRMS["A"]
B_CODE, B_NAME = FIRMS["B"]
OUT, REV, STAFF = "工业总产值(现价)", "营业收入", "平均用工人数"
WAN = "营业收入(万元)"
STOCK = ("2024-07-31",)


def enterprises():
    rev = "operating_revenue"
    for words, code in (
        ("quoted", f"'{A_CODE}"),
        ("in double quotes", f'"{A_CODE}"'),
        ("spaced", f"{A_CODE[:8]} {A_CODE[8:]}"),
        ("in lower case", A_CODE.lower()),
        ("with zero-width signs", f"\u200b{A_CODE}\ufeff"),
        ("in full width", "".join(chr(ord(c) + 0xFEE0) for c in A_CODE)),
    ):
        yield Case(f"a code {words}", "tjj", table([WAN], [code, A_NAME, 5]), reads=got(rev, A=5))
    yield Case(
        "a code of another's name", "tjj", table([WAN], [A_CODE, B_NAME, 5]), refuses=("A3",)
    )
    yield Case(
        "a code with a name nobody has",
        "tjj",
        table([WAN], [A_CODE, "武汉光谷软件园", 5]),
        asks=("name",),
        answers={"name": "code"},
        reads=got(rev, A=5),
    )
    yield Case(
        "a short name fits", "tjj", table([WAN], [A_CODE, "江汉泵业", 5]), reads=got(rev, A=5)
    )
    yield Case(
        "a code that Excel made a number",
        "tjj",
        table([WAN], [914290066699000274, A_NAME, 5]),
        refuses=("A3",),
    )
    yield Case(
        "names without codes",
        "tjj",
        book(sheet([[JULY], ["序号", NAME, WAN], [1, A_NAME, 5], [2, "没有这家公司", 6]])),
        reads=got(rev, A=5),
        review=1,
    )
    yield Case(
        "an unknown code",
        "tjj",
        table([WAN], firm("A", 5), ["91429006MA4TE0015Q", "新来的公司", 6]),
        reads=got(rev, A=5),
        review=1,
    )
    yield Case(
        "a wrong code",
        "tjj",
        table([WAN], firm("A", 5), ["91429006MA4TE5T05X", "写错的公司", 6]),
        reads=got(rev, A=5),
        review=1,
    )
    yield Case(
        "one firm in two rows", "tjj", table([WAN], firm("A", 5), firm("A", 6)), refuses=("A4",)
    )
    yield Case(
        "taxpayers by their number",
        "swj",
        book(sheet([[JULY], ["纳税人识别号", "纳税人名称", "开票销售额(万元)"], firm("A", 5)])),
        reads=got("invoiced_sales", A=5),
    )


def cells():
    rev = "operating_revenue"
    for raw, value in (
        ("1,234.5", 1234.5),
        ("（12.5）", -12.5),
        ("-12.5", -12.5),
        ("１２．５", 12.5),
        (" 12.5 ", 12.5),
        ("0", 0),
        ("1 234.5", 1234.5),
    ):
        yield Case(f"number {raw}", "tjj", table([WAN], firm("A", raw)), reads=got(rev, A=value))
    for raw in (
        "12,5",
        "1.234,56",
        "1234,56",
        "约100",
        "100-200",
        "1_000",
        "见备注",
        "1e5",
        "12.5.1",
        True,
        datetime(2024, 8, 5),
    ):
        yield Case(f"no number {raw}", "tjj", table([WAN], firm("A", raw)), refuses=("C3",))
    yield Case(
        "an error of the spreadsheet",
        "tjj",
        table([WAN], firm("A", "#DIV/0!"), errors=("C3",)),
        refuses=("C3",),
    )
    yield Case("a formula without its result", "tjj", table([WAN], firm("A", "=1+1")), says="C3")
    yield Case(
        "dashes say nothing",
        "tjj",
        table([WAN, STAFF], firm("A", "—", 9), firm("B", "/", 8)),
        reads=got("staff_avg", A=9, B=8),
    )
    yield Case(
        "none of a number",
        "rsj",
        table(["欠薪投诉(案件)数"], firm("A", "无"), firm("B", 2)),
        asks=("nothing",),
        answers={"nothing": "zero"},
        reads=got("wage_arrears_cases", A=0, B=2),
    )
    yield Case(
        "none as a category",
        "jxj",
        table(["优质中小企业梯度等级"], firm("A", "无"), above=[["截至2024年7月31日"]]),
        reads=got("srdi_level", (date(2024, 7, 31),) * 2, A="无"),
    )
    yield Case(
        "none as no",
        "scjg",
        table(
            ["是否列入经营异常名录"],
            firm("A", "无"),
            firm("B", "有"),
            above=[["截至2024年7月31日"]],
        ),
        reads=got("abnormal_list_flag", (date(2024, 7, 31),) * 2, A=0, B=1),
    )
    yield Case(
        "a category nobody knows",
        "scjg",
        table(["登记状态"], firm("A", "存叙"), above=[["截至2024年7月31日"]]),
        refuses=("C3",),
    )
    day = (date(2024, 7, 31),) * 2
    above = [["截至2024年7月31日"]]
    for raw in (
        "2020-08-05",
        "2020年8月5日",
        "20200805",
        "2020-08-05 00:00:00",
        datetime(2020, 8, 5),
        44048,
    ):
        yield Case(
            f"day {raw}",
            "scjg",
            table(["成立日期"], firm("A", raw), above=above),
            reads=got("establishment_date", day, A="2020-08-05"),
        )
    for raw in ("2020-02-30", "2020年8月", "20-8-5", 12):
        yield Case(
            f"no day {raw}",
            "scjg",
            table(["成立日期"], firm("A", raw), above=above),
            refuses=("C3",),
        )
    rows = [[f"{JULY}表"], [CODE, NAME, "营业收入（万元）"], firm("A", "1,234.5")]
    for words, encoding, delimiter in (
        ("UTF-8", "utf-8", ","),
        ("a mark before it", "utf-8-sig", ","),
        ("GBK", "gbk", ","),
        ("semicolons", "utf-8", ";"),
        ("tabs", "gb18030", "\t"),
    ):
        yield Case(
            f"CSV with {words}",
            "tjj",
            text(rows, encoding=encoding, delimiter=delimiter),
            "表.csv",
            reads=got(rev, A=1234.5),
        )
    yield Case(
        "CSV with semicolons and decimal commas",
        "tjj",
        text([*rows[:2], firm("A", "1234,5")], delimiter=";"),
        "表.csv",
        refuses=("C3",),
    )
