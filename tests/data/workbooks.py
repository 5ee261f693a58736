"""Ordinary workbooks that are easily misread; each is read right, refused, or asked about."""

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
    month,
    sheet,
    span,
    table,
    text,
)

A_CODE, A_NAME = FIRMS["A"]
B_CODE, B_NAME = FIRMS["B"]
OUT, REV, STAFF = "工业总产值(现价)", "营业收入", "平均用工人数"
WAN = "营业收入(万元)"
STOCK = ("2024-07-31",)


def _units():
    one = firm("A", 812.5)
    yield Case(
        "unit in the head",
        "tjj",
        table(["营业收入（万元）"], one),
        reads=got("operating_revenue", A=812.5),
    )
    yield Case(
        "unit in the head without brackets",
        "tjj",
        table(["营业收入/千元"], one),
        reads=got("operating_revenue", A=81.25),
    )
    yield Case(
        "unit behind the head's name",
        "tjj",
        table(["营业收入万元"], one),
        reads=got("operating_revenue", A=812.5),
    )
    yield Case(
        "unit in a row below the heads",
        "tjj",
        table([REV, STAFF], ["", "", "千元", "人"], firm("A", 812.5, 12)),
        reads=got("operating_revenue", A=81.25) | got("staff_avg", A=12),
    )
    yield Case(
        "unit line of two units",
        "tjj",
        table([REV, STAFF], firm("A", 8125000, 12), above=[[f"{JULY}表"], ["单位：元、人"]]),
        reads=got("operating_revenue", A=812.5) | got("staff_avg", A=12),
    )
    yield Case(
        "amounts in renminbi yuan",
        "tjj",
        table([REV], firm("A", 8125000), above=[[f"{JULY}表"], ["", "", "金额单位：人民币元"]]),
        reads=got("operating_revenue", A=812.5),
    )
    yield Case(
        "unit line in the cell beside its label",
        "tjj",
        table([REV], firm("A", 8125), above=[[f"{JULY}表"], ["单位：", "千元"]]),
        reads=got("operating_revenue", A=812.5),
    )
    yield Case(
        "unit behind the title",
        "tjj",
        table([REV], one, above=[[f"{JULY}营业收入表（单位：千元）"]]),
        reads=got("operating_revenue", A=81.25),
    )
    yield Case(
        "unit in a note below",
        "tjj",
        table([REV], one, ["注：本表金额以万元计"]),
        reads=got("operating_revenue", A=812.5),
    )
    yield Case(
        "own unit goes before the line",
        "tjj",
        table([WAN], one, above=[[f"{JULY}表"], ["单位：元"]]),
        reads=got("operating_revenue", A=812.5),
    )
    yield Case(
        "a unit nobody knows",
        "tjj",
        table([REV], one, above=[[f"{JULY}表"], ["单位：万块"]]),
        asks=("unit",),
        answers={"unit": "万元"},
        reads=got("operating_revenue", A=812.5),
    )
    yield Case("a bracket that is no unit", "tjj", table(["营业收入（k）"], one), asks=("unit",))
    yield Case(
        "no unit anywhere",
        "tjj",
        table([REV], one),
        asks=("unit",),
        answers={"unit": "千元"},
        reads=got("operating_revenue", A=81.25),
    )
    yield Case(
        "two units of money in one line",
        "tjj",
        table([REV], one, above=[[f"{JULY}表"], ["单位：元、万元"]]),
        asks=("unit",),
    )
    yield Case("a unit of another kind", "tjj", table(["营业收入（人）"], one), refuses=("C2",))
    yield Case(
        "an office that fills in is no unit",
        "tjj",
        table([WAN], one, above=[[f"{JULY}表"], ["填报单位：天门市统计局"]]),
        reads=got("operating_revenue", A=812.5),
    )
    yield Case(
        "people need no unit", "tjj", table([STAFF], firm("A", 12)), reads=got("staff_avg", A=12)
    )
    yield Case(
        "a column of units",
        "tjj",
        table([REV, "计量单位"], firm("A", 812.5, "万元"), firm("B", 9000, "元")),
        reads=got("operating_revenue", A=812.5, B=0.9),
    )
    yield Case(
        "a strange unit in the column of units",
        "tjj",
        table([REV, "计量单位"], firm("A", 812.5, "万元"), firm("B", 9000, "块")),
        refuses=("C4",),
    )
    yield Case(
        "electricity by degrees",
        "gdgs",
        table(["用电量（万度）"], firm("A", 1.5)),
        reads=got("electricity_kwh", A=15000),
    )
    yield Case(
        "a cell with a unit of its own",
        "tjj",
        table([WAN], firm("A", "1.2亿元")),
        reads=got("operating_revenue", A=12000),
    )


