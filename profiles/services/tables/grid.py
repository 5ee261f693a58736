"""From a file's bytes to its sheets."""

from django.conf import settings

from crm.common.records.workbooks import Faulty, Grid, Percent, Sheet, read_sheets

__all__ = ["Faulty", "Grid", "Percent", "Sheet", "address", "column_letter", "sheets_of"]


def sheets_of(*, name: str, content: bytes) -> list[Sheet]:
    """Return all sheets, hidden ones as well; raises FileRefused."""
    return read_sheets(name=name, content=content, max_bytes=settings.IMPORT_MAX_BYTES)


def column_letter(index: int) -> str:
    """Return a column's letter as spreadsheets show it: 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(sheet: str, row: int, column: int) -> str:
    """Return a cell as a person looks for it: D5, or 7月!D5 where there are several sheets."""
    cell = f"{column_letter(column)}{row + 1}"
    return f"{sheet}!{cell}" if sheet else cell
