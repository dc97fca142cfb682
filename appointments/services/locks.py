"""Advisory locks of doctors and persons, for what is changed rather than added.

Rivals that UPDATE into the same time would deadlock on the exclusion constraints; under these
locks they stand in line. Adding needs none, apart from groups.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection

from appointments.errors import BusyError

DOCTORS: Final = 0x61706474  # "apdt": the first key of locks of doctors
PERSONS: Final = 0x61707073  # "apps": of visit persons
PATIENCE: Final = "3s"  # longer waits are a jam: the client shall come back
TIMED_OUT: Final = "55P03"


def lock_times(*, doctor_ids: Iterable[int], person_ids: Iterable[int] = ()) -> None:
    """Hold the times of these people until the transaction ends. Raises BusyError after 3 s."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    keys = sorted({(DOCTORS, pk) for pk in doctor_ids} | {(PERSONS, pk) for pk in person_ids})
    with patience(), connection.cursor() as cursor:
        for space, pk in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [space, pk])


@contextmanager
def patience() -> Iterator[None]:
    """Wait for locks inside for three seconds at most. Raises BusyError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != TIMED_OUT:
            raise
        raise BusyError from error
