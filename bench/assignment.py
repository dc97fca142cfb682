"""Assignments per second: 16 processes ask the service for a doctor at the same time."""

import multiprocessing
import time
from collections import Counter
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections
from django.db.models import F

from bench import machine, seed
from bench.raw import RawResult, pgbench
from bench.report import Report, Row
from bench.stack import Stack
from consultations.enums import Outcome
from consultations.models import Assignment
from consultations.services.assignment import assign_doctor
from doctors.models import Doctor

WORKERS = 16
LIMIT = 100  # places of each doctor: 50 doctors hold a whole run
SECTION = "Assignment, 16 workers"


def measure(stack: Stack, report: Report, *, cases: int) -> None:
    """Add the rows of 50 and of 5,000 doctors."""
    seed.doctors(50, limit=LIMIT)
    _measure_with(50, stack, report, cases)
    fill_up()
    _measure_with(5000, stack, report, cases)
    seed.refresh_doctors()


def fill_up() -> None:
    """Have 5,000 doctors."""
    seed.doctors(5000 - Doctor.objects.count(), limit=LIMIT)
    _analyze()


def _measure_with(doctors: int, stack: Stack, report: Report, cases: int) -> None:
    first, last = Doctor.objects.order_by("pk").first(), Doctor.objects.order_by("pk").last()
    assert first is not None
    assert last is not None
    places = f"{doctors:,} doctors"
    seed.refresh_doctors()
    update = pgbench(stack.database_host, _update(first.pk, last.pk), transactions=cases // 16)
    seed.refresh_doctors()
    take = pgbench(stack.database_host, TAKE, transactions=cases // 16)
    keys = seed.waiting(cases)
    seed.refresh_doctors()
    report.add(
        SECTION,
        Row(what=f"raw update of one doctor, {places}", per_second=update.per_second, to_raw=1.0),
        _ratio(f"the place-taking function alone, {places}", take, update),
        _service(stack, keys, update, places),
    )


def _service(stack: Stack, keys: list[int], update: RawResult, places: str) -> Row:
    mark = Assignment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    database = machine.cpu_seconds([stack.postgres_pid()])
    results = _run(keys)
    database = machine.cpu_seconds([stack.postgres_pid()]) - database
    seconds = max(r["ended"] for r in results) - min(r["started"] for r in results)
    latencies = sorted(value for r in results for value in r["latencies"])
    return Row(
        what=f"assign_doctor, {places}",
        per_second=len(keys) / seconds,
        to_raw=len(keys) / seconds / update.per_second,
        p50_ms=latencies[len(latencies) // 2] * 1000,
        p99_ms=latencies[int(len(latencies) * 0.99)] * 1000,
        server_ms=sum(r["cpu"] for r in results) / len(keys) * 1000,
        database_ms=database / len(keys) * 1000,
        note=_check(keys, mark, results),
    )


def _check(keys: list[int], mark: int, results: list[dict[str, Any]]) -> str:
    given = Assignment.objects.filter(pk__gt=mark, consultation_id__in=keys, ended_at=None)
    per_case = Counter(given.values_list("consultation_id", flat=True))
    load = Counter(given.values_list("doctor_id", flat=True))
    loads = [load.get(pk, 0) for pk in Doctor.objects.values_list("pk", flat=True)]
    over = Doctor.objects.filter(current_consultation_count__gt=F("place_limit")).count()
    counted = Doctor.objects.filter(current_consultation_count__gt=0).values_list(
        "pk", "current_consultation_count"
    )
    wrong = sum(count != load.get(pk, 0) for pk, count in counted)
    double = sum(count > 1 for count in per_case.values())
    assigned = sum(r["assigned"] for r in results)
    return (
        f"{assigned}/{len(keys)} assigned, {over} over the limit, {double} double, "
        f"{wrong} counts wrong, max − min load {max(loads) - min(loads)}"
    )


def _run(keys: list[int]) -> list[dict[str, Any]]:
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(WORKERS), context.SimpleQueue()
    connections.close_all()
    workers = [
        context.Process(target=_work, args=(keys[number::WORKERS], barrier, answers))
        for number in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    results = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return results


def _work(keys: list[int], barrier: Barrier, answers: Any) -> None:
    connection.ensure_connection()
    barrier.wait(60)
    latencies, assigned = [], 0
    started, cpu = time.monotonic(), time.process_time()
    for key in keys:
        before = time.monotonic()
        assigned += assign_doctor(key).outcome == Outcome.ASSIGNED
        latencies.append(time.monotonic() - before)
    answers.put(
        {
            "started": started,
            "ended": time.monotonic(),
            "cpu": time.process_time() - cpu,
            "latencies": latencies,
            "assigned": assigned,
        }
    )
    connections.close_all()


def _ratio(what: str, result: RawResult, to: RawResult) -> Row:
    return Row(what=what, per_second=result.per_second, to_raw=result.per_second / to.per_second)


def _update(first: int, last: int) -> str:
    return (
        f"\\set doctor random({first}, {last})\n"
        "UPDATE doctors_doctor SET current_consultation_count = current_consultation_count + 1, "
        "last_assigned_at = now() WHERE id = :doctor AND current_consultation_count < place_limit;"
    )


TAKE = (
    "SELECT * FROM doctors_take_best_place(2, 2, NULL, '{}', now(), "
    "now() - interval '2 minutes', current_date);"
)


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
