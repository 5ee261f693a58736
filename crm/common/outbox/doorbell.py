"""The doorbell: rings a task by its name after commit.

The broker is only a doorbell. The row that was written is the truth, and a sweeper finds what
was not heard; so a broker that is gone or silent must never hold a request. It is waited for a
second, once, and then no request rings for a while.
"""

import logging
import time
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)
PATIENCE_SECONDS, REST_SECONDS = 1.0, 15.0
# What each kind of broker calls its patience. The worker waits longer: it has nothing else to do.
_IMPATIENT: dict[str, dict[str, Any]] = {
    "redis": {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS},
    "amqp": {"read_timeout": PATIENCE_SECONDS, "write_timeout": PATIENCE_SECONDS},
}


@dataclass(slots=True)
class Bell:
    """Whether the broker is worth asking now; one for the whole process."""

    rests_until: float = 0.0

    def ring(self, task: str, args: tuple[Any, ...]) -> None:
        """Send once, within a second or so; what is not heard is found by the sweeper."""
        if time.monotonic() < self.rests_until:
            return
        try:
            with _impatient_line() as line:
                current_app.tasks[task].apply_async(args, connection=line, retry=False)
        except Exception as problem:
            self.rests_until = time.monotonic() + REST_SECONDS
            logger.error("The broker does not hear, the sweeper will: %s", problem)


BELL = Bell()


@dataclass(slots=True, eq=False)
class _Call:
    """One ring of a transaction, asked for any number of times."""

    task: str
    args: tuple[Any, ...]
    rung: bool = False

    def __call__(self) -> None:
        if not self.rung:
            self.rung = True
            _ring_now(self.task, *self.args)


def ring(task: str, *args: Any) -> None:
    """Ring for a task after the caller's transaction commits, once however often it is asked.

    An import that writes thousands of messages would else ring thousands of times for one look
    into one table. Each request stays in the list of its own savepoint, so that a part that is
    rolled back takes only its own request with it.
    """
    waiting = (
        call for _sids, call, _robust in reversed(transaction.get_connection().run_on_commit)
    )
    known = (
        call
        for call in waiting
        if isinstance(call, _Call) and (call.task, call.args, call.rung) == (task, args, False)
    )
    transaction.on_commit(next(known, None) or _Call(task, args), robust=True)


def _ring_now(task: str, *args: Any) -> None:
    if current_app.conf.task_always_eager:
        current_app.tasks[task].apply_async(args)
    else:
        BELL.ring(task, args)


def _impatient_line() -> Any:
    """Return a connection to the broker that gives up after a second and does not try again."""
    kind = str(current_app.conf.broker_url).partition(":")[0].replace("rediss", "redis")
    options = dict(current_app.conf.broker_transport_options)
    if kind in _IMPATIENT:
        options |= {**_IMPATIENT[kind], "max_retries": 0}
    return current_app.connection_for_write(
        connect_timeout=PATIENCE_SECONDS, transport_options=options
    )
