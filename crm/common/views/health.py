"""A sign of life for load balancers."""

from django.db import connection
from django.http import HttpResponse

from crm.common.http import Request
from crm.common.people.doors import open_to_public


@open_to_public(reason="asked by load balancers, tells nothing but that the database answers")
def healthz(request: Request) -> HttpResponse:
    """Answer 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
