"""Titles, heads, totals, several tables and sheets, long form."""

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


def layouts():
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
