"""What may exist once, entered by two at the same moment: the second is told in a sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from crm.common.errors import UserFacingError

UNIQUE_VIOLATION = "23505"


@contextmanager
def only_once(refusal: Callable[[], UserFacingError]) -> Iterator[None]:
    """Store within; raise what `refusal` returns where another stored the same a moment before.

    A check before storing tells those who come later; this tells those who come at once. Other
    broken rules of the database stay what they are.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        if not is_double(problem):
            raise
        raise refusal() from problem


def is_double(problem: IntegrityError) -> bool:
    """Say whether the database refused a row because another one like it is there."""
    state = getattr(problem.__cause__, "sqlstate", None)
    return state == UNIQUE_VIOLATION or "UNIQUE constraint" in str(problem)
