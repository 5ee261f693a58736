"""What a feature snapshot costs: CPU seconds and memory, from observations to the Parquet file.

`python bench/snapshot.py --enterprises 50000 --months 24` fills a city (by the rhythm of the
catalogue; `--every-month` gives all 126 indicators in every month) on SQLite and, where
BENCH_POSTGRES_URL names a server, on PostgreSQL, and builds the snapshot in a process of its
own. `--enterprises 1000` takes a minute. One JSON object.
"""

import json
import sys
from typing import Any

import _harness  # type: ignore[import-not-found]


def main() -> int:
    """Measure on each database; return the exit code."""
    parser = _harness.arguments(__doc__ or "")
    parser.add_argument("--enterprises", type=int, default=50_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--every-month", action="store_true")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--inside", choices=("fill", "build"), help="a part, on DATABASE_URL")
    options = parser.parse_args()
    if options.inside:
        _harness.django()
        part = _fill if options.inside == "fill" else _build
        sys.stdout.write(json.dumps(part(options)))
        return 0
    results = _harness.on_databases(
        lambda url: _measured(url, options), name="anshang_bench_snapshot", only=options.only
    )
    sizes = {"enterprises": options.enterprises, "months": options.months}
    _harness.report("snapshot", results, **sizes, aim={"cpu_s": 60, "peak_mb": 1000})
    return 0


def _measured(url: str, options: Any) -> dict[str, Any]:
    words = ["--enterprises", str(options.enterprises), "--months", str(options.months)]
    words += ["--every-month"] if options.every_month else []
    filled = _harness.apart(__file__, url, "--inside", "fill", *words)
    built = _harness.apart(__file__, url, "--inside", "build", *words)
    rows, seconds = filled["observations"], built["cpu_s"] + built.get("server_cpu_s", 0)
    return {**filled, **built, "microseconds_a_value": round(seconds / rows * 1e6, 2)}


def _fill(options: Any) -> dict[str, Any]:
    import _city  # noqa: PLC0415 - Django has to be started first
    from django.db import connection  # noqa: PLC0415

    _city.found(options.enterprises)
    count = _city.report(options.months, options.every_month)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"observations": count}


def _build(_options: Any) -> dict[str, Any]:
    import _city  # noqa: PLC0415

    from profiles.services import build_snapshot  # noqa: PLC0415

    day = _city.AT.date()
    row, told = _harness.costs(lambda: build_snapshot(actor=_city.ACTOR, as_of=day, at=_city.AT))
    return {**told, "rows": row.rows, "features": len(row.columns)}


if __name__ == "__main__":
    sys.exit(main())
