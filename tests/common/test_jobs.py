"""Jobs: progress on a row, one run at a time, nothing lost with a dead worker."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from crm.common.days import clock
from crm.common.days.clock import SHANGHAI
from crm.common.errors import UserFacingError
from crm.common.outbox import claims, jobs
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import Job, Recipient
from crm.common.people.models import User
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
        WorkState.DONE,
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
    assert (row.state, row.message) == (WorkState.REFUSED, "十三不行，换一个数。")


def begun(row, attempts=1):
    """Let a worker begin and go silent."""
    Job.objects.filter(pk=row.pk).update(attempts=attempts - 1)
    (mine,) = claims.claim(Job.objects.all(), jobs.TERMS, [row.pk])
    Job.objects.filter(pk=row.pk).update(due_at=clock.machine_now() - timedelta(seconds=1))
    return mine


def test_a_job_of_a_dead_worker_is_run_by_another(counting):
    row = start()
    begun(row)
    assert jobs.requeue_stale() == 1
    jobs.run(str(row.pk))
    row.refresh_from_db()
    assert row.state == WorkState.DONE


def test_a_job_declared_dead_cannot_write_its_result(counting):
    row = start()
    mine = begun(row, jobs.TERMS.max_attempts)
    jobs.requeue_stale()
    row.refresh_from_db()
    assert row.state == WorkState.DEAD
    jobs._end(mine, WorkState.DONE, "", result={"late": True})
    with pytest.raises(claims.ClaimLost):
        jobs.JobHandle(mine).progress(99)
    row.refresh_from_db()
    assert (row.state, row.result, row.percent) == (WorkState.DEAD, None, 0)
    assert "3" in row.message


def test_what_a_job_writes_after_it_lost_its_claim_is_taken_back(counting):
    mine = begun(start(), jobs.TERMS.max_attempts)
    jobs.requeue_stale()
    with pytest.raises(claims.ClaimLost), jobs.JobHandle(mine).writing():
        UserFactory(username="late")
    assert not User.objects.filter(username="late").exists()


def test_a_waiting_job_is_stopped_at_once(counting, client):
    row = start()
    client.force_login(row.started_by)
    assert client.post(reverse("job_cancel", args=[row.pk])).status_code == 302
    jobs.run(str(row.pk))
    row.refresh_from_db()
    assert row.state == WorkState.CANCELLED
    assert counting == []


def test_a_running_job_stops_at_its_next_sign_of_life(client):
    @jobs.job("tests.stopped")
    def stopped(handle):
        jobs.cancel_job(actor=actor_of(row.started_by), job=row, at=AT)
        with handle.writing():
            UserFactory(username="half")

    row = jobs.start_job("tests.stopped", actor=actor_of(UserFactory()), params={}, at=AT)
    jobs.run(str(row.pk))
    del jobs._registry["tests.stopped"]
    row.refresh_from_db()
    assert row.state == WorkState.CANCELLED
    assert not User.objects.filter(username="half").exists()
    client.force_login(row.started_by)
    assert client.get(reverse("job_progress", args=[row.pk])).status_code == 200


def test_a_stranger_cannot_stop_it(counting, client):
    row = start()
    client.force_login(UserFactory())
    assert client.post(reverse("job_cancel", args=[row.pk])).status_code == 404


def test_the_page_of_a_waiting_job_offers_to_stop_it(counting, client):
    row = start()
    client.force_login(row.started_by)
    url = reverse("job_progress", args=[row.pk])
    assert reverse("job_cancel", args=[row.pk]) in client.get(url).content.decode()


def test_a_quick_job_says_nothing_and_a_long_one_tells_who_started_it(counting, monkeypatch):
    jobs.run(str(start().pk))
    assert not Recipient.objects.exists()
    monkeypatch.setattr(jobs, "TELL_AFTER", timedelta(0))
    row = start()
    jobs.run(str(row.pk))
    assert [told.user for told in Recipient.objects.all()] == [row.started_by]


def test_a_job_that_breaks_is_given_up_and_says_so():
    @jobs.job("tests.breaks")
    def breaks(handle):
        raise ZeroDivisionError("by nothing")

    row = jobs.start_job("tests.breaks", actor=actor_of(UserFactory()), params={}, at=AT)
    with pytest.raises(ZeroDivisionError):
        jobs.run(str(row.pk))
    del jobs._registry["tests.breaks"]
    row.refresh_from_db()
    assert row.state == WorkState.DEAD
    assert "by nothing" in row.last_error
    assert str(row.pk) in row.message
    assert Recipient.objects.get().user == row.started_by


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
