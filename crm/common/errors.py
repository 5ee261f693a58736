"""Errors whose message is meant for the person at the screen."""

from typing import Any


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
