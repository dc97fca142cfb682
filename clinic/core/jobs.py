"""Did the periodic jobs run? Workers note each end; late jobs are found by their schedules."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.contrib.django.task import DjangoTask
from celery.schedules import BaseSchedule, maybe_schedule
from celery.schedules import schedule as Interval  # noqa: N812 a class with a small name
from django.conf import settings
from django.db import Error, close_old_connections, connection
from django_celery_beat.models import PeriodicTask

from clinic.core.clock import now
from clinic.core.models import JobRun

log = logging.getLogger(__name__)
# A job is late when it misses three of its turns, and never before a minute has passed.
MISSED_TURNS = 3
GRACE = timedelta(minutes=1)
GRACE_OF_DAYS = timedelta(minutes=20)  # of jobs with an hour of their own
NOTE = """
INSERT INTO core_jobrun AS job (task, last_ended_at, last_ms, last_failed_at, last_error, runs,
  failures)
VALUES (%(task)s, %(now)s, %(ms)s, %(failed_at)s, %(error)s, 1, %(failures)s)
ON CONFLICT (task) DO UPDATE SET last_ended_at = EXCLUDED.last_ended_at,
  last_ms = EXCLUDED.last_ms, runs = job.runs + 1, failures = job.failures + EXCLUDED.failures,
  last_failed_at = COALESCE(EXCLUDED.last_failed_at, job.last_failed_at),
  last_error = CASE WHEN EXCLUDED.failures > 0 THEN EXCLUDED.last_error ELSE job.last_error END
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A periodic job: its task, when it ran last (None: never), whether it is late or failing."""

    name: str
    task: str
    is_enabled: bool
    last_ended_at: datetime | None
    last_ms: int | None
    is_late: bool
    last_failed_at: datetime | None
    last_error: str
    runs: int
    failures: int

    @property
    def is_failing(self) -> bool:
        """Whether its last run failed."""
        return self.last_failed_at is not None and self.last_failed_at == self.last_ended_at


class NotedTask(DjangoTask):
    """The base of all tasks: the end of each periodic one is noted.

    On Django's own base, which can start a task with the commit of the transaction.
    """

    abstract = True

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Remember when it began, and leave a connection that broke: the next use makes a new one.

        Celery keeps connections for thousands of tasks, broken ones too, so a worker would not
        outlive a restart of the database. Threads share a task, so its request holds the moment.
        """
        if not connection.in_atomic_block:  # else its caller runs it at once, in his transaction
            close_old_connections()
        setattr(self.request, "began", time.monotonic())  # noqa: B010 unknown to the stubs
        super().before_start(task_id, args, kwargs)

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        """Note a run that went well."""
        self._note(None)
        super().on_success(retval, task_id, args, kwargs)

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Note a run that failed."""
        self._note(exc)
        super().on_failure(exc, task_id, args, kwargs, einfo)

    def _note(self, error: Exception | None) -> None:
        if str(self.name) not in scheduled_tasks():
            return
        began = getattr(self.request, "began", None)
        ms = None if began is None else int((time.monotonic() - began) * 1000)
        try:
            note_run(str(self.name), ms=ms, error=error, moment=now())
        except Error:
            log.warning("run of a job not noted", extra={"task": str(self.name)})


def note_run(task: str, *, ms: int | None, error: Exception | None, moment: datetime) -> None:
    """Write the heartbeat of a task; of its error the class name alone."""
    values: dict[str, Any] = {
        "task": task,
        "now": moment,
        "ms": ms,
        "failed_at": moment if error else None,
        "error": type(error).__name__[:120] if error else "",
        "failures": 1 if error else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)


def scheduled_tasks() -> frozenset[str]:
    """Return the names of tasks that beat starts."""
    return frozenset(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())


def jobs(moment: datetime) -> list[Job]:
    """Return every periodic job, late ones first; two queries.

    What staff changed in the table of jobs counts; two jobs of one task share its heartbeat.
    """
    runs = {run.task: run for run in JobRun.objects.all()}
    stored = {
        row.name: row
        for row in PeriodicTask.objects.select_related("interval", "crontab", "solar", "clocked")
    }
    found = [
        _job(name, entry, stored.get(name), runs.get(entry["task"]), moment)
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]
    return sorted(found, key=lambda job: (not job.is_late, not job.is_failing, job.name))


def late_jobs(moment: datetime) -> list[str]:
    """Return the names of jobs that should have run and did not."""
    return [job.name for job in jobs(moment) if job.is_late]


def did_beat_run(moment: datetime) -> bool | None:
    """Say whether any job ran within the last minutes; None when none ever did (a new house)."""
    latest = JobRun.objects.order_by("-last_ended_at").values_list("last_ended_at", flat=True)
    last = latest.first()
    return None if last is None else moment - last < MISSED_TURNS * GRACE


def is_late(
    plan: BaseSchedule,
    last: datetime | None,
    moment: datetime,
    *,
    known_since: datetime | None = None,
) -> bool:
    """Say whether a job that ran last at a moment should have run again by now.

    One that never ran is late when it runs at least hourly and had its turns since beat knows it;
    where beat does not, it is late.
    """
    if isinstance(plan, Interval):
        every: timedelta = plan.run_every  # type: ignore[attr-defined]  # its types lack it
        if last is None and every > timedelta(hours=1):
            return False
        begun = last or known_since
        return begun is None or moment - begun > max(MISSED_TURNS * every, every + GRACE)
    if last is None:
        return False
    begun, left, _at = plan.remaining_delta(last)  # type: ignore[attr-defined]
    return bool(begun + left + GRACE_OF_DAYS < moment)


def _job(
    name: str,
    entry: Mapping[str, Any],
    row: PeriodicTask | None,
    run: JobRun | None,
    moment: datetime,
) -> Job:
    plan: Any = row.schedule if row is not None else maybe_schedule(entry["schedule"])
    is_enabled = row is None or row.enabled
    last = run.last_ended_at if run else None
    return Job(
        name=name,
        task=entry["task"],
        is_enabled=is_enabled,
        last_ended_at=last,
        last_ms=run.last_ms if run else None,
        is_late=is_enabled and is_late(plan, last, moment, known_since=_known_since(row)),
        last_failed_at=run.last_failed_at if run else None,
        last_error=run.last_error if run else "",
        runs=run.runs if run else 0,
        failures=run.failures if run else 0,
    )


def _known_since(row: PeriodicTask | None) -> datetime | None:
    """Return since when beat waits for the first turns of a job; None once it had them."""
    if row is None or row.total_run_count >= MISSED_TURNS:
        return None
    since: datetime = row.date_changed
    return since
