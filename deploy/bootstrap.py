"""Make a working installation from a fresh clone: `python3 deploy/bootstrap.py`.

Standard library only, because nothing is installed yet. Each step is skipped when its input
has not changed, so that the second run takes seconds. A step that cannot work ends with one
sentence and a non-zero exit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterable

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = Path(os.environ.get("ANSHANG_VAR", ROOT / "var"))
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMPS = VAR / "setup.json"
DEMO_TODAY = "2024-09-12"


class SetupError(Exception):
    """The sentence that tells what to do."""


def main() -> int:
    """Run the steps; return the exit code."""
    parser = argparse.ArgumentParser(description="Set up Anshang.")
    parser.add_argument("--dev", action="store_true", help="also what the checks need")
    parser.add_argument("--bare", action="store_true", help="no database, no demo city")
    parser.add_argument("--port", type=int, help="check that this port is free first")
    options = parser.parse_args()
    try:
        check_python(sys.version_info[:2])
        if options.port:
            check_port(options.port)
        step("environment", make_environment)
        step("packages", lambda: install("requirements.txt"))
        if options.dev:
            step("packages for checks", lambda: install("requirements-dev.txt"))
        step("browser assets", fetch_assets)
        step("language catalogues", compile_catalogues)
        if not options.bare:
            step("database", migrate)
            step("demo city", seed)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; `make setup` goes on where it was.", file=sys.stderr)
        return 130
    return 0


def step(name: str, work: Callable[[], None]) -> None:
    """Run one step and print its seconds."""
    began = time.monotonic()
    print(f"- {name} … ", end="", flush=True)
    work()
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def check_python(version: tuple[int, ...]) -> None:
    """Raise when this Python is too old to run the product."""
    if version < (3, 11):
        raise SetupError(
            f"Python {version[0]}.{version[1]} is too old: install Python 3.11 or newer and call "
            "`make setup PYTHON=python3.11`."
        )


def check_port(port: int) -> None:
    """Raise when somebody else listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise SetupError(
                f"Port {port} is taken or not allowed: stop what listens there, or call "
                "`make demo PORT=8010`."
            ) from None


def make_environment() -> None:
    """Make .venv when it is not there."""
    if PYTHON.exists():
        return
    done = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if done.returncode:
        raise SetupError(
            "The environment could not be made: this Python has no venv or pip. On Debian and "
            "Ubuntu: apt install python3-venv."
        )


def install(lock: str) -> None:
    """Install a hash-locked list by uv, or by pip where uv cannot be had or does not reach."""
    stamp = VENV / f".{lock}.sha256"
    wanted = digest([ROOT / lock])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    uv = shutil.which("uv") or str(VENV / "bin" / "uv")
    if not Path(uv).exists():
        run([*pip, "--require-hashes", "-r", str(ROOT / "deploy" / "uv.txt")])
    tools = (
        [[uv, "pip", "install", "--python", str(PYTHON), "--quiet"]] if Path(uv).exists() else []
    )
    for tool in [*tools, pip]:
        done = run([*tool, "--require-hashes", "-r", str(ROOT / lock)])
        if done.returncode == 0:
            stamp.write_text(wanted)
            return
    last = last_line(done)
    raise SetupError(
        f"The packages of {lock} could not be installed ({last}): connect to the package "
        "registry, or point pip at a mirror or a wheel folder (docs/operations.md)."
    )


def fetch_assets() -> None:
    """Get the browser files unless they are there as locked."""
    inputs = [
        ROOT / "crm/common/face/assets.lock.json",
        ROOT / "crm/common/static/anshang/icons.txt",
    ]
    wanted = digest(inputs)
    if (VAR / "assets/vendor/.stamp").exists() and stamps().get("assets") == wanted:
        return
    manage("fetch_assets")
    remember("assets", wanted)


def compile_catalogues() -> None:
    """Compile the catalogues that changed."""
    pairs = [(po, po.with_suffix(".mo")) for po in (ROOT / "locale").rglob("*.po")]
    if all(mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime for po, mo in pairs):
        return
    manage("compile_catalogues")


def migrate() -> None:
    """Bring the database to the models, unless it was with these very migrations."""
    files = sorted(path for path in ROOT.glob("*/**/migrations/*.py") if ".venv" not in path.parts)
    wanted = f"{database_mark()} {digest([*files, ROOT / 'requirements.txt'])}"
    if "file" in wanted and stamps().get("database") == wanted:
        return
    manage("migrate", "--verbosity", "0")
    remember("database", f"{database_mark()} {wanted.split()[-1]}")


def seed() -> None:
    """Build the demo city in a database that has none; seed_demo itself leaves data alone."""
    mark = database_mark()
    if mark.startswith("file") and stamps().get("demo") == mark:
        return
    manage("seed_demo", ANSHANG_TODAY=os.environ.get("ANSHANG_TODAY", DEMO_TODAY))
    remember("demo", mark)


def database_mark() -> str:
    """Return what tells this database file from another; servers are asked every time."""
    url = os.environ.get("DATABASE_URL", "")
    if url and not url.startswith("sqlite:///"):
        return "server"
    path = Path(url[len("sqlite:///") :]) if url else VAR / "anshang.sqlite3"
    return f"file:{path}:{path.stat().st_ino}" if path.exists() else "none"


def stamps() -> dict[str, str]:
    """Return what earlier runs remembered."""
    try:
        return json.loads(STAMPS.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def remember(key: str, value: str) -> None:
    """Write down that a step is done for this input."""
    VAR.mkdir(parents=True, exist_ok=True)
    STAMPS.write_text(json.dumps({**stamps(), key: value}, indent=1), "utf-8")


def digest(paths: Iterable[Path]) -> str:
    """Return the hash of some files together."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def manage(*words: str, **variables: str) -> None:
    """Run a management command; pass its last sentence on when it fails."""
    done = run([str(PYTHON), str(ROOT / "manage.py"), *words], {**os.environ, **variables})
    if done.returncode:
        raise SetupError(re.sub(r"^CommandError: ", "", last_line(done)))


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the sentence a failed command ended with."""
    return ((done.stderr.strip() or done.stdout.strip()).splitlines() or ["no message"])[-1]


def run(
    command: list[str], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command quietly in the project's folder."""
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
