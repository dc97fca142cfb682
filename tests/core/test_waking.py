"""Commits of a moment wake the relay together, by a thread beside the requests."""

import select
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connection, transaction

from clinic.core import waking
from clinic.core.events import wake_on_commit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a thread wake, with a connection that ends with the test."""
    monkeypatch.setattr(waking, "_waker", None)
    waking.start()
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query = %s AND pid <> pg_backend_pid()",
            [f"NOTIFY {waking.CHANNEL}"],
        )


def test_many_commits_share_a_notify_and_none_is_left_without(waker: None) -> None:
    line = connection.get_new_connection(connection.get_connection_params())
    line.autocommit = True
    with closing(line), line.cursor() as listening:
        listening.execute(f"LISTEN {waking.CHANNEL}")

        for _ in range(30):
            with transaction.atomic():
                wake_on_commit()
        first = _heard(line, until=1)
        time.sleep(2 * waking.GATHER_SECONDS)
        burst = first + _heard(line, until=0)
        with transaction.atomic():
            wake_on_commit()
        last = _heard(line, until=1)

    assert 1 <= burst < 30
    assert last == 1


def _heard(line: object, *, until: int) -> int:
    """Return how many came, after waiting for so many."""
    count, deadline = 0, time.monotonic() + 10
    while True:
        line.poll()  # type: ignore[attr-defined]
        count += len(line.notifies)  # type: ignore[attr-defined]
        line.notifies.clear()  # type: ignore[attr-defined]
        if count >= until or time.monotonic() > deadline:
            return count
        select.select([line], [], [], 0.1)  # type: ignore[call-overload]
