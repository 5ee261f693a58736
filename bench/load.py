"""How much the city's server carries: requests at a fixed rate, whether answers come or not.

`LOAD_POSTGRES_URL=postgres://user@host:port/name python bench/load.py` serves that database, which
holds a demo city, with gunicorn as deploy/anshang-web.service does, signs people in and asks: 60 %
lists and homes, 20 % records, 10 % policies, 5 % searches, 5 % writes (each an issue logged). The
model is open: a request is due at its moment, so its time counts from there and a queue that grows
is seen. One JSON object per rate and the highest rate that holds; the exit code is 1 when 50
requests a second do not hold (p95 of 300 ms, no error).
"""

import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import _harness  # type: ignore[import-not-found]

SERVER, PORT, TODAY = "LOAD_POSTGRES_URL", 8790, "2024-09-12"
GOAL, MOST_P95 = 50.0, 300.0
MIX = {"list": 60, "record": 20, "policy": 10, "search": 5, "write": 5}
LISTS = ("cms:today", "crm:enterprise_list", "projects:project_list", "issues:issue_list")
LOG = "/work/issues/log/"
WORDS = ("jh", "泵业", "纺织", "停电")
HANDS = 200  # more than the server has threads: what waits, waits there
BAD = 400


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, with what this person may open."""

    cookie: str
    token: str
    pages: dict[str, tuple[str, ...]]
    # What an issue logged by this person says; empty for whoever logs none.
    issue: dict[str, str]


def main() -> int:
    """Serve the database, raise the rate step by step, print what was measured."""
    parser = _harness.arguments(__doc__ or "")
    parser.add_argument("--seconds", type=float, default=60, help="length of each step")
    parser.add_argument("--rates", default="10,25,50,75,100", help="requests a second")
    parser.add_argument("--accounts", default="agent,handler,lead,leader,policy")
    options = parser.parse_args()
    url = os.environ.get(SERVER, "")
    if not url:
        sys.stderr.write(f"Set {SERVER} to postgres://user@host:port/name with a demo city.\n")
        return 2
    os.environ |= {"DATABASE_URL": url, "ANSHANG_TODAY": TODAY}
    people = _people(options.accounts.split(","))
    steps = []
    with tempfile.TemporaryFile() as told:
        server = subprocess.Popen(_command(), cwd=_harness.ROOT, stdout=told, stderr=told)
        try:
            _wait()
            _step(people, 5, 5)  # the first requests compile templates
            steps = [_step(people, float(r), options.seconds) for r in options.rates.split(",")]
        finally:
            server.terminate()
            server.wait(timeout=60)
    held = [step["asked_per_second"] for step in steps if step["holds"]]
    results = {"steps": steps, "holds_up_to": max(held, default=0)}
    _harness.report("load", results, mix=MIX, limits={"p95_ms": MOST_P95, "errors": 0})
    goal = [step for step in steps if step["asked_per_second"] == GOAL]
    return 1 if any(not step["holds"] for step in goal) else 0


def _command() -> list[str]:
    """Return the line of deploy/anshang-web.service, on a port of our own."""
    unit = (_harness.ROOT / "deploy" / "anshang-web.service").read_text("utf-8")
    line = next(one for one in unit.splitlines() if one.startswith("ExecStart="))
    words = line.split()[1:]
    words[words.index("--bind") + 1] = f"127.0.0.1:{PORT}"
    return [str(Path(sys.executable).with_name("gunicorn")), *words]


def _wait() -> None:
    for _try in range(300):
        try:
            if _ask("GET", "/healthz", {}, None) < BAD:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("The server did not come up.")


def _people(names: list[str]) -> list[Person]:
    """Sign the accounts in, and find records that each may open."""
    _harness.django()
    from django.conf import settings  # noqa: PLC0415
    from django.middleware.csrf import _get_new_csrf_string  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from crm.common.people.models import User  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["*"]
    people = []
    for user in User.objects.filter(username__in=names).order_by("username"):
        client = Client()
        client.force_login(user)
        token = _get_new_csrf_string()
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
        people.append(Person(cookie, token, _pages(client, user), _issue(user)))
    if not people:
        raise SystemExit("None of the accounts exists: the database holds no demo city.")
    return people


def _pages(client: Any, user: Any) -> dict[str, tuple[str, ...]]:
    from django.urls import reverse  # noqa: PLC0415

    from crm.common.people.identity import actor_for  # noqa: PLC0415
    from crm.models import Enterprise  # noqa: PLC0415
    from issues.models import Issue  # noqa: PLC0415
    from policy_match.models import Clause  # noqa: PLC0415
    from projects.models import Project  # noqa: PLC0415

    actor = actor_for(user)
    records = [
        reverse(name, args=[pk])
        for model, name in (
            (Enterprise, "staff:crm:enterprise_detail"),
            (Project, "staff:projects:project_detail"),
            (Issue, "staff:issues:issue_detail"),
        )
        for pk in model._default_manager.visible_to(actor).values_list("pk", flat=True)[:50]
    ]
    clauses = [
        reverse("staff:policy_match:clause_detail", args=[pk])
        for pk in Clause.objects.values_list("pk", flat=True)[:50]
    ]
    search = [f"{reverse('staff:cms:search')}?{urlencode({'q': word})}" for word in WORDS]
    lists = [reverse(f"staff:{name}") for name in LISTS]
    wanted = {"list": lists, "record": records, "policy": clauses, "search": search}
    found = {
        kind: tuple(one for one in pages if client.get(one).status_code == 200)
        for kind, pages in wanted.items()
    }
    return {kind: pages for kind, pages in found.items() if pages}


def _issue(user: Any) -> dict[str, str]:
    """Return an issue this person may log, about the first project in sight."""
    from crm.common.people.enums import Role  # noqa: PLC0415
    from crm.common.people.identity import actor_for  # noqa: PLC0415
    from issues.enums import Severity  # noqa: PLC0415
    from issues.models import IssueCategory  # noqa: PLC0415
    from projects.models import Project  # noqa: PLC0415

    actor = actor_for(user)
    category = IssueCategory.objects.filter(active=True, department__isnull=False).first()
    project = Project.objects.visible_to(actor).filter(enterprise__isnull=False).first()
    if not actor.has(Role.AGENT, Role.LEAD) or category is None or project is None:
        return {}
    told = {"category": str(category.pk), "severity": Severity.NORMAL.value}
    return {**told, "subject": f"p:{project.pk}", "verbatim": "门口的路灯不亮"}


def _ask(method: str, path: str, headers: dict[str, str], body: str | None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _act(person: Person, kind: str, chance: random.Random) -> int:
    """Send one request; a write logs an issue, as people do."""
    headers = {"Cookie": person.cookie, "Host": "localhost"}
    if kind == "write":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        own = {"csrfmiddlewaretoken": person.token, "client_uuid": str(uuid.uuid4())}
        body = urlencode(person.issue | own)
        status = _ask("POST", LOG, headers, body)
        return status if status in (301, 302) else max(status, BAD)
    pages = person.pages.get(kind) or person.pages["list"]
    return _ask("GET", chance.choice(pages), headers, None)


def _step(people: list[Person], rate: float, seconds: float) -> dict[str, Any]:
    """Ask at a rate for some seconds; a request's time counts from the moment it was due."""
    chance = random.Random(int(rate))
    kinds = chance.choices(list(MIX), weights=list(MIX.values()), k=int(rate * seconds))
    writers = [one for one in people if one.issue]
    taken: list[float] = []
    errors: Counter[str] = Counter()
    lock, began = threading.Lock(), time.perf_counter()

    def one(turn: int) -> None:
        due = began + turn / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            crowd = writers if kinds[turn] == "write" else people
            status = _act(chance.choice(crowd), kinds[turn], chance)
            wrong = str(status) if status >= BAD else ""
        except OSError as problem:
            wrong = type(problem).__name__
        with lock:
            taken.append((time.perf_counter() - due) * 1000)
            if wrong:
                errors[f"{kinds[turn]} {wrong}"] += 1

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(one, range(len(kinds))))
    ordered = sorted(taken)
    share = {f"p{p}_ms": round(ordered[len(ordered) * p // 100], 1) for p in (50, 95, 99)}
    return {
        "asked_per_second": rate,
        "answered_per_second": round(len(ordered) / (time.perf_counter() - began), 1),
        **share,
        "requests": len(ordered),
        "errors": dict(errors),
        "holds": share["p95_ms"] <= MOST_P95 and not errors,
    }


if __name__ == "__main__":
    sys.exit(main())
