"""Prometheus text: the counters of this process and gauges read from the database.

Rooms register readers of their own tables with ``reads_gauges``; one failing reader leaves its
gauges out and is counted, the rest is still served.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.models import Count, Max, Min
from django_celery_beat.models import PeriodicTask
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from clinic.core.clock import now
from clinic.core.jobs import jobs
from clinic.core.models import OutboxEvent

log = logging.getLogger(__name__)
CACHED_SECONDS = 10.0  # scraping more often costs the database nothing
Reader = Callable[[], list[Metric]]
_READERS: list[Reader] = []


def reads_gauges(reader: Reader) -> Reader:
    """Register a function that reads gauges from the database; it is called every 10 s at most."""
    _READERS.append(reader)
    return reader


def gauge(name: str, text: str, value: float) -> Metric:
    """Return one gauge without labels."""
    return GaugeMetricFamily(name, text, value=value)


def gauge_by(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """Return one gauge with a sample per value of a label."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def exposition() -> bytes:
    """Return everything in Prometheus text format 0.0.4."""
    return generate_latest(_process_registry()) + generate_latest(_database)


class DatabaseGauges(Collector):
    """All registered readers, cached for ten seconds in this process."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._metrics: list[Metric] = []

    def describe(self) -> list[Metric]:
        """Name nothing in advance, so that registering reads nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, read anew when older than ten seconds."""
        with self._lock:
            if time.monotonic() - self._read_at >= CACHED_SECONDS:
                self._metrics = _read_all()
                self._read_at = time.monotonic()
            yield from self._metrics

    def forget(self) -> None:
        """Make the next scrape read the database."""
        with self._lock:
            self._read_at = float("-inf")


GAUGES = DatabaseGauges()
_database = CollectorRegistry()
_database.register(GAUGES)


def _process_registry() -> CollectorRegistry:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return REGISTRY
    _forget_dead(Path(folder))
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _forget_dead(folder: Path) -> None:
    """Remove what processes that ended told of the moment; what they counted stays counted."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdecimal() and not _is_alive(int(pid)):
            file.unlink(missing_ok=True)  # another process may be asked for its figures too


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True


def _read_all() -> list[Metric]:
    found: list[Metric] = []
    failed = 0
    for reader in _READERS:
        try:
            found += reader()
        except DatabaseError:
            failed += 1
            log.warning("gauges not read", extra={"reader": reader.__qualname__})
    return [*found, gauge("gauge_readers_failed", "Readers of gauges that failed just now", failed)]


@reads_gauges
def outbox_gauges() -> list[Metric]:
    """Facts that wait for their handlers."""
    waiting = OutboxEvent.objects.exclude(pending=[]).aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    oldest = waiting["oldest"]
    age = (now() - oldest).total_seconds() if oldest else 0.0
    return [
        gauge("outbox_pending", "Facts with unfinished handlers", waiting["count"]),
        gauge("outbox_oldest_seconds", "Age of the oldest unfinished fact", max(0.0, age)),
    ]


@reads_gauges
def database_gauges() -> list[Metric]:
    """Connections of this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'none'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() GROUP BY 1"
        )
        states = {str(state): float(count) for state, count in cursor.fetchall()}
    return [gauge_by("db_connections", "Connections to the database", "state", states)]


@reads_gauges
def beat_gauges() -> list[Metric]:
    """When the clock of the house last started a periodic job (it is written every few minutes)."""
    found = jobs(now())
    latest = PeriodicTask.objects.aggregate(latest=Max("last_run_at"))["latest"]
    stamp = latest.timestamp() if latest else 0.0
    ended = {job.task: job.last_ended_at.timestamp() for job in found if job.last_ended_at}
    return [
        gauge("beat_last_run_timestamp_seconds", "Last start of a periodic job", stamp),
        gauge("jobs_late", "Periodic jobs that missed their turns", sum(j.is_late for j in found)),
        gauge_by("job_last_end_timestamp_seconds", "Last end of a periodic task", "task", ended),
    ]