def _percents():
    head = ["产能利用率(%)"]
    quarter = [["2024年第二季度产能情况"]]
    days = span(4, 6)
    yield Case(
        "a percent cell",
        "jxj",
        table(head, firm("A", 0.853), above=quarter, formats={"C3": "0.0%"}),
        reads=got("capacity_utilization", days, A=85.3),
    )
    yield Case(
        "percent cells beside plain numbers",
        "jxj",
        table(head, firm("A", 0.853), firm("B", 71), above=quarter, formats={"C3": "0.00%"}),
        reads=got("capacity_utilization", days, A=85.3, B=71),
    )
    yield Case(
        "a share beside percents",
        "jxj",
        table(head, firm("A", 0.853), firm("B", 71), above=quarter),
        asks=("percent",),
        answers={"percent": "percent"},
        reads=got("capacity_utilization", days, A=0.853, B=71),
    )
    yield Case(
        "percents as text",
        "jxj",
        table(head, firm("A", "85.3%"), above=quarter),
        reads=got("capacity_utilization", days, A=85.3),
    )
    yield Case(
        "a percent in a column of money",
        "tjj",
        table([WAN], firm("A", 0.12), formats={"C3": "0%"}),
        refuses=("C3",),
    )
    yield Case(
        "a percent as text in a column of money",
        "tjj",
        table([WAN], firm("A", "12%")),
        refuses=("C3",),
    )


def _groups():
    parts = [
        [CODE, NAME, "营业收入（万元）", "", "", ""],
        ["", "", "本月", "本年累计", "上年同期", "增长%"],
    ]
    merged = ("A2:A3", "B2:B3", "C2:F2")
    row = firm("A", 80, 500, 450, 11.1)
    reads = got("operating_revenue", A=80) | got(
        "operating_revenue", span(1, 7), cumulative=True, A=500
    )
    title = [f"{JULY}表"]
    yield Case(
        "groups of month, total, last year, growth",
        "tjj",
        book(sheet([title, *parts, row], merged=merged)),
        asks=("earlier",),
        answers={"earlier": "leave"},
        reads=reads,
        left=2,
    )
    yield Case(
        "groups that are not merged",
        "tjj",
        book(sheet([title, *parts, row])),
        asks=("earlier",),
        answers={"earlier": "leave"},
        reads=reads,
        left=2,
    )
    yield Case(
        "last year's values kept for last year",
        "tjj",
        book(sheet([title, *parts, row], merged=merged)),
        asks=("earlier",),
        answers={"earlier": "since"},
        reads=reads | got("operating_revenue", span(1, 7, 2023), cumulative=True, A=450),
        left=1,
    )
    yield Case(
        "months as heads of groups",
        "tjj",
        book(
            sheet(
                [
                    ["2024年表"],
                    ["", "", "1-6月", "", "7月", ""],
                    [CODE, NAME, WAN, STAFF, WAN, STAFF],
                    firm("A", 400, 10, 80, 12),
                ],
                merged=("C2:D2", "E2:F2"),
            )
        ),
        reads=got("operating_revenue", span(1, 6), cumulative=True, A=400)
        | got("staff_avg", span(1, 6), cumulative=True, A=10)
        | got("operating_revenue", A=80)
        | got("staff_avg", A=12),
    )
    yield Case(
        "the growth of an indicator is none",
        "tjj",
        table([WAN, "营业收入同比增长(%)"], firm("A", 80, 5.5)),
        reads=got("operating_revenue", A=80),
        left=1,
    )
    yield Case(
        "one indicator twice",
        "tjj",
        table([WAN, WAN], firm("A", 80, 90)),
        asks=("twice",),
        answers={"twice": "3"},
        reads=got("operating_revenue", A=90),
        left=1,
    )
    yield Case(
        "the month of a table that counts from January",
        "tjj",
        table([WAN], firm("A", 500), above=[["2024年1-7月表"]]),
        reads=got("operating_revenue", span(1, 7), cumulative=True, A=500),
    )
    yield Case(
        "months across",
        "gdgs",
        table(
            ["1月", "2月", "3月"],
            firm("A", 1, 2, 3),
            above=[["2024年用电"], ["", "", "用电量（千瓦时）", "", ""]],
            merged=("C2:E2",),
        ),
        reads=got("electricity_kwh", month(1), A=1)
        | got("electricity_kwh", month(2), A=2)
        | got("electricity_kwh", month(3), A=3),
    )
    yield Case(
        "whole months as heads",
        "gdgs",
        table(
            ["2024年6月用电量(千瓦时)", "2024年7月用电量(千瓦时)"],
            firm("A", 1, 2),
            above=[["用电表"]],
        ),
        reads=got("electricity_kwh", month(6), A=1) | got("electricity_kwh", A=2),
    )
    yield Case(
        "a part of an indicator is not the indicator",
        "tjj",
        table(["其中:出口营业收入(万元)"], firm("A", 5)),
        asks=("indicator",),
    )


