"""A cache that outlives its server: the limits of sign-in must hold when Redis is gone."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
TABLE = "common_cache"
# A request waits for Redis this long at most, and then no request asks it for a while.
PATIENCE_SECONDS, REST_SECONDS = 1.0, 10.0


class RedisOrDatabaseCache(BaseCache):
    """Redis while it answers, else a table of the database; who calls notices nothing."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        impatient = {
            "socket_connect_timeout": PATIENCE_SECONDS,
            "socket_timeout": PATIENCE_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        given = params.get("OPTIONS", {})
        self.redis = RedisCache(server, {**params, "OPTIONS": {**impatient, **given}})
        self.database = DatabaseCache(TABLE, {**params, "OPTIONS": {}})
        self.rests_until = 0.0

    def _ask(self, do: Callable[[BaseCache], Any]) -> Any:
        if time.monotonic() >= self.rests_until:
            try:
                return do(self.redis)
            except (RedisError, OSError) as problem:
                self.rests_until = time.monotonic() + REST_SECONDS
                logger.error("Redis does not answer, the database takes over: %s", problem)
        return do(self.database)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store a value unless there is one; say whether it was stored."""
        return bool(self._ask(lambda cache: cache.add(key, value, timeout, version)))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value, or the default."""
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store a value."""
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let a value live on; say whether there is one."""
        return bool(self._ask(lambda cache: cache.touch(key, timeout, version)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Remove a value; say whether there was one."""
        return bool(self._ask(lambda cache: cache.delete(key, version)))

    def clear(self) -> None:
        """Remove all values, here and there."""
        self._ask(lambda cache: cache.clear())
        self.database.clear()
