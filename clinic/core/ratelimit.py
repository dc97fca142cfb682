"""Limits: how often somebody may do something.

Ordinary limits count in Redis and, with Redis away, per process. Limits that protect secrets
(login, one-time codes, code look-ups) count in the database and never fail open.
"""

import hashlib
import math
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Final, cast

from django.core.cache import cache
from django.db import connection

from clinic.core.cache import Count, FallbackRedisCache
from clinic.core.clock import now
from clinic.core.errors import RateLimitedError
from clinic.core.gathering import Gathering
from clinic.core.metrics import RATE_LIMITED

PERIODS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHARES: Final = 20  # a process draws a twentieth of what is left at once
MOST_SHARES: Final = 10_000  # kept by a process; who loses one is refused that much earlier
# By bucket: calls that this process drew and has not used, and how many were drawn by all.
_drawn: Final[OrderedDict[str, tuple[int, int]]] = OrderedDict()
_being_drawn: Final[set[str]] = set()
_drawing: Final = Lock()


def limit(rule: str, who: str, rate: str) -> None:
    """Count one call of ``who`` under a rule such as ``("chat.send", "user:…", "30/m")``.

    REST and sockets share the bucket. Raises RateLimitedError when the rate is exceeded. Calls of
    generous limits are drawn from Redis in shares, a twentieth of what is left at a time: never
    more than the rate are let through; what a process drew and does not use is lost to the others,
    at most a twentieth for each process.
    """
    allowed, seconds = _read(rate)
    # Everybody's window begins at another moment, so that not all wait for the full minute.
    moment = time.time() + zlib.crc32(who.encode()) % seconds
    window = int(moment // seconds)
    bucket = f"limit:{window}:{_key(rule, who)}"
    if not _use_drawn(bucket) and not _draw(bucket, allowed, seconds):
        RATE_LIMITED.labels(rule=rule).inc()
        raise RateLimitedError(retry_after=max(1, math.ceil((window + 1) * seconds - moment)))


def _use_drawn(bucket: str) -> bool:
    """Use one call of those this process has drawn; say whether there was one."""
    with _drawing:
        left, used = _drawn.get(bucket, (0, 0))
        if left:
            _drawn[bucket] = left - 1, used
    return left > 0


def _draw(bucket: str, allowed: int, seconds: int) -> bool:
    """Draw some calls and use one; say whether any was left."""
    with _drawing:
        is_first = bucket not in _being_drawn
        _being_drawn.add(bucket)
    # Who finds another of his bucket at it takes no second share, only his own call.
    share = max(1, (allowed - _drawn.get(bucket, (0, 0))[1]) // SHARES) if is_first else 1
    try:
        used = _counted(Count(bucket, seconds, share))
    finally:
        if is_first:
            with _drawing:
                _being_drawn.discard(bucket)
    drawn = min(share, allowed - used + share)
    if allowed >= 2 * SHARES:
        with _drawing:
            left, _ = _drawn.get(bucket, (0, 0))  # another thread may have drawn meanwhile
            _drawn[bucket] = left + max(drawn - 1, 0), used
            if len(_drawn) > MOST_SHARES:
                _drawn.popitem(last=False)
    return drawn > 0


def _counted(count: Count) -> int:
    is_inside = connection.in_atomic_block  # then nobody gives way: see ``company``
    return _count_all([count])[0] if is_inside else _DRAWING.result_of(count)


def _count_all(counts: Sequence[Count]) -> list[int]:
    return cast("FallbackRedisCache", cache).count_up(counts)


_DRAWING: Final = Gathering("limit", _count_all, lambda one: _count_all([one])[0], most=8)


def forget_drawn() -> None:
    """Forget what this process has drawn: another cache stands behind it now."""
    with _drawing:
        _drawn.clear()
        _being_drawn.clear()


@lru_cache
def _read(rate: str) -> tuple[int, int]:
    allowed, _, period = rate.partition("/")
    return int(allowed), PERIODS[period]


def strict_limit(rule: str, who: str, *, count: int, window: timedelta) -> None:
    """Count one try in the database, in its own statement; raises RateLimitedError above ``count``.

    Call it outside of the transaction that may roll back, or the try is not counted.
    ``who`` may hold personal data: only its hash is stored.
    """
    strict_limits([(rule, who)], count=count, window=window)


def strict_limits(tries: Iterable[tuple[str, str]], *, count: int, window: timedelta) -> None:
    """Count a try under several (rule, who) at once, in one statement; as ``strict_limit``."""
    moment, rules = now(), {_key(rule, who): rule for rule, who in tries}
    for key, used, started in _count(sorted(rules), moment, window):
        if used > count:
            RATE_LIMITED.labels(rule=rules[key]).inc()
            left = (started + window - moment).total_seconds()
            raise RateLimitedError(retry_after=max(1, int(left) + 1))


def forget(rule: str, who: str) -> None:
    """Forget the tries counted under a rule, for example after a right password."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_ratecounter WHERE key = %s", [_key(rule, who)])


@lru_cache(maxsize=4096)
def _key(rule: str, who: str) -> str:
    return f"{rule}:{hashlib.sha256(who.encode()).hexdigest()[:40]}"


def _count(
    keys: Sequence[str], moment: datetime, window: timedelta
) -> list[tuple[str, int, datetime]]:
    """Count each key up; the keys are in order, so that two callers never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_ratecounter AS c (key, window_start, count)
            SELECT key, %(now)s, 1 FROM unnest(%(keys)s::text[]) key
            ON CONFLICT (key) DO UPDATE SET
              count = CASE WHEN c.window_start <= %(old)s THEN 1 ELSE c.count + 1 END,
              window_start = CASE WHEN c.window_start <= %(old)s
                             THEN excluded.window_start ELSE c.window_start END
            RETURNING key, count, window_start
            """,
            {"keys": list(keys), "now": moment, "old": moment - window},
        )
        return list(cursor.fetchall())
