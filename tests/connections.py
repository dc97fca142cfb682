"""Connections that were closed are kept for the next who wants one, as a pooler would.

Rivals, sockets and servers of tests work in threads, each with a connection of its own; a new
backend learns anew what every table looks like, which costs more than what it is then asked.
"""

import os
from threading import Lock
from typing import Any

import psycopg2
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

# All workers keep sixty together: a server takes a hundred, and each worker has rivals besides.
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
LIMIT = min(30, 60 // WORKERS)
_FORGET = "RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all()"
_connect: Any = DatabaseWrapper.get_new_connection
_kept: dict[str, list[Any]] = {}
_lock = Lock()


def keep() -> None:
    """Let Django keep its connections from now on."""
    DatabaseWrapper.get_new_connection = _taken
    DatabaseWrapper._close = _given_back


def _taken(wrapper: Any, parameters: dict[str, Any]) -> Any:
    wrapper.kept_as = repr(parameters)
    while True:
        with _lock:
            free = _kept.get(wrapper.kept_as)
            found = free.pop() if free else None
        if found is None:
            return _connect(wrapper, parameters)
        if _answers(found, "SELECT 1"):
            wrapper.isolation_level = IsolationLevel.READ_COMMITTED
            return found


def _given_back(wrapper: Any) -> None:
    link = wrapper.connection
    if link is None or link.closed:
        return
    with wrapper.wrap_database_errors:
        if link.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            link.rollback()
        link.autocommit = True
        is_well = _answers(link, _FORGET)
        link.notifies.clear()
        if is_well:
            with _lock:
                free = _kept.setdefault(wrapper.kept_as, [])
                if len(free) < LIMIT:
                    free.append(link)
                    return
        link.close()


def _answers(link: Any, question: str) -> bool:
    try:
        with link.cursor() as cursor:
            cursor.execute(question)
    except psycopg2.Error:
        link.close()
        return False
    return True
