"""Database work of sockets: a fixed pool of threads, each with a database connection that stays.

Not Channels' one shared thread: a slow query of one socket must not hold the others.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

THREADS = 4  # connections of one process to the database; two cores keep no more busy
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="socket-db")
P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run repeatable database work in the pool; once more when its connection had died."""

    def guarded() -> R:
        before = connection.connection
        try:
            return work(*args, **kwargs)
        except (OperationalError, InterfaceError):
            if not _has_died(before):
                raise
            connection.close()
            return work(*args, **kwargs)

    return await asyncio.get_running_loop().run_in_executor(_pool, guarded)


def _has_died(before: Any) -> bool:
    # A transaction that cannot roll back drops its connection and may have a new one already.
    return before is not None and (
        connection.connection is not before or not connection.is_usable()
    )
