"""Signs of life: for load balancers a word, for the machine that watches its numbers."""

from ipaddress import ip_address, ip_network
from secrets import compare_digest

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from crm.common.days.clock import machine_now
from crm.common.http import Request
from crm.common.outbox.backlog import backlog
from crm.common.outbox.letters import dead_by_kind
from crm.common.people.doors import open_to_public
from crm.common.records import backups
from crm.common.records.models import AuditEvent, AuditSeal

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@open_to_public(reason="asked by load balancers, tells only whether the system works")
def healthz(request: Request) -> HttpResponse:
    """Answer 200 when the database answers; the second line says when queues stand still.

    A worker that stands still is no reason to take the web server out of service.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    found = backlog(machine_now())
    words = f"ok\nqueues stuck for {found.oldest_seconds} s" if found.is_stuck else "ok"
    return HttpResponse(words, content_type="text/plain")


@open_to_public(reason="read by the machine that watches; closed unless network or token fits")
def metrics(request: Request) -> HttpResponse:
    """Answer the numbers in Prometheus's text format to whoever is allowed; 404 to others."""
    if not _may_watch(request):
        raise Http404(_("There is no such record, or it is not yours to see."))
    text = "".join(_lines(*one) for one in _numbers())
    return HttpResponse(text, content_type=METRICS_TYPE)


def _may_watch(request: Request) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.ANSHANG_METRICS_TOKEN
    if token and compare_digest(given.encode(), token.encode()):
        return True
    return _is_inside(get_ip(request))


def _is_inside(address: str) -> bool:
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    return any(asked in ip_network(one, strict=False) for one in settings.ANSHANG_METRICS_NETWORKS)


Sample = tuple[str, float]


def _numbers() -> list[tuple[str, str, list[Sample]]]:
    now = machine_now()
    found, kept = backlog(now), backups.newest()
    seal = AuditSeal.objects.order_by("-last_seq").first()
    return [
        ("anshang_queue_waiting", "pieces of work that are due", [("", found.waiting)]),
        ("anshang_queue_oldest_seconds", "wait of the oldest", [("", found.oldest_seconds)]),
        (
            "anshang_dead_letters",
            "work that was given up",
            [(f'{{kind="{kind}"}}', count) for kind, count in dead_by_kind().items()],
        ),
        (
            "anshang_audit_unsealed_rows",
            "audit rows without a place in the chain",
            [("", AuditEvent.objects.filter(seq=None).count())],
        ),
        (
            "anshang_audit_seal_age_seconds",
            "age of the last seal",
            [("", (now - seal.sealed_at).total_seconds())] if seal else [],
        ),
        (
            "anshang_backup_age_seconds",
            "age of the newest backup",
            [("", (now - kept.made_at).total_seconds())] if kept else [],
        ),
    ]


def _lines(name: str, words: str, samples: list[Sample]) -> str:
    head = f"# HELP {name} {words}\n# TYPE {name} gauge\n"
    return head + "".join(f"{name}{labels} {value:.0f}\n" for labels, value in samples)
