"""Jobs: progress on a row, one run at a time, nothing lost with a dead worker."""

from datetime import datetime, timedelta

import pytest

from crm.common.days import clock
from crm.common.days.clock import SHANGHAI
from crm.common.errors import UserFacingError
from crm.common.outbox import jobs
from crm.common.outbox.enums import JobState
from crm.common.outbox.models import Job
from tests.common.factories import UserFactory, actor_of

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


@pytest.fixture
def counting():
    runs = []

    @jobs.job("tests.count")
    def count(handle, upto):
        for number in range(upto):
            handle.progress((number + 1) * 100 // upto, f"{number + 1} / {upto}")
        runs.append(upto)
        if upto == 13:
            raise UserFacingError("十三不行，换一个数。")
        return {"counted": upto}

    yield runs
    del jobs._registry["tests.count"]


def start(upto=4):
    return jobs.start_job(
        "tests.count", actor=actor_of(UserFactory()), params={"upto": upto}, at=AT
    )


def test_a_job_ends_with_its_result_and_its_last_message(counting):
    row = start()
    jobs.run(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.percent, row.message, row.result) == (
        JobState.DONE,
        100,
        "4 / 4",
        {"counted": 4},
    )


def test_a_second_doorbell_does_not_run_it_again(counting):
    row = start()
    jobs.run(str(row.pk))
    jobs.run(str(row.pk))
    assert counting == [4]


def test_a_refusal_is_shown_as_it_was_said(counting):
    row = start(13)
    jobs.run(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.message) == (JobState.FAILED, "十三不行，换一个数。")


def test_a_job_of_a_dead_worker_is_queued_again(counting):
    row = start()
    old = clock.machine_now() - timedelta(minutes=10)
    Job.objects.filter(pk=row.pk).update(
        state=JobState.RUNNING, heartbeat_at=old, attempts=1, created_at=old
    )
    assert jobs.requeue_stale() == 1
    jobs.run(str(row.pk))
    row.refresh_from_db()
    assert row.state == JobState.DONE


def test_a_job_that_keeps_dying_is_given_up(counting):
    row = start()
    old = clock.machine_now() - timedelta(minutes=10)
    Job.objects.filter(pk=row.pk).update(
        state=JobState.RUNNING, heartbeat_at=old, attempts=jobs.MAX_ATTEMPTS
    )
    jobs.requeue_stale()
    row.refresh_from_db()
    assert row.state == JobState.FAILED


def test_a_job_nobody_registered_is_refused():
    with pytest.raises(KeyError):
        jobs.start_job("tests.nothing", actor=actor_of(UserFactory()), params={}, at=AT)


def test_a_stranger_does_not_see_the_job(counting, client):
    row = start()
    stranger = UserFactory()
    client.force_login(stranger)
    assert client.get(f"/jobs/{row.pk}/").status_code == 404
    client.force_login(row.started_by)
    assert client.get(f"/jobs/{row.pk}/").status_code == 200
