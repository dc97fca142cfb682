"""A cache that keeps answering when Redis is away."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from clinic.core.metrics import CACHE_DEGRADED, LIMITS_IN_MEMORY

RETRY_SECONDS = 2.0  # how long a broken Redis is left alone before one call tries it again


class CountingClient(RedisCacheClient):
    """Django's client that also counts in one round trip; ``add`` and ``incr`` take three."""

    def count_up(self, key: str, timeout: int) -> int:
        """Count one more and return the new number; a first count ends after ``timeout`` s."""
        pool: Any = getattr(self, "_get_connection_pool")(write=True)  # noqa: B009 untyped
        line = pool.get_connection()
        try:
            # A pipeline object, made for each call, costs five times the two commands.
            line.send_packed_command(
                line.pack_commands([("SET", key, 0, "EX", timeout, "NX"), ("INCR", key)])
            )
            line.read_response()
            return int(line.read_response())
        except BaseException:
            line.disconnect()  # an answer may still be under way
            raise
        finally:
            pool.release(line)


class FallbackRedisCache(RedisCache):
    """Django's Redis cache; after an error this process counts in its own memory for a while.

    Limits then hold per process instead of overall, which is the promise for ordinary limits.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Prepare both stores; nothing is connected yet."""
        super().__init__(server, params)
        self._class = CountingClient
        self._memory = LocMemCache("fallback", {})
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def _either(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._closed_until:
            try:
                call: Callable[..., Any] = getattr(super(), name)
                return call(*args, **kwargs)
            except (RedisError, OSError):
                self._close_for_a_while()
        return getattr(self._memory, name)(*args, **kwargs)

    def count_up(self, key: str, timeout: int) -> int:
        """Count one more under a key and return the new number; it is forgotten after a time."""
        if time.monotonic() >= self._closed_until:
            try:
                client: CountingClient = getattr(self, "_cache")  # noqa: B009 untyped in Django
                return client.count_up(self.make_and_validate_key(key), timeout)
            except (RedisError, OSError):
                self._close_for_a_while()
        LIMITS_IN_MEMORY.inc()
        self._memory.add(key, 0, timeout)
        return int(self._memory.incr(key))

    def _close_for_a_while(self) -> None:
        with self._lock:
            self._closed_until = time.monotonic() + RETRY_SECONDS
        CACHE_DEGRADED.inc()

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """Store a value unless the key is there."""
        return self._either("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Read a value."""
        return self._either("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """Store a value."""
        return self._either("set", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """Count up. Raises ValueError when the key is not there."""
        return self._either("incr", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        """Move the end of a key."""
        return self._either("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Remove a key."""
        return self._either("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        """Read several keys."""
        return self._either("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        """Store several keys."""
        return self._either("set_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        """Say whether a key is there."""
        return self._either("has_key", *args, **kwargs)
