"""Foreign tables: whatever a file does to its reader, the answer is a sentence."""

import io
import resource
import struct
import subprocess
import zipfile
import zlib
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from crm.common.records import workbooks
from crm.common.records.files import FileRefused
from crm.common.records.workbooks import LIMITS, MEGABYTE, read_workbook

BIG = 50 * MEGABYTE
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def packed(sheet, path="xl/worksheets/sheet1.xml", parts=PARTS):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        archive.writestr(path, sheet)
    return stream.getvalue()


def cells(*references):
    return "".join(f'<row><c r="{one}"><v>1</v></c></row>' for one in references)


def read(content, name="表.xlsx"):
    return read_workbook(name=name, content=content, max_bytes=BIG)


@pytest.fixture(autouse=True)
def _this_process_stays_small():
    """The worker that asked must not grow by what a file unpacks to (kilobytes on Linux)."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024


def test_two_cells_at_the_ends_of_a_sheet_are_refused_by_its_bounds():
    content = packed(HEAD + cells("A1", "XFD1048576") + TAIL)
    assert len(content) < 2500
    with pytest.raises(FileRefused, match="300"):
        read(content)
    with pytest.raises(FileRefused, match="200,000"):
        read(packed(HEAD + cells("A1", "B1048576") + TAIL))


def test_a_sheet_under_another_name_is_stopped_by_its_memory():
    parts = {
        name: text.replace("worksheets/sheet1.xml", "other/one.xml") for name, text in PARTS.items()
    }
    content = packed(HEAD + cells("A1", "XFD1048576") + TAIL, "xl/other/one.xml", parts)
    with pytest.raises(FileRefused, match=r"160 MB|300"):
        read(content)


def lying(real, says):
    """Return a workbook whose sheet unpacks to `real` bytes and whose headers say another size."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflater.compress(HEAD.encode())
    for _number in range(real // MEGABYTE):
        data += deflater.compress(b" " * MEGABYTE)
    data += deflater.flush()
    content = bytearray(packed(HEAD))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
        central = archive.start_dir
    start = info.header_offset + 30 + len(info.filename)
    head = bytearray(content[info.header_offset : start])
    struct.pack_into("<III", head, 14, 0, len(data), says)
    moved = len(data) - info.compress_size
    directory = bytearray(content[central:])
    place = directory.rfind(b"PK\x01\x02")
    struct.pack_into("<III", directory, place + 16, 0, len(data), says)
    end = directory.rfind(b"PK\x05\x06")
    struct.pack_into("<I", directory, end + 16, central + moved)
    return bytes(content[: info.header_offset] + head + data + directory)


def test_a_part_that_holds_more_than_it_says_is_refused():
    content = lying(1300 * MEGABYTE, says=500)
    assert len(content) < 3 * MEGABYTE
    with pytest.raises(FileRefused, match="160 MB"):
        read(content)
    with pytest.raises(FileRefused, match=r"damaged|损坏"):
        read(lying(2 * MEGABYTE, says=500))


def test_many_parts_within_their_budgets_are_refused_together(monkeypatch):
    monkeypatch.setitem(LIMITS, "all", 3 * MEGABYTE)
    extra = {f"xl/media/{n}.xml": "x" * MEGABYTE for n in range(4)}
    with pytest.raises(FileRefused, match="160 MB"):
        read(packed(HEAD + TAIL, parts={**PARTS, **extra}))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 damaged",
        packed("<not xml"),
        packed('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + HEAD + TAIL),
        packed(HEAD + cells("A1"))[:-40],
        packed(HEAD + '<row r="x"><c><v>1</v></c></row>' + TAIL),
    ],
    ids=["no-archive", "no-xml", "entities", "cut", "row-without-number"],
)
def test_a_damaged_workbook_is_called_so(content):
    with pytest.raises(FileRefused, match=r"damaged|损坏"):
        read(content)


def test_xls_is_opened_in_the_child_as_well():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096
    with pytest.raises(FileRefused, match=r"damaged|损坏"):
        read(ole, "表.xls")


def test_a_csv_that_is_too_long_or_too_wide_is_refused():
    with pytest.raises(FileRefused, match="200,000"):
        read(b"1\n" * 200_001, "长.csv")
    with pytest.raises(FileRefused, match="300"):
        read(b"1," * 400, "宽.csv")
    with pytest.raises(FileRefused, match="UTF-8"):
        read(b"\xff\xfe\x00\x81\xff", "乱.csv")


def test_blanks_beside_and_below_the_table_do_not_count():
    assert read(b"a,b" + b"," * 400 + b"\n" + b",\n" * 200_100, "空.csv") == [["a", "b"]]


def test_styled_cells_without_a_value_do_not_count():
    styled = '<row r="1"><c r="A1"><v>5</v></c><c r="XFD1" s="1"/></row>'
    assert read(packed(HEAD + styled + TAIL)) == [[5.0]]


def test_a_formula_without_its_result_is_named_by_its_cell():
    formula = '<row r="2"><c r="AB2"><f>1+1</f><v></v></c></row>'
    with pytest.raises(FileRefused, match="AB2"):
        read(packed(HEAD + formula + TAIL))


def test_the_time_is_the_child_s(monkeypatch):
    more = {"seconds": 1, "rows": 10_000_000, "cells": 100_000_000}
    for name, limit in more.items():
        monkeypatch.setitem(LIMITS, name, limit)
    with pytest.raises(FileRefused, match=r"too long|过久"):
        read((b"1," * 9 + b"1\n") * 900_000, "长.csv")


def test_the_memory_is_the_child_s(monkeypatch):
    monkeypatch.setitem(LIMITS, "memory", 64 * MEGABYTE)
    with pytest.raises(FileRefused, match="160 MB"):
        read(b"1,2\n" * (10 * MEGABYTE), "大.csv")


def test_a_reader_that_hangs_is_ended(monkeypatch):
    def hangs(*words, **_more):
        raise subprocess.TimeoutExpired(words[0], 1)

    monkeypatch.setattr(workbooks.subprocess, "run", hangs)
    with pytest.raises(FileRefused, match=r"too long|太久|过久"):
        read(packed(HEAD + cells("A1") + TAIL))


def test_an_answer_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setitem(LIMITS, "output", 10_000)
    with pytest.raises(FileRefused, match="200,000"):
        read(("长" * 40 + "\n").encode() * 500, "长.csv")


def test_an_empty_table_is_named():
    with pytest.raises(FileRefused, match="空"):
        read(b"\n\n", "空.csv")


@settings(max_examples=15)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1),
                st.integers(-(10**9), 10**9),
                st.booleans(),
                st.dates(date(1990, 1, 1), date(2040, 1, 1)),
            ).filter(lambda cell: str(cell).strip() == str(cell) and "\\" not in str(cell)),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_was_written_is_read_back_wherever_the_table_stands(rows):
    book = Workbook()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            written = book.active.cell(number + 3, place + 2)
            written.value = cell
            if isinstance(cell, str):
                written.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    found = read(stream.getvalue())
    assert found[:2] == [[], []]
    for row, got in zip(rows, found[2:], strict=True):
        assert got[0] == ""
        told = [one.date() if isinstance(one, datetime) else one for one in got[1:]]
        assert told == row
