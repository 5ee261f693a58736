"""One claim loop for events, deliveries and jobs.

A row is claimed by a conditional UPDATE that writes a token; every later write asks for that
token. So two workers never do the same work, and one that was thought dead, and whose row went
to another or was given up, can no longer end it.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models

from crm.common.days.clock import machine_now
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models.claims import OPEN, ClaimedWork

W = TypeVar("W", bound=ClaimedWork)
LONGEST_ERROR = 2000


class ClaimLost(Exception):
    """The row was given to another, or given up, while it was worked on."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a claim holds, how often work is tried, how long it rests in between."""

    lease: timedelta
    max_attempts: int
    pause: Callable[[int], timedelta] = lambda attempts: timedelta(minutes=2**attempts)


def claimable(rows: models.QuerySet[W]) -> models.QuerySet[W]:
    """Return what may be claimed now: what is due, and what a dead worker left."""
    return rows.filter(state__in=OPEN, due_at__lte=machine_now())


def claim(rows: models.QuerySet[W], terms: Terms, ids: Iterable[Any]) -> list[W]:
    """Claim those of the rows that are still free, under one token; return them."""
    wanted, now, token = list(ids), machine_now(), uuid.uuid4()
    taken = (
        claimable(rows.model._default_manager.filter(pk__in=wanted))  # type: ignore[arg-type]
        .filter(attempts__lt=terms.max_attempts)
        .update(
            state=WorkState.RUNNING,
            attempts=models.F("attempts") + 1,
            claim_token=token,
            claimed_at=now,
            due_at=now + terms.lease,
        )
    )
    return list(rows.filter(claim_token=token)) if taken else []


def work(rows: models.QuerySet[W], terms: Terms, do: Callable[[W], bool], limit: int = 200) -> int:
    """Claim due rows one by one and do them; return how many `do` says were done."""
    bury_stale(rows, terms)
    found = list(claimable(rows).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(do(row) for pk in found for row in claim(rows, terms, [pk]))


def bury_stale(rows: models.QuerySet[W], terms: Terms) -> list[W]:
    """Give up what died as often as it may be tried; return the rows."""
    stale = claimable(rows).filter(attempts__gte=terms.max_attempts)
    error = "The worker died each time."
    return [row for row in list(stale) if _end(row, row.claim_token, WorkState.DEAD, error=error)]


def held(row: ClaimedWork, using: str = DEFAULT_DB_ALIAS) -> models.QuerySet[Any]:
    """Return the row as long as its claim is still ours, else nothing."""
    return (
        type(row)
        ._default_manager.using(using)
        .filter(pk=row.pk, state=WorkState.RUNNING, claim_token=row.claim_token)
    )


def beat(row: ClaimedWork, terms: Terms, *, using: str = DEFAULT_DB_ALIAS, **fields: Any) -> None:
    """Say that the work goes on; raises ClaimLost when it is no longer ours."""
    if not held(row, using).update(due_at=machine_now() + terms.lease, **fields):
        raise ClaimLost(str(row.pk))


def finish(row: ClaimedWork, state: WorkState = WorkState.DONE, **fields: Any) -> bool:
    """End the work if its claim is still ours; say whether it was."""
    return _end(row, row.claim_token, state, **fields)


def fail(row: ClaimedWork, problem: Exception | str, terms: Terms) -> bool:
    """Put the work back to be tried later, or give it up after the last attempt."""
    error = (problem if isinstance(problem, str) else repr(problem))[:LONGEST_ERROR]
    if row.attempts >= terms.max_attempts:
        return _end(row, row.claim_token, WorkState.DEAD, error=error)
    due = machine_now() + terms.pause(row.attempts)
    changed = held(row).update(
        state=WorkState.WAITING, claim_token=None, due_at=due, last_error=error
    )
    return bool(changed)


def cancel_waiting(rows: models.QuerySet[Any]) -> int:
    """Cancel those of the rows that nobody has begun; return how many."""
    return rows.filter(state=WorkState.WAITING).update(
        state=WorkState.CANCELLED, ended_at=machine_now(), due_at=None
    )


def retry_dead(rows: models.QuerySet[Any]) -> int:
    """Let given-up work begin again with all its attempts; return how many rows."""
    return rows.filter(state=WorkState.DEAD).update(
        state=WorkState.WAITING, attempts=0, due_at=machine_now(), ended_at=None
    )


def _end(
    row: ClaimedWork, token: uuid.UUID | None, state: WorkState, *, error: str = "", **fields: Any
) -> bool:
    ours = type(row)._default_manager.filter(pk=row.pk, state=row.state, claim_token=token)
    ended = machine_now()
    values = {"claim_token": None, "due_at": None, "ended_at": ended, "last_error": error}
    if not ours.update(state=state, **values, **fields):
        return False
    row.state, row.ended_at, row.last_error = state, ended, error
    return True
