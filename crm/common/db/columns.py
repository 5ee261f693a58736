"""Answers of a database as columns: no object is made for a row where it can be helped."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

# A row of two whole numbers in PostgreSQL's binary COPY: how many, then each with its length.
_PAIR = np.dtype([("n", ">i2"), ("l1", ">i4"), ("x", ">i8"), ("l2", ">i4"), ("y", ">i8")])
_HEAD, _TAIL = 19, 2


def number_pairs(query: str, values: Sequence[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the two columns of a query, both bigint and never empty."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY ({query}) TO STDOUT (FORMAT BINARY)"
            with connection.wrap_database_errors, cursor.copy(statement, values) as copy:
                data = b"".join(bytes(part) for part in copy)
            rows = np.frombuffer(data[_HEAD : len(data) - _TAIL], _PAIR)
            return rows["x"].astype(np.int64), rows["y"].astype(np.int64)
        cursor.execute(query, values)
        flat = np.fromiter(chain.from_iterable(cursor.fetchall()), np.int64)
        return flat[::2].copy(), flat[1::2].copy()


def number_and_text(query: str, values: Sequence[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the two columns of a query: a bigint and a text."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    numbers = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    texts = np.empty(len(rows), object)
    texts[:] = [row[1] for row in rows]
    return numbers, texts
