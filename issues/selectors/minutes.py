"""会议纪要 as a document: from the frozen rows, or from a draft that says it is one."""

from datetime import date

from crm.common.days.clock import SHANGHAI, local_date
from crm.common.face.documents import Heading, Official, Paragraph
from issues.models import AgendaItem, Meeting

# The words of an official paper; it is Chinese whatever the reader's interface.
NUMERALS = "一二三四五六七八九十"


def _numeral(number: int) -> str:
    """Return the Chinese numeral of a part, up to thirty."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (NUMERALS[ones - 1] if ones else "")


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _opening(meeting: Meeting) -> str:
    held = (meeting.held_at or meeting.planned_at).astimezone(SHANGHAI)
    where = f"在{meeting.place}" if meeting.place else ""
    when = f"{_day(held.date())} {held:%H:%M}"
    return f"{when}，{meeting.chair}{where}主持召开“{meeting.title}”。"


def minutes_document(meeting: Meeting, items: list[AgendaItem]) -> Official:
    """Return the document; `items` are all matters with what was settled."""
    parts: list[Heading | Paragraph] = [Paragraph(_opening(meeting)), Paragraph(meeting.minutes)]
    for number, item in enumerate(items, start=1):
        parts.append(Heading(f"{_numeral(number)}、{item.title}"))
        rows = list(item.resolutions.all())
        for one in rows:
            unit = f"由{one.department.short_name}负责，" if one.department else ""
            due = f"{_day(one.due_on)}前完成：" if one.due_on else ""
            parts.append(Paragraph(f"{unit}{due}{one.text}"))
        if not rows:
            parts.append(Paragraph("本议题没有形成议定事项。"))
    if meeting.present:
        parts.append(Paragraph(f"出席：{'、'.join(meeting.present)}。"))
    if meeting.excused:
        parts.append(Paragraph(f"请假：{'、'.join(meeting.excused)}。"))
    signed = meeting.signed_at is not None
    draft = "" if signed else "（草稿）"
    return Official(
        title=f"第 {meeting.number} 次协调会会议纪要{draft}",
        number=f"校验码 {meeting.content_hash[:16]}" if signed else "",
        parts=parts,
        signed=str(meeting.signed_by) if meeting.signed_by else "",
        dated=_day(local_date(meeting.signed_at)) if meeting.signed_at else "",
    )
