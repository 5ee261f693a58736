"""Groups of columns and periods."""

from datetime import datetime

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
)

A_CODE, A_NAME = FIRMS["A"]
B_CODE, B_NAME = FIRMS["B"]
OUT, REV, STAFF = "工业总产值(现价)", "营业收入", "平均用工人数"
WAN = "营业收入(万元)"
STOCK = ("2024-07-31",)


def groups():
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


def periods():
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
