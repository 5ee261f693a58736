"""Exports: data stays data."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from crm.common.face.xlsx import write_xlsx


def _read(rows, headers=("甲",)):
    stream = io.BytesIO()
    count = write_xlsx(stream, "名单", list(headers), rows)
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    return count, book.active


def test_a_text_that_looks_like_a_formula_is_stored_as_quoted_text():
    _count, sheet = _read([['=HYPERLINK("http://x","y")'], ["@SUM(1)"], ["-2+3"]])
    for row in (2, 3, 4):
        cell = sheet.cell(row=row, column=1)
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert sheet["A2"].value == '=HYPERLINK("http://x","y")'


def test_numbers_and_dates_keep_their_kind():
    moment = datetime(2024, 9, 11, 16, 30, tzinfo=UTC)
    _count, sheet = _read([[Decimal("12.5"), -3, date(2024, 9, 12), moment, None, True]], "abcdef")
    values = [cell.value for cell in sheet[2]]
    assert values[0] == 12.5
    assert values[1] == -3
    assert values[2] == datetime(2024, 9, 12)
    assert values[3] == datetime(2024, 9, 12, 0, 30)
    assert values[4] is None
    assert isinstance(values[5], str)


def test_the_sheet_has_a_head_that_stays_and_filters():
    count, sheet = _read([["一"], ["二"]])
    assert count == 2
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:A3"
    assert sheet["A1"].font.bold


def test_a_title_with_forbidden_characters_is_cleaned():
    stream = io.BytesIO()
    write_xlsx(stream, "项目/企业:[全部]?", ["甲"], [])
    assert openpyxl.load_workbook(io.BytesIO(stream.getvalue())).sheetnames == ["项目企业全部"]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_no_text_ever_becomes_a_formula_or_breaks_the_file(texts):
    _count, sheet = _read([[text] for text in texts])
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}
    assert "f" not in kinds
