"""Waking the relay after a commit: one NOTIFY for all commits of a moment.

A NOTIFY may be lost, the relay looks by itself every second. What serves requests ``start``s a
thread for it, so that no request waits for one; without the thread each commit sends its own.
"""

import os
import threading
import time
from contextlib import suppress
from typing import Final

from django.db import Error, connection

from clinic.core.standing import outlived

CHANNEL: Final = "outbox"
GATHER_SECONDS: Final = 0.02  # facts that are stored within this time share a NOTIFY


class _Waker:
    """A thread with a connection of its own. Idle, it sends at once."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        threading.Thread(target=self._work, name="waker", daemon=True).start()

    def wake(self) -> None:
        """Have the relay woken soon; returns at once, from any thread."""
        if not self._wanted.is_set():
            self._wanted.set()

    def _work(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()  # before the NOTIFY: what is stored from now on wants another
            try:
                _notify()
            except Error:
                self._start_anew()
            except Exception as error:  # noqa: BLE001 the thread must live on: nothing else wakes the relay
                outlived("waker", error)
                self._start_anew()
            time.sleep(GATHER_SECONDS)

    def _start_anew(self) -> None:
        with suppress(Exception):  # a connection that cannot even be closed is dropped as well
            connection.close()


_waker: _Waker | None = None


def start() -> None:
    """Leave waking to a thread of this process. Repeatable."""
    global _waker  # noqa: PLW0603 one per process
    _waker = _waker or _Waker()


def wake() -> None:
    """Wake the relay, now or within ``GATHER_SECONDS``. Call it when facts are committed."""
    if _waker is None:
        _notify()
    else:
        _waker.wake()


def _notify() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _forget_after_fork() -> None:
    global _waker  # noqa: PLW0603 threads do not survive a fork
    _waker = None


os.register_at_fork(after_in_child=_forget_after_fork)
