"""A cache that keeps answering when Redis is away."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from clinic.core.metrics import CACHE_DEGRADED, LIMITS_IN_MEMORY

RETRY_SECONDS = 2.0  # how long a broken Redis is left alone before one call tries it again


# SET key 0 EX seconds NX, then INCRBY key number: written out, as packing costs more than sending.
_COUNT: Final = (
    b"*6\r\n$3\r\nSET\r\n$%d\r\n%b\r\n$1\r\n0\r\n$2\r\nEX\r\n$%d\r\n%d\r\n$2\r\nNX\r\n"
    b"*3\r\n$6\r\nINCRBY\r\n$%d\r\n%b\r\n$%d\r\n%d\r\n"
)


class Count(NamedTuple):
    """So many more under a key; a first count is forgotten after ``timeout`` seconds."""

    key: str
    timeout: int
    number: int = 1


class CountingClient(RedisCacheClient):
    """Django's client that also counts in one round trip; ``add`` and ``incr`` take three.

    It keeps its own lines: the pool locks, looks for stray answers and reports at each loan.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Prepare; the first count opens a line."""
        super().__init__(*args, **kwargs)
        self._idle: deque[Any] = deque()  # taking and giving back are atomic

    def count_up(self, counts: Sequence[Count]) -> list[int]:
        """Count each up and return the sums, in one round trip."""
        command = b"".join(map(_command, counts))
        # No kept line, or one that was closed meanwhile.
        with suppress(IndexError, RedisConnectionError):
            return self._counted(command, len(counts), self._idle.pop())
        pool: Any = getattr(self, "_get_connection_pool")(write=True)  # noqa: B009 untyped
        line = pool.connection_class(**pool.connection_kwargs)
        return self._counted(command, len(counts), line)

    def _counted(self, command: bytes, number: int, line: Any) -> list[int]:
        sums: list[int] = []
        try:
            line.send_packed_command((command,), check_health=False)
            for _count in range(number):
                line.read_response()
                sums.append(int(line.read_response()))
        except BaseException:
            line.disconnect()  # an answer may still be under way
            raise
        self._idle.append(line)
        return sums


def _command(count: Count) -> bytes:
    name, timeout, number = count.key.encode(), count.timeout, count.number
    return _COUNT % (
        len(name), name, len(str(timeout)), timeout, len(name), name, len(str(number)), number,
    )  # fmt: skip


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

    def count_up(self, counts: Sequence[Count]) -> list[int]:
        """Count each up in its turn and return the sums."""
        if time.monotonic() >= self._closed_until:
            try:
                client: CountingClient = getattr(self, "_cache")  # noqa: B009 untyped in Django
                return client.count_up([one._replace(key=self.make_key(one.key)) for one in counts])
            except (RedisError, OSError):
                self._close_for_a_while()
        return [self._count_here(one) for one in counts]

    def _count_here(self, count: Count) -> int:
        LIMITS_IN_MEMORY.inc()
        self._memory.add(count.key, 0, count.timeout)
        return int(self._memory.incr(count.key, count.number))

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
