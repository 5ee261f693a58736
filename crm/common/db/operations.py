"""Migration operations that know both databases."""

from typing import Any

from django.db import migrations


def _run(postgresql: list[str], sqlite: list[str]) -> Any:
    def apply(apps: Any, schema_editor: Any) -> None:
        statements = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
        for statement in statements:
            schema_editor.execute(statement)

    return apply


def trigram_index(table: str, *columns: str) -> migrations.RunPython:
    """Return an operation that lets PostgreSQL answer `LIKE '%part%'` from an index.

    SQLite scans: 50,000 short rows take it some 20 ms.
    """
    names = {column: f"{table}_{column}_trgm" for column in columns}
    make = ["CREATE EXTENSION IF NOT EXISTS pg_trgm"] + [
        f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin ({column} gin_trgm_ops)"
        for column, name in names.items()
    ]
    drop = [f"DROP INDEX IF EXISTS {name}" for name in names.values()]
    return migrations.RunPython(_run(make, []), _run(drop, []), elidable=False)


def append_only(table: str, *, fills: tuple[str, ...] = ()) -> migrations.RunPython:
    """Return an operation after which the database refuses to change, delete or truncate rows.

    `fills` names columns that may be filled once, together, while the last of them is empty.
    """
    trigger = f"{table}_append_only"
    message = f"{table} is append-only"
    empty = f"OLD.{fills[-1]} = ''" if fills else "FALSE"
    others = "".join(f" - '{column}'" for column in fills)
    postgresql = [
        f"""CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            IF {empty} AND (to_jsonb(NEW){others}) = (to_jsonb(OLD){others}) THEN
              RETURN NEW;
            END IF;
          END IF;
          RAISE EXCEPTION '{message}';
        END $$""",
        f"""CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {trigger}()""",
        f"""CREATE TRIGGER {trigger}_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {trigger}()""",
    ]
    sqlite = [
        f"""CREATE TRIGGER {trigger}_update BEFORE UPDATE ON {table}
        WHEN NOT ({empty.replace("FALSE", "0")} {{same}})
        BEGIN SELECT RAISE(ABORT, '{message}'); END""",
        f"""CREATE TRIGGER {trigger}_delete BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, '{message}'); END""",
    ]
    undo_postgresql = [
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}",
        f"DROP TRIGGER IF EXISTS {trigger}_truncate ON {table}",
        f"DROP FUNCTION IF EXISTS {trigger}()",
    ]
    undo_sqlite = [f"DROP TRIGGER IF EXISTS {trigger}_{verb}" for verb in ("update", "delete")]

    def apply(apps: Any, schema_editor: Any) -> None:
        same = _same_columns(schema_editor.connection, table, fills)
        _run(postgresql, [text.format(same=same) for text in sqlite])(apps, schema_editor)

    return migrations.RunPython(apply, _run(undo_postgresql, undo_sqlite), elidable=False)


def _same_columns(connection: Any, table: str, but: tuple[str, ...]) -> str:
    """Return the condition that no column of a table changes but those named."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
    names = [column.name for column in columns if column.name not in but]
    return "".join(f" AND NEW.{name} IS OLD.{name}" for name in names)


def no_overlap(table: str, *key: str, where: str = "") -> migrations.RunPython:
    """Return an operation after which the versions of one entry cannot overlap in time.

    The table has `effective_from` and `effective_to` (empty: still in force); `key` are the
    columns that name the entry. `where` leaves out rows that have no days yet, or none at all:
    PostgreSQL would take them for days without end.
    """
    name = f"{table}_no_overlap"
    only = f"WHERE ({where})" if where else ""
    equal = ", ".join(f"{column} WITH =" for column in key)
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    postgresql = [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        f"""ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist
        ({equal}, daterange(effective_from, effective_to, '[]') WITH &&)
        {only} DEFERRABLE INITIALLY DEFERRED""",
    ]
    sqlite = [
        f"""CREATE TRIGGER {name}_{verb.lower()} BEFORE {verb} ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {same} AND id IS NOT NEW.id
          AND effective_from <= COALESCE(NEW.effective_to, '9999-12-31')
          AND COALESCE(effective_to, '9999-12-31') >= NEW.effective_from)
        BEGIN SELECT RAISE(ABORT, '{table}: versions overlap'); END"""  # noqa: S608 - names of ours
        for verb in ("INSERT", "UPDATE")
    ]
    undo_postgresql = [f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"]
    undo_sqlite = [f"DROP TRIGGER IF EXISTS {name}_{verb}" for verb in ("insert", "update")]
    return migrations.RunPython(
        _run(postgresql, sqlite), _run(undo_postgresql, undo_sqlite), elidable=False
    )
