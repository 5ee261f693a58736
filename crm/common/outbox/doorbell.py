"""The doorbell: rings a task by its name after commit.

The broker is only a doorbell. The row that was written is the truth, and a sweeper finds what
was not heard; so a broker that is gone or silent must never hold a request.
"""

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: str, *args: Any) -> None:
    """Ring for a task after the caller's transaction commits."""
    transaction.on_commit(partial(_ring_now, task, *args), robust=True)


def _ring_now(task: str, *args: Any) -> None:
    current_app.tasks[task].apply_async(args, retry=False)
