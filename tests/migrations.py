"""What hand-written migrations add to the tables, for tests, which run without migrations."""

from importlib import import_module
from types import SimpleNamespace

from django.db import connection


def refuse_overlaps(room):
    """Let the database refuse versions that overlap, as a room's second migration does."""
    check_now()
    migration = import_module(f"{room}.migrations.0002_dated_versions").Migration
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        for operation in migration.operations:
            operation.code(None, editor)


def check_now():
    """Ask for the constraints that PostgreSQL leaves to the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
