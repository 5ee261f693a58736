"""What hand-written migrations add to the tables: there on a run with migrations, else on demand.

`make test` makes its tables without migrations, `make test-services` with them.
"""

from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def migrated():
    """Say whether the tables were made by the migrations, triggers included."""
    return bool(MigrationRecorder(connection).applied_migrations())


def run_operations(path, direction="code"):
    """Apply what the operations of a migration add, or take it back with `reverse_code`."""
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        for operation in import_module(path).Migration.operations:
            getattr(operation, direction)(None, editor)


def refuse_overlaps(room):
    """Let the database refuse versions that overlap, as a room's second migration does."""
    check_now()
    if not migrated():
        run_operations(f"{room}.migrations.0002_dated_versions")


def check_now():
    """Ask for the constraints that PostgreSQL leaves to the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def triggers_off():
    """Do what only the owner of the database can: write while no trigger looks."""
    switches = connection.vendor == "postgresql" and migrated()
    with connection.cursor() as cursor:
        if switches:
            cursor.execute("SET session_replication_role = replica")
        yield
        if switches:
            cursor.execute("SET session_replication_role = DEFAULT")
