"""Official documents: one small description, drawn as PDF (typst) and as DOCX (python-docx).

The layout is that of GB/T 9704-2012. Fonts are named, not carried: the machine's official ones
are used where they are installed, else the free Noto families.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import typst
from docx import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TEMPLATE = Path(__file__).with_name("document.typ")
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SONG, _FANG, _HEI = "方正小标宋简体", "仿宋", "黑体"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that opens a part: 一、…"""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; `numeric` are the places of columns set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    kind: Literal["table"] = "table"

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("every row of a table has as many cells as its head")


Part = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Official:
    """One document: title, document number, parts, and who signed it when."""

    title: str
    parts: Sequence[Part]
    number: str = ""
    signed: str = ""
    dated: str = ""


def to_pdf(document: Official) -> bytes:
    """Draw the PDF; the texts are data to the layout, never part of its source."""
    data = json.dumps(asdict(document), ensure_ascii=False)
    made: Any = typst.compile(str(TEMPLATE), format="pdf", sys_inputs={"data": data})
    return bytes(made)


def to_docx(document: Official) -> bytes:
    """Write the DOCX, for those who go on working on it."""
    word = Word()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _line(word, document.title, _SONG, 22, WD_ALIGN_PARAGRAPH.CENTER)
    if document.number:
        _line(word, document.number, _FANG, 16, WD_ALIGN_PARAGRAPH.CENTER)
    for part in document.parts:
        if isinstance(part, Table):
            _table(word, part)
        else:
            font = _HEI if isinstance(part, Heading) else _FANG
            line = _line(word, part.text, font, 16, WD_ALIGN_PARAGRAPH.JUSTIFY)
            line.paragraph_format.first_line_indent = Pt(32)
    for text in filter(None, (document.signed, document.dated)):
        _line(word, text, _FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def _line(word: Any, text: str, font: str, size: int, align: WD_ALIGN_PARAGRAPH) -> Any:
    line = word.add_paragraph()
    line.alignment = align
    _write(line, text, font, size)
    return line


def _write(line: Any, text: str, font: str, size: float) -> None:
    run = line.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _table(word: Any, part: Table) -> None:
    table = word.add_table(rows=1 + len(part.rows), cols=len(part.head))
    table.style = "Table Grid"
    for number, cells in enumerate((part.head, *part.rows)):
        for place, text in enumerate(cells):
            line = table.cell(number, place).paragraphs[0]
            if number and place in part.numeric:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _write(line, text, _HEI if number == 0 else _FANG, 10.5)
