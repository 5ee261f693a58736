"""The import from the page: a job, whose end is the batch or a report."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.common.outbox import jobs
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.common.records.models import StoredFile
from crm.models import Department
from crm.services import load_reference
from profiles.models import ImportBatch
from profiles.services import load_indicators
from tests.crm.factories import EnterpriseFactory, staff
from tests.profiles.test_import import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def tax():
    load_reference()
    load_indicators()
    return Department.objects.get(code="swj")


def _sent(client, department, value, **more):
    firm = EnterpriseFactory()
    rows = [[firm.uscc, firm.name, value, 2]]
    upload = SimpleUploadedFile("税务.xlsx", sheet(rows))
    form = {"department": department.pk, "file": upload, **more}
    return client.post(reverse("staff:profiles:import_create"), form)


def _run(answer):
    job = Job.objects.get()
    assert answer.url == reverse("job_progress", args=[job.pk])
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == WorkState.DONE, job.message
    return job


def test_a_table_sent_is_stored_by_a_job_that_leads_to_its_batch(client, tax):
    client.force_login(staff(Role.HANDLER, department=tax))
    job = _run(_sent(client, tax, 1))
    assert job.result_url == reverse(
        "staff:profiles:import_detail", args=[ImportBatch.objects.get().pk]
    )


@pytest.mark.parametrize(("value", "more"), [("一千", {}), (1, {"dry_run": "on"})])
def test_a_check_or_an_unreadable_table_leads_to_its_report(client, tax, value, more):
    client.force_login(staff(Role.HANDLER, department=tax))
    job = _run(_sent(client, tax, value, **more))
    assert not ImportBatch.objects.exists()
    assert job.result["refused"] is (value != 1)
    assert "税务.xlsx" in client.get(job.result_url).content.decode()
    client.force_login(staff(Role.HANDLER, department=tax))
    assert "税务.xlsx" not in client.get(job.result_url).content.decode()


def test_a_file_that_is_no_table_starts_nothing(client, tax):
    client.force_login(staff(Role.HANDLER, department=tax))
    upload = SimpleUploadedFile("税务.xlsx", b"nothing")
    form = {"department": tax.pk, "file": upload}
    assert client.post(reverse("staff:profiles:import_create"), form).status_code == 400
    assert not Job.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_handler_brings_in_tables_of_the_own_department_only(client, tax):
    client.force_login(staff(Role.HANDLER))
    assert _sent(client, tax, 1).status_code == 400
    assert not Job.objects.exists()
