"""Make a working installation from a fresh clone: `python3 deploy/bootstrap.py [--demo]`.

Standard library only, because nothing is installed yet. Each step is skipped when its input
has not changed, so that the second run takes seconds. A step that cannot work ends with one
sentence and a non-zero exit.
"""

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = Path(os.environ.get("ANSHANG_VAR", ROOT / "var"))
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class StepFailed(Exception):
    """The sentence that tells what to do."""


def main() -> int:
    """Run the steps; return the exit code."""
    parser = argparse.ArgumentParser(description="Set up Anshang.")
    parser.add_argument("--dev", action="store_true", help="also what the checks need")
    parser.add_argument("--bare", action="store_true", help="no database, no demo city")
    parser.add_argument("--port", type=int, help="check that this port is free first")
    options = parser.parse_args()
    try:
        if sys.version_info < (3, 11):
            found = ".".join(map(str, sys.version_info[:2]))
            raise StepFailed(
                f"Python {found} is too old: install Python 3.11 or newer and call "
                "`make setup PYTHON=python3.11`."
            )
        if options.port:
            check_port(options.port)
        step("environment", make_environment)
        step("packages", lambda: install("requirements.txt"))
        if options.dev:
            step("packages for checks", lambda: install("requirements-dev.txt"))
        step("browser assets", lambda: manage("fetch_assets"))
        step("language catalogues", lambda: manage("compile_catalogues"))
        if not options.bare:
            step("database", lambda: manage("migrate", "--verbosity", "0"))
            step("demo city", lambda: manage("seed_demo"))
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


def step(name: str, work) -> None:  # noqa: ANN001 - a plain callable
    """Run one step and print its seconds."""
    began = time.monotonic()
    print(f"- {name} … ", end="", flush=True)
    work()
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def check_port(port: int) -> None:
    """Raise when somebody else listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise StepFailed(
                f"Port {port} is taken: stop what listens there, or call `make demo PORT=8010`."
            ) from None


def make_environment() -> None:
    """Make .venv when it is not there."""
    if PYTHON.exists():
        return
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        raise StepFailed(
            "The environment could not be made: this Python has no venv or pip. On Debian and "
            "Ubuntu: apt install python3-venv."
        )


def install(lock: str) -> None:
    """Install a hash-locked list by uv, or by pip where uv cannot be had."""
    text = (ROOT / lock).read_bytes()
    stamp = VENV / f".{lock}.sha256"
    wanted = hashlib.sha256(text).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv = shutil.which("uv") or VENV / "bin" / "uv"
    if not Path(uv).exists():
        run([str(PYTHON), "-m", "pip", "install", "--quiet", "uv"])
    tool = [str(uv), "pip", "install", "--python", str(PYTHON), "--quiet"]
    if not Path(uv).exists():
        tool = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    done = run([*tool, "--require-hashes", "-r", str(ROOT / lock)])
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise StepFailed(
            f"The packages of {lock} could not be installed ({last}): connect to the package "
            "registry, or point pip at a mirror or a wheel folder (docs/operations.md)."
        )
    stamp.write_text(wanted)


def manage(*words: str) -> None:
    """Run a management command; pass its last sentence on when it fails."""
    environment = {**os.environ}
    if "seed_demo" in words:
        environment.setdefault("ANSHANG_TODAY", "2024-09-12")
    done = run([str(PYTHON), str(ROOT / "manage.py"), *words], environment)
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        raise StepFailed(lines[-1])


def run(command: list[str], environment: dict[str, str] | None = None):  # noqa: ANN201
    """Run a command quietly in the project's folder."""
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())
