"""How the system stands: what waits, the last jobs, the audit checked from the page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.common.days.clock import machine_now
from crm.common.outbox import jobs
from crm.common.outbox.backlog import backlog
from crm.common.outbox.models import Job
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.records import audit, chain
from crm.common.records.models import AuditEvent
from tests.common.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "staff:common:condition"


def _check(client):
    answer = client.post(reverse("staff:common:audit_check"))
    job = Job.objects.get(key=jobs.VERIFY)
    assert answer.url == reverse("job_progress", args=[job.pk])
    jobs.run(str(job.pk))
    job.refresh_from_db()
    return job.result


def test_the_audit_is_checked_from_the_page_and_the_page_says_what_was_found(client):
    admin = UserFactory(roles=[Role.ADMIN])
    audit.record("x", actor=system_actor("tests"), target=admin)
    chain.seal_all()
    client.force_login(admin)
    assert _check(client)["sound"] is True
    page = client.get(reverse(PAGE)).content.decode()
    assert chain.current_head().hash[:12] in page


def test_work_that_waits_too_long_is_an_alarm():
    now = machine_now()
    assert backlog(now).waiting == 0
    Job.objects.create(key="x", created_at=now, due_at=now - timedelta(seconds=400))
    Job.objects.create(key="x", created_at=now, due_at=now + timedelta(seconds=400))
    found = backlog(now)
    assert (found.waiting, found.oldest_seconds, found.is_stuck) == (1, 400, True)


@pytest.mark.parametrize("role", [Role.LEADER, Role.AGENT])
def test_others_neither_see_it_nor_begin_a_check(client, role):
    client.force_login(UserFactory(roles=[role]))
    assert client.get(reverse(PAGE)).status_code == 403
    assert client.post(reverse("staff:common:audit_check")).status_code == 403
    assert not AuditEvent.objects.exists()


def test_an_auditor_has_the_chain_checked_without_seeing_the_system(client):
    client.force_login(UserFactory(roles=[Role.AUDITOR]))
    assert client.get(reverse(PAGE)).status_code == 403
    assert client.post(reverse("staff:common:audit_check")).status_code == 302
