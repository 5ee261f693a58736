"""Errors whose message is meant for the person at the screen."""

import errno
from typing import Any

from django.utils.translation import gettext as _


class UserFacingError(Exception):
    """A refusal whose text says what is wrong, where, and what to do."""

    status = 400

    def __init__(self, message: Any) -> None:
        self.message = message
        super().__init__(str(message))

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(UserFacingError):
    """The actor may see the object but not do this to it."""

    status = 403


class ConflictError(UserFacingError):
    """Somebody else saved the record first; nothing was overwritten.

    `changes` maps a field label to (value now stored, value just entered), so that the
    screen can show both and let the person choose.
    """

    status = 409

    def __init__(self, message: Any, changes: dict[str, tuple[Any, Any]] | None = None) -> None:
        super().__init__(message)
        self.changes = changes or {}


class StorageFullError(UserFacingError):
    """The disk took no more; what was begun is taken back and nothing is half kept."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            _(
                "The disk of the server is full: nothing was stored. Tell the administrator, and "
                "try again when there is room."
            )
        )


def is_disk_full(error: BaseException) -> bool:
    """Say whether an error of the operating system means that there is no room left."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
