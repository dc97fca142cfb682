"""Many threads that want the same thing at the same moment, each with its own connection."""

import threading
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
