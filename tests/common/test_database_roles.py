"""The application's role in the database: it does the day's work and cannot touch the audit."""

import os
import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from crm.common.records import chain
from crm.common.records.models import AuditEvent
from tests.architecture import guards
from tests.issues.factories import Cast
from tests.migrations import check_now, migrated

ROLES = guards.ROOT / "deploy" / "roles.sql"
WRITTEN_ONCE = re.compile(r"append_only\(\s*\"(\w+)\"")


def psql(database, *asked):
    """Run psql on a database of the test's server."""
    given = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    env = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    command = ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", database, *asked]
    subprocess.run(command, env={**os.environ, **env}, check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def role(django_db_setup, django_db_blocker):
    """The role that deploy/roles.sql makes, in the database of the tests."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    if shutil.which("psql") is None:
        pytest.skip("psql is not installed")
    with django_db_blocker.unblock():
        if not migrated():
            pytest.skip("only a database made by migrations is complete")
    database = connection.settings_dict["NAME"]
    app, owner = f"{database}_app".lower(), connection.settings_dict["USER"]
    wanted = ["-v", f"app={app}", "-v", f"owner={owner}", "-v", "password=test"]
    psql(database, *wanted, "-f", str(ROLES))
    psql(database, *wanted, "-f", str(ROLES))  # an upgrade runs it again
    yield app
    psql(database, "-c", f'DROP OWNED BY "{app}"', "-c", f'DROP ROLE "{app}"')


@pytest.fixture
def as_app(role, db):
    """Work as the application's role until the test ends."""
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{role}"')
        cursor.execute("SELECT current_user, session_user = current_user")
        assert cursor.fetchone() == (role, False)
        yield cursor
        cursor.execute("RESET ROLE")


def test_the_application_does_its_days_work(as_app, client):
    cast = Cast()
    issue = cast.closed()
    client.force_login(cast.lead)
    answer = client.get(reverse("staff:issues:issue_detail", args=[issue.pk]))
    assert issue.number in answer.content.decode()
    chain.seal()
    assert chain.verify(chain.current_head()).is_sound
    assert not AuditEvent.objects.filter(seq=None).exists()
    check_now()


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE common_auditevent CASCADE",
        "TRUNCATE issues_issue CASCADE",
        "UPDATE common_auditevent SET note = 'x'",
        "DELETE FROM common_auditevent",
        "UPDATE common_auditseal SET head = 'x'",
        "DELETE FROM common_auditsheet",
        "DELETE FROM common_transition",
        "UPDATE common_transition SET reason = 'x'",
        "UPDATE crm_registerentry SET attribute = 'x'",
        "ALTER TABLE common_auditevent DISABLE TRIGGER ALL",
        "DROP TRIGGER common_auditevent_append_only ON common_auditevent",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
        "CREATE TABLE public.planted (id int)",
    ],
)
def test_the_application_cannot_touch_what_is_on_record(as_app, statement):
    refused = "permission denied|must be owner"
    with pytest.raises(DatabaseError, match=refused), transaction.atomic():
        as_app.execute(statement)


def test_every_table_that_is_written_once_is_in_the_file():
    written = set()
    for room in guards.LABELS:
        folder = guards.ROOT / ("crm/common" if room == "common" else room) / "migrations"
        for path in folder.glob("*.py"):
            written |= set(WRITTEN_ONCE.findall(path.read_text("utf-8")))
    revoked = re.search(r"REVOKE UPDATE, DELETE ON ([\w, ]+)", ROLES.read_text("utf-8"))
    assert written == set(revoked[1].replace(",", " ").split())
    assert len(written) >= 4
