"""The import contracts hold, and each one breaks when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import guards

PLANTED = {
    "An app imports only from the apps to its left": (
        "crm/services/planted.py",
        "import issues.apps\n",
    ),
    "The ground floor knows no room": ("crm/common/planted.py", "import issues.apps\n"),
    "A room has shelves, and a shelf imports only those below it": (
        "issues/helpers.py",
        "X = 1\n",
    ),
    "Rules and benefits are plain Python": ("profiles/rules/planted.py", "import django.db\n"),
}


def lint(tree: Path) -> str:
    """Run the contracts on a tree and return what was said."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ".importlinter"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path):
    """Return a copy of the product's Python files, nothing else."""
    for path in guards.ROOT.glob(".importlinter"):
        shutil.copy(path, tmp_path)
    for room in guards.ROOMS:
        for source in (guards.ROOT / room).rglob("*.py"):
            target = tmp_path / source.relative_to(guards.ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return tmp_path


def test_the_contracts_hold():
    said = lint(guards.ROOT)
    assert "0 broken" in said, said


def test_the_ground_floor_does_not_import_the_room_around_it(tree):
    (tree / "crm/common/planted.py").write_text("def f():\n    import crm.models\n")
    assert "crm.common.planted -> crm.models" in lint(tree)


def test_nobody_opens_another_rooms_back_doors():
    assert guards.back_doors(guards.ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "import crm.views.home\n",
        "from crm import forms\n",
        "def f():\n    from issues.tasks import x\n",
    ],
)
def test_a_planted_back_door_is_found(tmp_path, text):
    (tmp_path / "cms").mkdir()
    (tmp_path / "cms" / "views.py").write_text(text)
    assert guards.back_doors(tmp_path)


def test_each_contract_breaks_when_it_is_broken(tree):
    for name, text in PLANTED.values():
        path = tree / name
        for folder in reversed(path.relative_to(tree).parents):
            package = tree / folder
            package.mkdir(exist_ok=True)
            if folder.parts and not (package / "__init__.py").exists():
                (package / "__init__.py").touch()
        path.write_text(text)
    said = lint(tree)
    missed = [name for name in PLANTED if f"{name} BROKEN" not in said]
    assert not missed, said
