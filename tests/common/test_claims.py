"""The one claim loop: one worker at a time, and only the holder of the token ends the work."""

from datetime import timedelta

import pytest

from crm.common.days import clock
from crm.common.outbox import claims
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import DomainEvent, EventReceipt

pytestmark = pytest.mark.django_db
TERMS = claims.Terms(lease=timedelta(minutes=5), max_attempts=2)
ALL = EventReceipt.objects


@pytest.fixture
def row():
    now = clock.machine_now()
    event = DomainEvent.objects.create(name="planted", payload={}, created_at=now)
    return ALL.create(event=event, subscriber="one", due_at=now)


def lapse(row):
    ALL.filter(pk=row.pk).update(due_at=clock.machine_now() - timedelta(seconds=1))


def test_a_row_is_claimed_once(row):
    (mine,) = claims.claim(ALL.all(), TERMS, [row.pk])
    assert mine.claim_token is not None
    assert mine.state == WorkState.RUNNING
    assert claims.claim(ALL.all(), TERMS, [row.pk]) == []


def test_what_was_claimed_anew_cannot_be_ended_by_the_first(row):
    (first,) = claims.claim(ALL.all(), TERMS, [row.pk])
    lapse(row)
    (second,) = claims.claim(ALL.all(), TERMS, [row.pk])
    assert not claims.finish(first)
    assert not claims.fail(first, "late", TERMS)
    with pytest.raises(claims.ClaimLost):
        claims.beat(first, TERMS)
    assert claims.finish(second)
    row.refresh_from_db()
    assert (row.state, row.claim_token, row.attempts) == (WorkState.DONE, None, 2)


def test_a_sign_of_life_holds_the_claim(row):
    (mine,) = claims.claim(ALL.all(), TERMS, [row.pk])
    lapse(row)
    claims.beat(mine, TERMS)
    assert claims.claim(ALL.all(), TERMS, [row.pk]) == []


def test_what_dies_each_time_is_given_up_and_can_be_tried_again(row):
    for _ in range(TERMS.max_attempts):
        (mine,) = claims.claim(ALL.all(), TERMS, [row.pk])
        lapse(row)
    assert claims.claim(ALL.all(), TERMS, [row.pk]) == []
    assert len(claims.bury_stale(ALL.all(), TERMS)) == 1
    assert not claims.finish(mine)
    row.refresh_from_db()
    assert (row.state, row.is_dead, row.has_ended) == (WorkState.DEAD, True, True)
    assert claims.retry_dead(ALL.all()) == 1
    assert claims.work(ALL.all(), TERMS, claims.finish) == 1


def test_a_failure_rests_longer_each_time_and_is_given_up_in_the_end(row):
    (mine,) = claims.claim(ALL.all(), TERMS, [row.pk])
    assert claims.fail(mine, OSError("away"), TERMS)
    row.refresh_from_db()
    assert row.due_at > clock.machine_now() + timedelta(minutes=1)
    assert "away" in row.last_error
    lapse(row)
    (mine,) = claims.claim(ALL.all(), TERMS, [row.pk])
    claims.fail(mine, "away again", TERMS)
    row.refresh_from_db()
    assert (row.state, row.due_at) == (WorkState.DEAD, None)
