"""What every measurement shares: repeat, summarise, name the machine, print one JSON object."""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
