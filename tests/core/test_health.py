"""Machines that watch the clinic get honest answers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from prometheus_client.mmap_dict import MmapedDict, mmap_key

from clinic.core import exporter, health
from clinic.core.models import OutboxEvent


@pytest.fixture
def browser() -> Client:
    """A client without anything."""
    return Client()


@pytest.fixture(autouse=True)
def _fresh_gauges() -> None:
    exporter.GAUGES.forget()


@pytest.mark.parametrize("address", ["/health/live", "/livez"])
def test_live_looks_at_the_process_only(browser: Client, address: str) -> None:
    answer = browser.get(address)  # no database mark: a query would fail the test

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.parametrize("address", ["/health", "/health/ready", "/readyz"])
def test_ready_when_database_and_redis_answer(db: None, browser: Client, address: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "degraded": [], "problems": []}


def test_redis_away_is_degraded_but_ready(db: None, browser: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"

    answer = browser.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["degraded"] == ["redis"]


def test_database_away_is_not_ready(
    db: None, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        def cursor(self) -> Any:
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Away())

    answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["problems"] == ["database"]


def test_metrics_hold_process_counters_and_database_gauges(db: None, browser: Client) -> None:
    OutboxEvent.objects.create(kind="test.Fact", payload={}, pending=["a.b"])

    text = browser.get("/metrics").content.decode()

    assert "# TYPE http_requests_total counter" in text
    assert "# TYPE ws_connections gauge" in text
    assert "outbox_pending 1.0" in text
    assert 'db_connections{state="active"}' in text
    assert "beat_last_run_timestamp_seconds" in text
    assert 'consultations_open{state="waiting_assignment"} 0.0' in text
    assert 'assignment_wait_last_hour_seconds{quantile="0.95"} 0.0' in text
    assert "doctors_online 0.0" in text
    assert "gauge_readers_failed 0.0" in text


def test_made_up_methods_are_counted_as_one(db: None, browser: Client) -> None:
    for method in ("SPAM", "spam2"):
        browser.generic(method, "/api/v1/appointment-types")

    text = browser.get("/metrics").content.decode()

    assert 'method="OTHER",route="api/v1/appointment-types"' in text
    assert "spam" not in text.lower()


def test_sockets_of_a_process_that_died_are_no_longer_counted(
    db: None, browser: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(pid: int, sockets: int) -> None:
        for kind, name in (("gauge_livesum", "ws_connections"), ("counter", "push_failed_total")):
            figures = MmapedDict(str(tmp_path / f"{kind}_{pid}.db"))  # type: ignore[no-untyped-call]
            key = mmap_key(name, name, [], [], "")  # type: ignore[no-untyped-call]
            figures.write_value(key, sockets, 0)  # type: ignore[no-untyped-call]
            figures.close()  # type: ignore[no-untyped-call]

    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    told(dead.pid, 5)
    told(os.getpid(), 2)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    text = browser.get("/metrics").content.decode()

    assert "\nws_connections 2.0\n" in text
    assert "\npush_failed_total 7.0\n" in text


def test_metrics_read_the_database_once_in_ten_seconds(
    db: None, browser: Client, django_assert_num_queries: Any
) -> None:
    browser.get("/metrics")

    with django_assert_num_queries(0):
        browser.get("/metrics")


def test_metrics_are_served_while_a_reader_fails(
    db: None, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise DatabaseError

    monkeypatch.setattr(exporter, "_READERS", [broken, exporter.outbox_gauges])

    text = browser.get("/metrics").content.decode()

    assert "outbox_pending" in text
    assert "gauge_readers_failed 1.0" in text


@pytest.mark.parametrize(
    ("given", "status"), [("", 401), ("Bearer wrong", 401), ("Bearer secret-token", 200)]
)
def test_metrics_want_their_token_when_one_is_set(
    db: None, browser: Client, settings: Any, given: str, status: int
) -> None:
    settings.METRICS_TOKEN = "secret-token"

    answer = browser.get("/metrics", headers={"Authorization": given} if given else {})

    assert answer.status_code == status