def _periods():
    def of(title, expected, name="表.xlsx", **more):
        return Case(
            f"period {title or name}",
            "tjj",
            table([WAN], firm("A", 5), above=[[title]] if title else []),
            name,
            reads=expected,
            **more,
        )

    rev = "operating_revenue"
    yield of("2024年1-7月主要指标", got(rev, span(1, 7), cumulative=True, A=5))
    yield of("2024年上半年主要指标", got(rev, span(1, 6), cumulative=True, A=5))
    yield of("2024年二季度主要指标", got(rev, span(4, 6), cumulative=True, A=5))
    yield of("2024年6-7月主要指标", got(rev, span(6, 7), cumulative=True, A=5))
    yield of("2023年度主要指标", got(rev, span(1, 12, 2023), cumulative=True, A=5))
    yield of("二〇二四年七月主要指标", got(rev, A=5))
    yield of("2024年主要指标7月", got(rev, A=5))
    yield of("", got(rev, A=5), "企业202407.xlsx")
    yield of("2024年13月主要指标", {}, refuses=("A2",))
    yield of("2025年3月主要指标", {}, refuses=("C3",))
    yield of("2024年9月主要指标", {}, refuses=("C3",))
    yield of("填报日期：2024-08-05", {}, says="period|--period|月")
    yield of("（2024年8月5日）", {}, says="period|--period|月")
    yield of("", {}, "20240805.xlsx", says="period|--period|月")
    yield of("2024年7月主要指标", {}, "2024年8月.xlsx", asks=("period",))
    yield of("截至2024年7月底主要指标", {}, asks=("period",))
    yield of("2024年主要指标", {}, asks=("period",))
    yield Case(
        "filled in on a day, about another month",
        "tjj",
        table(
            [WAN],
            firm("A", 5),
            above=[[f"{JULY}表"], ["填报日期：", "2024-08-05", "制表时间：2024年8月6日"]],
        ),
        reads=got(rev, A=5),
    )
    yield Case(
        "filled in on a real date",
        "tjj",
        table([WAN], firm("A", 5), above=[[f"{JULY}表", datetime(2024, 8, 5)]]),
        reads=got(rev, A=5),
    )
    yield Case(
        "a balance at the end of a month",
        "jrb",
        table(["贷款余额(万元)"], firm("A", 5), above=[["截至2024年7月31日"]]),
        reads=got("loan_balance", A=5),
    )
    yield Case(
        "the period of taxes by its days",
        "swj",
        table(
            ["开票销售额(万元)"],
            firm("A", 5),
            above=[["税款所属期：2024-07-01至2024-07-31", "填表日期：2024-08-12"]],
        ),
        reads=got("invoiced_sales", A=5),
    )
    yield Case(
        "a quarter's value in a month's table",
        "tjj",
        table(["资产总计(万元)", WAN], firm("A", 5, 6)),
        asks=("period",),
        answers={"period": "leave"},
        reads=got(rev, A=6),
        left=1,
    )
    yield Case(
        "a quarter's value at the end of the quarter",
        "tjj",
        table(["资产总计(万元)"], firm("A", 5), above=[["2024年6月"]]),
        reads=got("total_assets", span(4, 6), A=5),
    )
    yield Case(
        "each row has its month",
        "gdgs",
        table(
            ["月份", "用电量(千瓦时)"],
            firm("A", "2024年6月", 1),
            firm("A", "2024年7月", 2),
            above=[["用电"]],
        ),
        reads=got("electricity_kwh", month(6), A=1) | got("electricity_kwh", A=2),
    )
    yield Case(
        "a row's month as a number",
        "gdgs",
        table(
            ["年月", "用电量(千瓦时)"], firm("A", 202406, 1), firm("B", 202407, 2), above=[["用电"]]
        ),
        reads=got("electricity_kwh", month(6), A=1) | got("electricity_kwh", B=2),
    )


