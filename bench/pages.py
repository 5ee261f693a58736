"""How long every page takes with 50,000 enterprises, and how often it asks the database.

`python bench/pages.py` makes a demo city in a SQLite file of its own and, where
BENCH_POSTGRES_URL names a server, in a database `anshang_bench` there, which it drops at the
end. Every list, every record page, Today, the search, the bulletin and the portal are opened
as the person who sees most of them. One JSON object; the exit code is 1 when a page breaks a
limit: 15 queries or 15 ms of CPU on a list, a median of 300 ms on any page. CPU is the whole
process: the view, the templates and Django's part of the queries, with SQLite the queries too.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import _harness  # type: ignore[import-not-found]

MOST_QUERIES, MOST_MS, MOST_CPU = 15, 300.0, 15.0
TODAY, MONTH = "2024-09-12", "2024-08"
NAME = "anshang_bench"
SERVER = "BENCH_POSTGRES_URL"
WORDS = {"pinyin": "jh", "part": "泵业", "code": "91429006MA4TE5T05F"}
FINE, NOT_THEIRS = 200, 403
NOT_A_PAGE = 405  # an address that only takes forms
# A screen that fills a form or answers a fragment is not a page somebody waits for.
SCREENS = ("_list", "_detail", "_create", "_log", "today", "home", "inbox_list")


def main() -> int:
    """Measure on each database in a process of its own; return the exit code."""
    parser = _harness.arguments(__doc__ or "")
    parser.add_argument("--enterprises", type=int, default=50_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--pages", default="", help="only pages whose name holds this")
    parser.add_argument("--inside", action="store_true", help="measure DATABASE_URL itself")
    options = parser.parse_args()
    if options.inside:
        _harness.django()
        sys.stdout.write(json.dumps(_pages(options.runs, options.pages)))
        return 0
    results: dict[str, Any] = {}
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            results["sqlite"] = _city(url, options)
    if options.only != "sqlite":
        results["postgresql"] = _on_server(options)
    broken = list(_broken(results))
    _harness.report(
        "pages",
        results,
        enterprises=options.enterprises,
        limits={
            "queries_of_a_list": MOST_QUERIES,
            "cpu_ms_of_a_list": MOST_CPU,
            "median_ms": MOST_MS,
        },
        broken=broken,
    )
    return 1 if broken else 0


def _on_server(options: Any) -> Any:
    import psycopg  # noqa: PLC0415 - the measurement on SQLite needs no driver
    from psycopg import sql  # noqa: PLC0415

    server = os.environ.get(SERVER, "")
    if not server:
        return f"left out: set {SERVER} to postgres://user@host:port/postgres"
    name = sql.Identifier(NAME)
    with psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
        try:
            own = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
            return _city(own, options)
        finally:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _city(url: str, options: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "DATABASE_URL": url, "ANSHANG_TODAY": TODAY}
        env["ANSHANG_VAR"] = folder
        manage = [sys.executable, str(_harness.ROOT / "manage.py")]
        for words in (
            ["migrate", "-v", "0"],
            ["seed_demo", "--enterprises", str(options.enterprises)],
        ):
            subprocess.run([*manage, *words], env=env, check=True, stdout=sys.stderr)
        itself = [sys.executable, __file__, "--inside", "--runs", str(options.runs)]
        itself += ["--pages", options.pages]
        told = subprocess.run(itself, env=env, check=True, stdout=subprocess.PIPE)
        return json.loads(told.stdout)


def _pages(runs: int, wanted: str) -> dict[str, Any]:
    """Measure every page of this database."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    import crm.wsgi  # noqa: F401, PLC0415 - measured as it is served
    from crm.common.people.models import User  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    found: dict[str, Any] = {}
    for key, reader, url in _addresses():
        username = reader
        if wanted not in key:
            continue
        client = Client()
        client.force_login(User.objects.get(username=username))
        look = partial(_look, client, url)
        status = look()
        if status == NOT_THEIRS:
            username = "admin"
            client.force_login(User.objects.get(username=username))
            status = look()
        if status != FINE:
            continue
        with CaptureQueriesContext(connection) as asked:
            look()
        queries = len(asked)  # the next request empties the log
        measured = _harness.measure(look, runs=runs, warm=1)
        found[key] = {"url": url, "as": username, "queries": queries, **measured}
    return found


def _look(client: Any, url: str) -> int:
    status: int = client.get(url).status_code
    if status not in (FINE, NOT_A_PAGE, NOT_THEIRS):
        raise SystemExit(f"{url} answered {status}.")
    return status


def _addresses() -> Iterator[tuple[str, str, str]]:
    """Yield every screen with who opens it: those without an argument, and those of a record."""
    from django.urls import reverse  # noqa: PLC0415

    for area, room, name, has_record in _screens():
        path = f"{area}:{room}:{name}"
        username = "enterprise" if area == "portal" else "leader"
        if name.endswith(("_create", "_log")):
            username = "agent"
        if not has_record:
            yield path, username, reverse(path)
        elif record := _record(room, name, username):
            yield path, username, reverse(path, args=[record])
    yield "staff:cms:today as agent", "agent", reverse("staff:cms:today")
    yield "staff:cms:today as handler", "handler", reverse("staff:cms:today")
    for kind, words in WORDS.items():
        yield f"staff:cms:search {kind}", "leader", f"{reverse('staff:cms:search')}?q={words}"
    yield "staff:cms:bulletin_detail", "leader", reverse("staff:cms:bulletin_detail", args=[MONTH])
    for key in ("projects", "observations"):
        url = reverse("staff:cms:figure_detail", args=[MONTH, key])
        yield f"staff:cms:figure_detail {key}", "leader", url


def _screens() -> Iterator[tuple[str, str, str, bool]]:
    from django.conf import settings  # noqa: PLC0415
    from django.utils.module_loading import module_has_submodule  # noqa: PLC0415

    for room in settings.ROOMS:
        package = import_module(room)
        for area in ("staff", "portal"):
            if not module_has_submodule(package, f"{area}_urls"):
                continue
            urls = import_module(f"{room}.{area}_urls")
            for pattern in urls.urlpatterns:
                places = pattern.pattern.converters
                if pattern.name.endswith(SCREENS) and set(places) <= {"pk"}:
                    yield area, urls.app_name, pattern.name, bool(places)


def _record(room: str, name: str, username: str) -> Any:
    """Return the newest record of the noun of a screen its reader may see."""
    from django.apps import apps  # noqa: PLC0415

    from crm.common.people.identity import actor_for  # noqa: PLC0415
    from crm.common.people.models import User  # noqa: PLC0415

    noun = name.rsplit("_", 1)[0].replace("_", "")
    try:
        model = apps.get_model(room, noun)
    except LookupError:
        return None
    actor = actor_for(User.objects.get(username=username))
    return (
        model._default_manager.visible_to(actor)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )


def _broken(results: dict[str, Any]) -> Iterator[str]:
    for database, pages in results.items():
        if isinstance(pages, str):
            continue
        for key, page in pages.items():
            if page["median_ms"] > MOST_MS:
                yield f"{database} {key}: median {page['median_ms']} ms"
            if "_list" in key and page["queries"] > MOST_QUERIES:
                yield f"{database} {key}: {page['queries']} queries"
            if "_list" in key and page["cpu_ms"] > MOST_CPU:
                yield f"{database} {key}: {page['cpu_ms']} ms of CPU"


if __name__ == "__main__":
    sys.exit(main())
