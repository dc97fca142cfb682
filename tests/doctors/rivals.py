"""Many threads that want the same thing at the same moment, each with its own connection."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def together(count: int, work: Callable[[int], Result]) -> list[Result]:
    """Run ``work(number)`` in ``count`` threads that start at once; return the results."""
    gate = threading.Barrier(count)

    def run(number: int) -> Result:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def wait_until_blocking(is_over: threading.Event) -> None:
    """Return when somebody waits for this transaction, or when nobody will."""
    until = time.monotonic() + 10
    while not is_over.is_set() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted"
                " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.005)


def telling(is_over: threading.Event, work: Callable[[], Result]) -> Callable[[], Result]:
    """Return this work, telling those who wait for it to block when it is over."""

    def run() -> Result:
        try:
            return work()
        finally:
            is_over.set()

    return run
