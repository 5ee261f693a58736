"""Setting up: what cannot work is said in one sentence, what is done is not done again."""

import ast
import importlib.util
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "deploy" / "bootstrap.py"


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """The script, with its folders moved away from the real ones."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv/bin/python",
        "VAR": tmp_path / "var",
        "STAMPS": tmp_path / "var/setup.json",
    }.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return module


@pytest.fixture
def ran(setup, monkeypatch):
    """The commands the script ran; none is really run."""
    commands = []

    def run(command, environment=None):
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(setup, "run", run)
    return commands


def test_an_old_python_can_read_the_script_and_is_told(setup):
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))
    with pytest.raises(setup.SetupError, match=r"Python 3\.9 is too old"):
        setup.check_python((3, 9))
    setup.check_python((3, 11))


def test_a_taken_port_is_one_sentence_and_no_traceback():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = subprocess.run(
            [sys.executable, str(SCRIPT), "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_packages_are_installed_once_per_lock(setup, ran, tmp_path):
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("a==1")
    setup.install("requirements.txt")
    first = len(ran)
    assert first >= 1
    setup.install("requirements.txt")
    assert len(ran) == first
    (tmp_path / "requirements.txt").write_text("a==2")
    setup.install("requirements.txt")
    assert len(ran) > first


def test_packages_that_cannot_be_had_are_one_sentence(setup, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("a==1")
    failed = subprocess.CompletedProcess([], 1, "", "long story\nno route to host\n")
    monkeypatch.setattr(setup, "run", lambda *words: failed)
    with pytest.raises(setup.SetupError, match="no route to host") as problem:
        setup.install("requirements.txt")
    assert "long story" not in str(problem.value)


def test_a_database_is_migrated_and_seeded_once(setup, ran, tmp_path):
    (tmp_path / "requirements.txt").write_text("a==1")
    database = tmp_path / "var/anshang.sqlite3"
    database.parent.mkdir()
    database.touch()
    for _ in range(2):
        setup.migrate()
        setup.seed()
    assert [command[2] for command in ran] == ["migrate", "seed_demo"]
    database.rename(tmp_path / "var/old.sqlite3")
    database.touch()
    setup.migrate()
    setup.seed()
    assert len(ran) == 4


def test_a_server_database_is_asked_every_time(setup, ran, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("a==1")
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@localhost/x")
    for _ in range(2):
        setup.migrate()
        setup.seed()
    assert len(ran) == 4


def test_a_failed_command_passes_its_sentence_on(setup, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "x\nCommandError: The disk is full: make room.")
    monkeypatch.setattr(setup, "run", lambda *words: failed)
    with pytest.raises(setup.SetupError) as problem:
        setup.manage("migrate")
    assert str(problem.value) == "The disk is full: make room."
