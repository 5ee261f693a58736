"""Many new rows of a table at once, handed over as columns: COPY, or one prepared statement."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
from django.db import connection, models

Columns = Mapping[str, Sequence[Any]]


def insert_columns(model: type[models.Model], given: Columns) -> int:
    """Insert rows of a model that need no key given back; return how many.

    `given` are the rows' values by column, all of one length. Columns that are not given get
    their field's default; the database checks what it always checks.
    """
    count = len(next(iter(given.values())))
    columns = dict(given)
    for name, value in defaults_of(model, but=given).items():
        columns[name] = [value] * count
    load_table(model._meta.db_table, columns)
    return count


def defaults_of(model: type[models.Model], *, but: Columns) -> dict[str, Any]:
    """Return what a new row holds, as the database keeps it, in the columns not named."""
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in fields
        if field.column not in but
    }


def load_table(table: str, columns: Columns) -> None:
    """Add rows to a table, by columns; names of tables and columns are our own."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Text stands in quotes, so that only what is missing is empty without them.
            statement = f"COPY {quote(table)} ({names}) FROM STDIN (FORMAT csv)"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                copy.write(_as_csv(columns))
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            list(zip(*(_plain(values) for values in columns.values()), strict=True)),
        )


def _as_csv(columns: Columns) -> memoryview:
    sink = BytesIO()
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    pc.write_csv(table, sink, pc.WriteOptions(include_header=False))
    return sink.getbuffer()


def _plain(values: Sequence[Any]) -> Sequence[Any]:
    """Return what the driver of SQLite takes: no scalars of an array."""
    return values.tolist() if hasattr(values, "tolist") else values
