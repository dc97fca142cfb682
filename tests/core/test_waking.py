"""Commits of a moment wake the relay together, by a thread beside the requests."""

import asyncio
import queue
import select
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest
from django.db import Error, connection, transaction

from clinic.core import waking
from clinic.core.events import wake_on_commit
from clinic.core.logs import JSONFormatter
from clinic.core.metrics import STANDING_FAILED
from clinic.core.standing import ENDED, watch_threads


@pytest.fixture
def rest(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Let a thread wake, which rests until it is released; its connection ends with the test."""
    held = threading.Semaphore(0)
    monkeypatch.setattr(waking, "time", SimpleNamespace(sleep=lambda _seconds: held.acquire()))
    monkeypatch.setattr(waking, "_waker", None)
    waking.start()
    yield held
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query = %s AND pid <> pg_backend_pid()",
            [f"NOTIFY {waking.CHANNEL}"],
        )


@pytest.mark.django_db(transaction=True)
def test_many_commits_share_a_notify_and_none_is_left_without(rest: threading.Semaphore) -> None:
    line = connection.get_new_connection(connection.get_connection_params())
    line.autocommit = True
    with closing(line), line.cursor() as listening:
        listening.execute(f"LISTEN {waking.CHANNEL}")

        _commit(times=1)
        first = _heard(line, until=1)
        _commit(times=30)
        while_it_rests = _heard(line, until=0)
        rest.release()
        burst = _heard(line, until=1)
        rest.release()
        _commit(times=1)
        last = _heard(line, until=1)

    assert (first, while_it_rests, burst, last) == (1, 0, 1, 1)


def test_an_error_of_any_kind_leaves_the_thread_waking(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: queue.Queue[str] = queue.Queue()
    errors = iter([OSError("no line"), Error("no database")])

    def notify() -> None:
        tried.put("tried")
        for error in errors:
            raise error

    monkeypatch.setattr(waking, "_notify", notify)
    monkeypatch.setattr(waking, "GATHER_SECONDS", 0.0)
    failed = STANDING_FAILED.labels("waker")._value.get()
    waker = waking._Waker()

    for _ in range(3):
        waker.wake()
        assert tried.get(timeout=10)

    assert STANDING_FAILED.labels("waker")._value.get() == failed + 1


def test_a_thread_that_ends_by_an_error_is_told_without_its_text_and_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    watch_threads()
    ended = STANDING_FAILED.labels(ENDED)._value.get()

    for error in (ValueError("林小禾"), SystemExit()):
        thread = threading.Thread(target=_raise, args=(error,), name="odd")
        thread.start()
        thread.join()

    assert STANDING_FAILED.labels(ENDED)._value.get() == ended + 1
    (line,) = caplog.records
    told = JSONFormatter().format(line)
    assert '"name_of_thread": "odd"' in told
    assert "builtins.ValueError" in told
    assert "林" not in told


def _raise(error: BaseException) -> None:
    raise error


async def test_a_server_that_starts_leaves_waking_to_a_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from clinic.asgi import application

    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    seen: list[str] = []
    monkeypatch.setattr(waking, "start", lambda: seen.append("started"))

    async def send(message: dict[str, str]) -> None:
        seen.append(message["type"])

    for step in ("startup", "shutdown"):
        told.put_nowait({"type": f"lifespan.{step}"})
    await application({"type": "lifespan"}, told.get, send)

    assert seen == ["started", "lifespan.startup.complete", "lifespan.shutdown.complete"]


def _commit(*, times: int) -> None:
    for _ in range(times):
        with transaction.atomic():
            wake_on_commit()


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
