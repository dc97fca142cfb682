"""The same work by several processes at the same time."""

import gc
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

from django.db import connections

from bench import machine
from bench.report import Row
from bench.stack import Stack

ItemT = TypeVar("ItemT")
WARM_UP = 10  # not timed, of each process: it gets to know tables and plans


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What all processes together did."""

    per_second: float
    p50_ms: float
    p99_ms: float
    server_ms: float
    database_ms: float

    def row(self, what: str, note: str) -> Row:
        """Return it as a row that has no yardstick yet."""
        return Row(
            what=what,
            per_second=self.per_second,
            p50_ms=self.p50_ms,
            p99_ms=self.p99_ms,
            server_ms=self.server_ms,
            database_ms=self.database_ms,
            note=note,
        )


def timed(
    stack: Stack, work: Callable[[ItemT], object], items: Sequence[ItemT], *, workers: int
) -> Timing:
    """Share the items out to processes, run them together and add up what is timed."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(workers + 1), context.SimpleQueue()
    connections.close_all()
    gc.collect()
    gc.freeze()  # else every collection of a child copies the parent's whole memory
    started = [
        context.Process(target=_run, args=(work, items[number::workers], barrier, answers))
        for number in range(workers)
    ]
    for process in started:
        process.start()
    barrier.wait(60)
    database = machine.cpu_seconds([stack.postgres_pid()])
    results: list[dict[str, Any]] = [answers.get() for _ in started]
    for process in started:
        process.join()
    gc.unfreeze()
    database = machine.cpu_seconds([stack.postgres_pid()]) - database
    return _summed(results, database)


def _summed(results: list[dict[str, Any]], database_seconds: float) -> Timing:
    latencies = sorted(value for result in results for value in result["latencies"])
    passed = max(r["ended"] for r in results) - min(r["started"] for r in results)
    count = len(latencies)
    return Timing(
        per_second=count / passed,
        p50_ms=latencies[count // 2] * 1000,
        p99_ms=latencies[int(count * 0.99)] * 1000,
        server_ms=sum(r["cpu"] for r in results) / count * 1000,
        database_ms=database_seconds / count * 1000,
    )


def _run(
    work: Callable[[ItemT], object], items: Sequence[ItemT], barrier: Barrier, answers: Any
) -> None:
    for item in items[:WARM_UP]:
        work(item)
    barrier.wait(60)
    latencies = []
    started, cpu = time.monotonic(), time.process_time()
    for item in items[WARM_UP:]:
        before = time.monotonic()
        work(item)
        latencies.append(time.monotonic() - before)
    answers.put(
        {
            "started": started,
            "ended": time.monotonic(),
            "cpu": time.process_time() - cpu,
            "latencies": latencies,
        }
    )
    connections.close_all()
