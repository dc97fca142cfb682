"""The relay: wakes on NOTIFY, hands due facts to Celery; one active by advisory lock."""

import contextlib
import logging
import select
import time
from collections.abc import Callable

from django.db import Error, close_old_connections, connection
from kombu.exceptions import OperationalError as BrokerError

from clinic.core import outbox
from clinic.core.leadership import Leadership
from clinic.core.standing import outlived
from clinic.core.waking import CHANNEL

log = logging.getLogger(__name__)
LOCK_KEY = 0x6F757462  # "outb"
IDLE_SECONDS = 1.0  # a fact whose NOTIFY was lost waits at most this long
STAND_BY_SECONDS = 2.0


def run(send: Callable[[int], None], *, stopping: Callable[[], bool]) -> None:
    """Relay until ``stopping()``; survives a database or broker that goes away and comes back.

    Any other error is told and counted, and it begins anew: facts are due again after their lease.
    """
    while not stopping():
        leadership = Leadership(LOCK_KEY)
        try:
            if leadership.acquire():
                _lead(send, stopping, leadership)
            else:
                time.sleep(STAND_BY_SECONDS)
        except Error:
            log.warning("relay lost the database, trying again")
            _start_anew()
        except Exception as error:  # noqa: BLE001 without a relay no fact is handled
            outlived("relay", error)
            _start_anew()
        finally:
            leadership.release()


def _start_anew() -> None:
    with contextlib.suppress(Error):
        connection.close()
    close_old_connections()
    time.sleep(STAND_BY_SECONDS)


def relay_due(send: Callable[[int], None]) -> int:
    """Hand out every due fact once and return how many. A broker that is away keeps them due."""
    keys = outbox.due()
    for key in keys:
        send(key)
    return len(keys)


def _lead(
    send: Callable[[int], None], stopping: Callable[[], bool], leadership: Leadership
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    while not stopping() and leadership.is_held():
        try:
            while relay_due(send):
                pass
        except (BrokerError, OSError):
            log.warning("relay cannot reach the broker, facts stay stored")
            time.sleep(STAND_BY_SECONDS)
        _wait()


def _wait() -> None:
    raw = connection.connection
    with connection.wrap_database_errors:  # the line may be broken
        select.select([raw], [], [], IDLE_SECONDS)
        raw.poll()
    raw.notifies.clear()
