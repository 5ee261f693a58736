"""Official documents: the same description as PDF and as DOCX."""

from io import BytesIO

import pytest
from docx import Document as Word

from crm.common.face.documents import Heading, Official, Paragraph, Table, to_docx, to_pdf

LETTER = Official(
    title="天门市智慧安商工作月报",
    number="2024年第8期",
    parts=(
        Heading("一、总体情况"),
        Paragraph("服务项目283个。#let x = 1 *强* $a$ <标签> \\ @引用"),
        Table(("指标", "数"), (("项目", "283"), ("会议", "69")), (1,)),
    ),
    signed="天门市安商办",
    dated="2024年9月3日",
)


def test_a_pdf_is_drawn_and_what_looks_like_markup_is_only_text():
    assert to_pdf(LETTER).startswith(b"%PDF-")


def test_a_docx_carries_every_word_in_its_place():
    word = Word(BytesIO(to_docx(LETTER)))
    lines = [line.text for line in word.paragraphs]
    assert lines[:3] == [LETTER.title, LETTER.number, "一、总体情况"]
    assert lines[-2:] == [LETTER.signed, LETTER.dated]
    cells = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert cells == [["指标", "数"], ["项目", "283"], ["会议", "69"]]


def test_an_empty_document_is_drawn_too():
    bare = Official(title="空", parts=())
    assert to_pdf(bare).startswith(b"%PDF-")
    assert len(Word(BytesIO(to_docx(bare))).paragraphs) == 1


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="cells"):
        Table(("甲", "乙"), (("一",),))
