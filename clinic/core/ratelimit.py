"""Limits. The only door to django-ratelimit, so that it can be replaced in this file.

Ordinary limits count in Redis and, with Redis away, per process. Limits that protect secrets
(login, one-time codes, code look-ups) count in the database and never fail open.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import connection
from django_ratelimit.core import get_usage

from clinic.core.clock import now
from clinic.core.errors import RateLimitedError
from clinic.core.metrics import RATE_LIMITED


def limit(rule: str, who: str, rate: str) -> None:
    """Count one call of ``who`` under a rule such as ``("chat.send", "user:…", "30/m")``.

    REST and sockets share the bucket. Raises RateLimitedError when the rate is exceeded.
    """
    usage = get_usage(None, group=rule, key=lambda _group, _request: who, rate=rate, increment=True)
    if usage and usage["should_limit"]:
        RATE_LIMITED.labels(rule=rule).inc()
        raise RateLimitedError(retry_after=max(1, int(usage["time_left"])))


def strict_limit(rule: str, who: str, *, count: int, window: timedelta) -> None:
    """Count one try in the database, in its own statement; raises RateLimitedError above ``count``.

    Call it outside of the transaction that may roll back, or the try is not counted.
    ``who`` may hold personal data: only its hash is stored.
    """
    moment = now()
    used, started = _count(_key(rule, who), moment, window)
    if used > count:
        RATE_LIMITED.labels(rule=rule).inc()
        left = (started + window - moment).total_seconds()
        raise RateLimitedError(retry_after=max(1, int(left) + 1))


def forget(rule: str, who: str) -> None:
    """Forget the tries counted under a rule, for example after a right password."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_ratecounter WHERE key = %s", [_key(rule, who)])


def _key(rule: str, who: str) -> str:
    return f"{rule}:{hashlib.sha256(who.encode()).hexdigest()[:40]}"


def _count(key: str, moment: datetime, window: timedelta) -> tuple[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_ratecounter AS c (key, window_start, count) VALUES (%s, %s, 1)
            ON CONFLICT (key) DO UPDATE SET
              count = CASE WHEN c.window_start <= %s THEN 1 ELSE c.count + 1 END,
              window_start = CASE WHEN c.window_start <= %s
                             THEN excluded.window_start ELSE c.window_start END
            RETURNING count, window_start
            """,
            [key, moment, moment - window, moment - window],
        )
        count, started = cursor.fetchone()
    return int(count), started
