"""Did the periodic jobs run? Late and failing ones are told by command, health and metrics."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from celery.schedules import crontab, schedule
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import translation
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from clinic.complaints.tasks import sweep
from clinic.core import exporter, jobs
from clinic.core.clock import now
from clinic.core.models import JobRun
from tests import template

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def all_ran(moment: datetime) -> None:
    """Let every job have ended at a moment."""
    for task in jobs.scheduled_tasks():
        jobs.note_run(task, ms=1, error=None, moment=moment)


def checked() -> str:
    """Return what the command prints in English, and its complaint at the end."""
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("check_jobs", stdout=out, no_color=True)
        except CommandError as error:
            return f"{out.getvalue()}{error}"
    return out.getvalue()


@pytest.mark.parametrize(("ago", "late"), [(None, True), (30, False), (85, False), (95, True)])
def test_a_job_of_every_half_minute_may_miss_two_turns(ago: int | None, late: bool) -> None:
    last = None if ago is None else NOON - timedelta(seconds=ago)

    assert jobs.is_late(schedule(timedelta(seconds=30)), last, NOON) is late


def test_a_job_of_the_night_is_late_when_a_night_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    nightly = crontab(hour=4, minute=10, nowfun=lambda: NOON)

    assert jobs.is_late(nightly, NOON - timedelta(days=2), NOON) is True
    assert jobs.is_late(nightly, None, NOON) is False


def test_the_command_names_late_and_failing_jobs() -> None:
    assert "LATE  sweep-complaints  never" in checked()

    all_ran(now())
    assert "late or failing" not in checked()
    jobs.note_run("complaints.sweep", ms=5, error=KeyError("secret"), moment=now())
    told = checked()
    assert "FAILING  sweep-complaints" in told
    assert told.splitlines()[0].endswith("KeyError")
    assert "secret" not in told


def test_a_job_that_staff_switched_off_is_not_late() -> None:
    every = IntervalSchedule.objects.create(every=5, period="minutes")
    PeriodicTask.objects.create(
        name="sweep-complaints", task="complaints.sweep", interval=every, enabled=False
    )

    assert "sweep-complaints" not in jobs.late_jobs(now())


def test_a_job_of_a_new_house_is_not_late_before_it_had_its_turns() -> None:
    every = IntervalSchedule.objects.create(every=5, period="minutes")
    PeriodicTask.objects.create(name="sweep-complaints", task="complaints.sweep", interval=every)

    assert "sweep-complaints" not in jobs.late_jobs(now() + timedelta(minutes=14))
    assert "sweep-complaints" in jobs.late_jobs(now() + timedelta(minutes=16))
    PeriodicTask.objects.update(total_run_count=3)
    assert "sweep-complaints" in jobs.late_jobs(now()), "beat sent it, and nobody did it"


def test_health_tells_that_the_clock_stopped() -> None:
    assert Client().get("/health").json()["degraded"] == []

    all_ran(now() - timedelta(minutes=10))

    answer = Client().get("/health")
    assert (answer.status_code, answer.json()["degraded"]) == (200, ["beat"])
    exporter.GAUGES.forget()
    text = Client().get("/metrics").content.decode()
    assert 'job_last_end_timestamp_seconds{task="complaints.sweep"}' in text
    assert "jobs_late 0.0" not in text


def test_workers_note_the_end_of_each_periodic_task() -> None:
    sweep.apply()
    sweep.on_failure(ValueError("x"), "1", (), {}, None)

    run = JobRun.objects.get(task="complaints.sweep")
    assert (run.runs, run.failures, run.last_error) == (2, 1, "ValueError")
    assert run.last_ms is None


@pytest.mark.django_db(transaction=True)
def test_a_worker_outlives_a_restart_of_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    server = template.server()
    with server.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    server.close()

    runs = [sweep.apply(), sweep.apply()]  # the first may be the one that finds out

    assert runs[-1].state == "SUCCESS"
    assert JobRun.objects.get(task="complaints.sweep").runs >= 1
