"""From a file's bytes to a grid of cells."""

from django.conf import settings

from crm.common.records.workbooks import Grid, read_workbook

__all__ = ["Grid", "column_letter", "read_grid"]


def read_grid(*, name: str, content: bytes) -> Grid:
    """Return the first sheet that holds anything, as rows of cells; raises FileRefused."""
    return read_workbook(name=name, content=content, max_bytes=settings.IMPORT_MAX_BYTES)


def column_letter(index: int) -> str:
    """Return a column's letter as spreadsheets show it: 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
