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
from profiles.selectors import versions_on
from profiles.services import load_indicators
from tests.crm.factories import AT, EnterpriseFactory, staff
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


@pytest.fixture
def asked(client, tax):
    """Return the handler who sent a table with a column of another department, and the job."""
    load_reference()
    names = {row.code: row.name for row in versions_on(AT.date())}
    firm, handler = EnterpriseFactory(), staff(Role.HANDLER, department=tax)
    heads = ["统一社会信用代码", f"{names['tax_paid_total']}（万元）"]
    heads.append(f"{names['avg_contribution_base']}(元/月)")
    content = "\n".join([",".join(heads), f"{firm.uscc},5,6"]).encode()
    client.force_login(handler)
    form = {
        "department": tax.pk,
        "file": SimpleUploadedFile("表.csv", content),
        "month": "2024-07",
    }
    job = _run(client.post(reverse("staff:profiles:import_create"), form))
    return handler, job


def _answered(client, job, **answers):
    return client.post(reverse("staff:profiles:import_answer", args=[job.pk]), answers)


def test_what_a_table_leaves_open_is_asked_on_the_page_and_nothing_is_stored_before(client, asked):
    _handler, job = asked
    page = client.get(job.result_url).content.decode()
    assert "这张表要您确认的地方" in page
    assert "question-0" in page
    assert not ImportBatch.objects.exists()
    again = _answered(client, job)
    assert again.status_code == 400
    assert Job.objects.count() == 1


def test_an_answer_reads_the_same_file_again_and_stores_it(client, asked):
    _handler, job = asked
    answer = _answered(client, job, **{"question-0": "take"})
    second = Job.objects.exclude(pk=job.pk).get()
    assert answer.url == reverse("job_progress", args=[second.pk])
    jobs.run(str(second.pk))
    batch = ImportBatch.objects.get()
    assert batch.created == 2
    assert list(batch.answers.values()) == ["take"]


def test_an_answer_that_was_not_offered_is_refused_in_words(client, asked):
    _handler, job = asked
    assert _answered(client, job, **{"question-0": "anything"}).status_code == 400
    assert not ImportBatch.objects.exists()


def test_nobody_answers_for_another_nor_for_a_department_left_behind(client, asked, tax):
    handler, job = asked
    client.force_login(staff(Role.HANDLER, department=tax))
    assert _answered(client, job, **{"question-0": "take"}).status_code == 404
    handler.staff_profile.department = Department.objects.get(code="rsj")
    handler.staff_profile.save()
    client.force_login(handler)
    assert _answered(client, job, **{"question-0": "take"}).status_code == 403
    assert Job.objects.count() == 1


def test_a_file_past_its_days_is_asked_for_again(client, asked):
    _handler, job = asked
    StoredFile.objects.all().delete()
    assert _answered(client, job, **{"question-0": "take"}).status_code == 400
    assert Job.objects.count() == 1
