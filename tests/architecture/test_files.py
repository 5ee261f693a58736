"""Files: templates compile and carry no script, shelves are short, migrations are whole."""

import os
import subprocess
import sys

import pytest
from django.template.loader import get_template

from tests.architecture import guards

TEMPLATES = guards.ROOT / "templates"
PAGES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", PAGES)
def test_the_template_compiles(name):
    get_template(name)


def test_no_template_carries_handlers_or_scripts():
    found = {
        name: lines
        for name in PAGES
        if name.endswith(".html")
        and (lines := guards.inline_script((TEMPLATES / name).read_text("utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "text", ['<a href="#" onclick="go()">', "<script>go()</script>", "<script nonce='x'>1</script>"]
)
def test_a_planted_handler_is_found(text):
    assert guards.inline_script(text)


def test_an_own_script_file_is_not_a_handler():
    assert guards.inline_script('<script src="/static/a.js" defer></script>') == []


def test_no_file_has_outgrown_its_shelf():
    # The demo city's modules are mostly names and figures, one per room.
    shelves = [path for path in guards.sources(guards.ROOT) if "demo" not in path.parts]
    long = [line for path in shelves if (line := guards.too_long(path))]
    assert not long, f"make a package cut by noun: {long}"


def test_a_planted_long_file_is_found(tmp_path):
    (tmp_path / "views.py").write_text("x = 1\n" * 401)
    assert guards.too_long(tmp_path / "views.py")


def _migrations():
    return sorted(
        path for room in guards.ROOMS for path in (guards.ROOT / room).rglob("migrations/[0-9]*.py")
    )


def test_migrations_are_named_and_can_be_undone():
    assert [line for path in _migrations() for line in guards.migration_problems(path)] == []


def test_a_planted_migration_without_return_is_found(tmp_path):
    planted = tmp_path / "0002_auto_20240101.py"
    planted.write_text("operations = [migrations.RunPython(fill)]\n")
    assert len(guards.migration_problems(planted)) == 2


def test_an_empty_database_migrates_all_the_way_and_the_models_ask_for_no_more(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "ANSHANG_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/fresh.sqlite3",
    }
    for words in (["migrate", "--verbosity", "0"], ["makemigrations", "--check", "--dry-run"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=guards.ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
