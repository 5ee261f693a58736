"""What every measurement shares: repeat, summarise, name the machine, print one JSON object."""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SERVER = "BENCH_POSTGRES_URL"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def django(settings: str = "crm.settings") -> None:
    """Start Django for a script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    import django as framework  # noqa: PLC0415 - a script decides when Django starts

    framework.setup()


def measure(work: Callable[[], Any], *, runs: int = 20, warm: int = 3) -> dict[str, float]:
    """Return milliseconds of `runs` calls after `warm` unmeasured ones, and the CPU they took."""
    for _ in range(warm):
        work()
    times, cpu = [], []
    for _ in range(runs):
        began, busy = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
    return {**summary(times), "cpu_ms": round(statistics.median(cpu), 1)}


def summary(milliseconds: list[float]) -> dict[str, float]:
    """Return the figures that are reported; the p95 is the nearest-rank one."""
    ordered = sorted(milliseconds)
    rank = max(0, -(-95 * len(ordered) // 100) - 1)
    return {
        "runs": len(ordered),
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[rank], 1),
        "least_ms": round(ordered[0], 1),
        "most_ms": round(ordered[-1], 1),
    }


def machine() -> dict[str, Any]:
    """Say where the figures were taken."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with what every script understands."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--runs", type=int, default=20, help="measured calls of each thing")
    return parser


def report(name: str, results: Any, **more: Any) -> None:
    """Print the one JSON object of a script."""
    found = {"bench": name, "machine": machine(), **more, "results": results}
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")


def on_databases(
    work: Callable[[str], Any], *, name: str, only: str | None = None
) -> dict[str, Any]:
    """Do work with the address of a fresh SQLite file and of a fresh database on the server.

    BENCH_POSTGRES_URL names the server; the database is dropped at the end.
    """
    results: dict[str, Any] = {}
    if only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            results["sqlite"] = work(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
    if only != "sqlite":
        results["postgresql"] = _on_server(work, name)
    return results


def _on_server(work: Callable[[str], Any], name: str) -> Any:
    import psycopg  # noqa: PLC0415 - the measurement on SQLite needs no driver
    from psycopg import sql  # noqa: PLC0415

    server = os.environ.get(SERVER, "")
    if not server:
        return f"left out: set {SERVER} to postgres://user@host:port/postgres"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
    with psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as db:
        db.execute(drop)
        db.execute(make.format(sql.Identifier(name)))
        try:
            return work(urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
        finally:
            db.execute(drop)


def apart(script: str, url: str, *words: str) -> Any:
    """Run a part of a script in a process of its own on a database; return what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "DATABASE_URL": url, "ANSHANG_VAR": folder}
        command = [sys.executable, script, *words]
        told = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
        return json.loads(told.stdout)


def costs(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Do work once; return what it returns, its CPU seconds here and, where the server is on
    this machine, of the connection there, and the most memory this process ever held."""
    from django.db import connection  # noqa: PLC0415

    server = _server_seconds(connection)
    began = time.process_time()
    result = work()
    told = {"cpu_s": round(time.process_time() - began, 2)}
    after = _server_seconds(connection)
    if server is not None and after is not None:
        told["server_cpu_s"] = round(after - server, 2)
    told["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return result, told


def _server_seconds(connection: Any) -> float | None:
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.is_file():
        return None
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
