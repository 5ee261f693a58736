"""Units and percents: in heads, in lines, in columns, in cells, nowhere."""

from tests.data.making import (
    FIRMS,
    JULY,
    Case,
    firm,
    got,
    span,
    table,
)

A_CODE, A_NAME = FIRMS["A"]
B_CODE, B_NAME = FIRMS["B"]
OUT, REV, STAFF = "工业总产值(现价)", "营业收入", "平均用工人数"
WAN = "营业收入(万元)"
STOCK = ("2024-07-31",)


def units():
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


def percents():
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