def _layouts():
    rev = "operating_revenue"
    yield Case(
        "notes above the heads",
        "tjj",
        table(
            [WAN],
            firm("A", 5),
            above=[
                [f"{JULY}表"],
                ["注：请填写统一社会信用代码，金额单位为万元。"],
                ["说明：本表由统计局填写"],
            ],
        ),
        reads=got(rev, A=5),
    )
    yield Case(
        "three rows of heads",
        "tjj",
        book(
            sheet(
                [
                    [f"{JULY}表"],
                    [CODE, NAME, "主要指标", "", ""],
                    ["", "", REV, "", STAFF],
                    ["", "", "本月", "累计", "本月"],
                    ["", "", "万元", "万元", "人"],
                    firm("A", 80, 500, 9),
                ],
                merged=("A2:A5", "B2:B5", "C2:E2", "C3:D3"),
            )
        ),
        reads=got(rev, A=80) | got(rev, span(1, 7), cumulative=True, A=500) | got("staff_avg", A=9),
    )
    yield Case(
        "a row that numbers the columns",
        "tjj",
        table([WAN, STAFF], ["甲", "乙", 1, 2], firm("A", 5, 9)),
        reads=got(rev, A=5) | got("staff_avg", A=9),
    )
    yield Case(
        "the total first",
        "tjj",
        table([WAN], ["合计", "", 11], firm("A", 5), firm("B", 6)),
        reads=got(rev, A=5, B=6),
    )
    yield Case(
        "subtotals in the middle",
        "tjj",
        table(
            [WAN],
            ["竟陵街道小计", "", 5],
            firm("A", 5),
            ["", "小计", 6],
            firm("B", 6),
            ["总　计", "", 11],
        ),
        reads=got(rev, A=5, B=6),
    )
    yield Case(
        "the total last and who filled in",
        "tjj",
        table([WAN], firm("A", 5), ["合计", "", 5], ["填表人：张某  审核：李某", "", ""]),
        reads=got(rev, A=5),
    )
    yield Case(
        "a total that nobody named", "tjj", table([WAN], firm("A", 5), ["", "", 5]), refuses=("C4",)
    )
    yield Case(
        "blank rows between",
        "tjj",
        table([WAN], firm("A", 5), [], [], firm("B", 6)),
        reads=got(rev, A=5, B=6),
    )
    yield Case(
        "two tables below one another",
        "tjj",
        book(
            sheet(
                [
                    [f"{JULY}表一"],
                    [CODE, NAME, WAN],
                    firm("A", 5),
                    [],
                    ["2024年6月表二"],
                    [CODE, NAME, WAN],
                    firm("A", 6),
                ]
            )
        ),
        reads=got(rev, A=5) | got(rev, month(6), A=6),
    )
    yield Case(
        "heads repeated on a new page",
        "tjj",
        book(
            sheet(
                [
                    [f"{JULY}表"],
                    ["单位：千元"],
                    [CODE, NAME, REV],
                    firm("A", 5),
                    [CODE, NAME, REV],
                    firm("B", 6),
                ]
            )
        ),
        reads=got(rev, A=0.5, B=0.6),
    )
    yield Case(
        "two tables beside each other",
        "tjj",
        table([WAN, CODE, NAME, WAN], firm("A", 5, *firm("B", 6))),
        refuses=("D2",),
    )
    yield Case(
        "enterprises across",
        "tjj",
        book(sheet([[JULY], [CODE, A_CODE, B_CODE], [NAME, A_NAME, B_NAME], [WAN, 5, 6]])),
        refuses=("A2",),
    )
    one = [[f"{JULY}表"], [CODE, NAME, WAN], firm("A", 5)]
    two = [["2024年6月表"], [CODE, NAME, WAN], firm("A", 6)]
    cover = [["填报说明"], ["一、请按月填报"], ["二、金额单位为元"]]
    yield Case(
        "a cover sheet first",
        "tjj",
        book(sheet(cover, title="封面"), sheet(one, title="数据")),
        reads=got(rev, A=5),
        left=1,
    )
    yield Case(
        "two sheets",
        "tjj",
        book(sheet(one, title="7月"), sheet(two, title="6月")),
        asks=("sheets",),
        answers={"sheets": "all"},
        reads=got(rev, A=5) | got(rev, month(6), A=6),
    )
    yield Case(
        "a hidden sheet",
        "tjj",
        book(sheet(one, title="7月"), sheet(two, title="旧", state="hidden")),
        reads=got(rev, A=5),
        left=1,
    )
    yield Case(
        "two sheets that differ",
        "tjj",
        book(sheet(one, title="一"), sheet([*one[:2], firm("A", 7)], title="二")),
        asks=("sheets",),
        refuses=("二!C3",),
    )
    yield Case(
        "hidden rows",
        "tjj",
        table([WAN], firm("A", 5), firm("B", 6), hidden_rows=(4,)),
        asks=("hidden",),
        answers={"hidden": "leave"},
        reads=got(rev, A=5),
    )
    yield Case(
        "a value merged over two firms",
        "tjj",
        table([WAN], firm("A", 5), firm("B", None), merged=("C3:C4",)),
        refuses=("C3",),
    )
    yield Case(
        "a column without a head", "tjj", table([WAN, ""], firm("A", 5, 77)), refuses=("D2",)
    )
    yield Case(
        "columns tables carry along",
        "tjj",
        table([WAN, "联系电话", "备注"], firm("A", 5, 13900000000, "无")),
        reads=got(rev, A=5),
        left=2,
    )
    yield Case(
        "a head nobody knows",
        "tjj",
        table([WAN, "产值(万元)"], firm("A", 5, 77)),
        asks=("indicator",),
        answers={"indicator": "gross_output"},
        reads=got(rev, A=5) | got("gross_output", A=77),
    )
    yield Case(
        "another department's indicator",
        "tjj",
        table([WAN, "用电量(千瓦时)"], firm("A", 5, 77)),
        asks=("owner",),
        answers={"owner": "leave"},
        reads=got(rev, A=5),
        left=1,
    )
    yield Case(
        "long form",
        "tjj",
        table(
            ["指标名称", "数值", "计量单位"],
            firm("A", REV, 5, "万元"),
            firm("A", STAFF, 9, "人"),
            firm("B", REV, 60, "千元"),
        ),
        reads=got(rev, A=5, B=6) | got("staff_avg", A=9),
    )
    yield Case(
        "long form with a name nobody knows",
        "tjj",
        table(["指标", "数值"], firm("A", "产值(万元)", 5)),
        asks=("indicator",),
    )
    yield Case(
        "long form with merged keys",
        "tjj",
        table(
            ["指标", "数值"],
            firm("A", "营业收入(万元)", 5),
            ["", "", STAFF, 9],
            merged=("A3:A4", "B3:B4"),
        ),
        reads=got(rev, A=5) | got("staff_avg", A=9),
    )


def _enterprises():
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


def _cells():
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


CASES = [
    case
    for kind in (_units, _percents, _groups, _periods, _layouts, _enterprises, _cells)
    for case in kind()
]
