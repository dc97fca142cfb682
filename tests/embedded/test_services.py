"""The two servers as daemons: together, quickly, and again after a kill."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

from clinic.embedded import postgres, redis, services
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.lock import up_lock, write_state
from clinic.embedded.postgres import CLUSTER_FOLDER
from clinic.embedded.processes import processes_in


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_several_callers_at_once_share_one_pair_of_servers(data_dir: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _n: services.ensure_services(data_dir, fast=True), range(4)))

    assert len({result.database_url for result in results}) == 1
    assert query(results[0].database_url, "SHOW listen_addresses") == [("",)]
    assert query(results[0].database_url, "SHOW fsync") == [("off",)]
    assert all("running" in line for line in services.status_lines(data_dir))

    services.stop_services(data_dir)

    assert all("stopped" in line for line in services.status_lines(data_dir))


def test_given_servers_are_used_and_nothing_is_started(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/clinic")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")

    connections = services.ensure_services(data_dir)

    assert connections.database_url == "postgres://elsewhere/clinic"
    assert connections.redis_url == "redis://elsewhere/0"
    assert not (data_dir / "servers").exists()


def test_servers_of_a_running_clinic_are_not_stopped_under_it(data_dir: Path) -> None:
    write_state(data_dir, url="http://127.0.0.1:1/", children=[])

    with up_lock(data_dir), pytest.raises(EmbeddedError, match="Ctrl-C"):
        services.stop_services(data_dir)


@pytest.mark.slow
def test_committed_rows_survive_kill_9_of_both_servers(data_dir: Path) -> None:
    url = services.ensure_services(data_dir).database_url
    query(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000)")
    servers = (data_dir / "servers").resolve()
    for process in processes_in(servers / CLUSTER_FOLDER, postgres.PROCESS_NAMES):
        process.send_signal(signal.SIGKILL)
    for process in processes_in(servers / redis.FOLDER, redis.PROCESS_NAMES):
        process.send_signal(signal.SIGKILL)

    url = services.ensure_services(data_dir).database_url

    assert query(url, "SELECT count(*) FROM kept") == [(1000,)]
    assert redis.is_ready(data_dir)
