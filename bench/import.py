# ruff: noqa: N999 - named for what it measures
"""What storing costs: our bulk path beside django-import-export, in CPU seconds a value.

`python bench/import.py --values 1000000 --sample 2000` stores the values of one department on
SQLite and, where BENCH_POSTGRES_URL names a server, on PostgreSQL; the other ways store a sample
and are given by the value. `--unknown` rows of enterprises nobody knows are imported as a table.
django-import-export is measured where it is installed; it overwrites, where ours supersedes.
`--values 50000 --sample 500 --unknown 5000` takes a minute once the tables are made. One JSON
object.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import _harness  # type: ignore[import-not-found]

ENTERPRISES = 2000


def main() -> int:
    """Measure on each database; return the exit code."""
    parser = _harness.arguments(__doc__ or "")
    parser.add_argument("--values", type=int, default=252_000)
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--unknown", type=int, default=100_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--inside", choices=("found", "store", "unknown", "others"))
    options = parser.parse_args()
    if options.inside:
        _harness.django()
        parts = {"found": _found, "store": _store, "unknown": _unknown, "others": _others}
        sys.stdout.write(json.dumps(parts[options.inside](options)))
        return 0
    words = [f"--{key}={getattr(options, key)}" for key in ("values", "sample", "unknown")]

    def on(url: str) -> dict[str, Any]:
        parts = ("found", "store", "unknown", "others")
        return {part: _harness.apart(__file__, url, "--inside", part, *words) for part in parts}

    results = _harness.on_databases(on, name="anshang_bench_import", only=options.only)
    _harness.report("import", results, values=options.values, sample=options.sample)
    return 0


def _found(_options: Any) -> dict[str, Any]:
    import _city  # noqa: PLC0415 - Django has to be started first

    _city.found(ENTERPRISES)
    return {"enterprises": ENTERPRISES}


def _values(count: int, year: int) -> Iterator[Any]:
    import _city  # noqa: PLC0415

    from crm.models import Enterprise  # noqa: PLC0415
    from profiles.services import Value  # noqa: PLC0415

    keys = list(Enterprise.objects.order_by("pk").values_list("pk", flat=True))
    ids = [version.indicator_id for version in _city.versions()]
    for number in range(count):
        pk, rest = keys[number % len(keys)], number // len(keys)
        month = date(year + rest // len(ids), 1, 1)
        yield Value(pk, ids[rest % len(ids)], month, month.replace(day=31), number % 9973, "")


def _store(options: Any) -> dict[str, Any]:
    """Store values that are new, and then the same with every other one changed."""
    from dataclasses import replace  # noqa: PLC0415

    import _city  # noqa: PLC0415

    from crm.models import Department  # noqa: PLC0415
    from profiles.services import record_values  # noqa: PLC0415

    department = Department.objects.get(code="tjj")

    def record(name: str, values: Iterator[Any]) -> dict[str, Any]:
        given = {"name": name, "sha256": name, "values": values, "at": _city.AT}
        work = lambda: record_values(actor=_city.ACTOR, department=department, **given)  # noqa: E731
        batch, told = _harness.costs(work)
        seconds = told["cpu_s"] + told.get("server_cpu_s", 0)
        counted = {"created": batch.created, "corrected": batch.corrected}
        return {**told, **counted, "values_a_second": round(options.values / seconds)}

    new = record("new", _values(options.values, 2015))
    changed = (
        replace(value, number_e4=value.number_e4 + n % 2)
        for n, value in enumerate(_values(options.values, 2015))
    )
    return {"new": new, "half_changed": record("half", changed)}


def _unknown(options: Any) -> dict[str, Any]:
    import _city  # noqa: PLC0415

    from crm.common.outbox.jobs import Unwatched  # noqa: PLC0415
    from profiles.enums import ReviewReason  # noqa: PLC0415
    from profiles.models import ImportBatch  # noqa: PLC0415
    from profiles.services.reports import ReviewRow  # noqa: PLC0415
    from profiles.services.reviewing import store_review  # noqa: PLC0415

    rows = [
        ReviewRow(n, "", f"荆门沙洋{n}号机械有限公司", ReviewReason.UNKNOWN)
        for n in range(options.unknown)
    ]
    batch = ImportBatch.objects.order_by("pk")[0]
    _none, told = _harness.costs(lambda: store_review(batch, rows, Unwatched(), 95))
    return {"rows": len(rows), "at": str(_city.AT.date()), **told}


def _others(options: Any) -> Any:
    """Store a sample with django-import-export: as documented, and with bulk and cached keys."""
    try:
        from import_export import fields, resources, widgets  # noqa: PLC0415
        from tablib import Dataset  # noqa: PLC0415
    except ImportError:
        return "left out: django-import-export is not installed"
    import _city  # noqa: PLC0415

    from crm.models import Enterprise  # noqa: PLC0415
    from profiles.models import ImportBatch, Indicator, Observation  # noqa: PLC0415

    batch = ImportBatch.objects.order_by("pk")[0]
    codes = dict(Enterprise.objects.values_list("pk", "uscc"))
    names = dict(Indicator.objects.values_list("pk", "code"))

    class Cached(widgets.ForeignKeyWidget):
        def clean(self, value: Any, row: Any = None, **_more: Any) -> Any:
            if not hasattr(self, "kept"):
                self.kept = {getattr(o, self.field): o for o in self.model.objects.all()}
            return self.kept[value]

    def resource(widget: Any, **meta: Any) -> Any:
        key = ("enterprise", "indicator", "period_start", "period_end")
        made = {"model": Observation, "fields": (*key, "number_e4"), "import_id_fields": key}

        def before_save(_self: Any, instance: Any, _row: Any, **_more: Any) -> None:
            instance.batch, instance.recorded_at = batch, _city.AT

        parts = {
            "enterprise": fields.Field("enterprise", "enterprise", widget(Enterprise, "uscc")),
            "indicator": fields.Field("indicator", "indicator", widget(Indicator, "code")),
            "before_save_instance": before_save,
            "Meta": type("Meta", (), {**made, **meta}),
        }
        return type("Sample", (resources.ModelResource,), parts)()

    def cost(year: int, made: Any) -> dict[str, Any]:
        data = Dataset(
            headers=["enterprise", "indicator", "period_start", "period_end", "number_e4"]
        )
        for value in _values(options.sample, year):
            who, what = codes[value.enterprise_id], names[value.indicator_id]
            data.append(
                [who, what, str(value.period_start), str(value.period_end), value.number_e4]
            )
        work = lambda: made.import_data(data, raise_errors=True)  # noqa: E731
        _result, told = _harness.costs(work)
        seconds = told["cpu_s"] + told.get("server_cpu_s", 0)
        return {**told, "values_a_second": round(options.sample / max(seconds, 0.01))}

    bulk = {"use_bulk": True, "batch_size": 5000, "skip_diff": True, "force_init_instance": True}
    return {
        "documented": cost(2001, resource(widgets.ForeignKeyWidget)),
        "tuned": cost(2002, resource(Cached, **bulk)),
    }


if __name__ == "__main__":
    sys.exit(main())
