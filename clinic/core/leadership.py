"""One active process among several, by a PostgreSQL advisory lock on a connection of its own."""

import logging
import os
import signal
import threading
import time
from typing import Any

from django.db import Error, connection

log = logging.getLogger(__name__)
CHECK_SECONDS = 5.0


class Leadership:
    """The right to be the active copy; lost with its connection, taken over by a stand-by."""

    def __init__(self, key: int) -> None:
        """Remember the lock key; nothing is connected yet."""
        self._key = key
        self._link: Any = None

    def acquire(self) -> bool:
        """Try to become the active copy. False when another one is, or the database is away."""
        try:
            with connection.wrap_database_errors:  # the line is none of Django's
                return self._connect_and_try()
        except Error:
            log.warning("no database, leadership not decided")
        return False

    def _connect_and_try(self) -> bool:
        self._link = connection.get_new_connection(connection.get_connection_params())
        self._link.autocommit = True
        if self._ask("SELECT pg_try_advisory_lock(%s)", [self._key]):
            return True
        self._link.close()
        return False

    def release(self) -> None:
        """Give the lock to another copy; without this a lost owner would stand in its own way."""
        if self._link is not None:
            self._link.close()

    def is_held(self) -> bool:
        """Say whether the lock's connection still answers."""
        try:
            return bool(self._ask("SELECT 1", []) == 1)
        except Exception:  # noqa: BLE001 psycopg2's own errors, whatever they are: the lock is gone
            return False

    def stop_process_when_lost(self) -> None:
        """Watch from a thread; a copy that lost the lock ends itself and is started again."""
        threading.Thread(target=self._watch, daemon=True, name="leadership").start()

    def _watch(self) -> None:
        while self.is_held():
            time.sleep(CHECK_SECONDS)
        log.error("leadership lost, stopping")
        os.kill(os.getpid(), signal.SIGTERM)

    def _ask(self, statement: str, params: list[Any]) -> Any:
        with self._link.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchone()[0]
