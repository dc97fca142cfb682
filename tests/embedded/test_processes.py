"""What a killed run leaves is found and stopped, and nothing else is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from clinic.embedded.processes import (
    ProcessRecord,
    leaders,
    processes_in,
    stop_processes,
    survivors,
)

SLEEP = "import time; time.sleep(60)"
# It names itself: before that, the system may not show its environment yet.
NAMED_SLEEP = f"import os; print(os.getpid(), flush=True); {SLEEP}"
PARENT_OF_A_SLEEPER = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {NAMED_SLEEP!r}]).wait()
"""


def start(code: str, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=folder,
    )


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    process = start(SLEEP, tmp_path)
    yield process
    process.kill()
    process.wait()


def test_a_recorded_process_is_found_and_stopped(
    sleeper: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    record = ProcessRecord.of("web", sleeper.pid)

    found = survivors([record], tmp_path)
    stop_processes(found)

    assert [process.pid for process in found] == [sleeper.pid]
    assert sleeper.wait(1) == -signal.SIGTERM
    assert survivors([record], tmp_path) == []


def test_what_ends_while_it_is_looked_at_leads_nobody(sleeper: "subprocess.Popen[str]") -> None:
    gone = psutil.Process(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    me = psutil.Process()

    assert leaders([gone, me]) == [me]


def test_another_program_with_the_old_number_is_left_alone(
    sleeper: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    record = ProcessRecord.of("web", sleeper.pid)

    assert survivors([replace(record, create_time=record.create_time - 60)], tmp_path) == []


def test_children_of_a_dead_leader_are_found_by_their_data_folder(tmp_path: Path) -> None:
    leader = start(PARENT_OF_A_SLEEPER, tmp_path)
    assert leader.stdout
    orphan = psutil.Process(int(leader.stdout.readline()))
    record = ProcessRecord.of("web", leader.pid)
    leader.kill()
    leader.wait()

    foreign = survivors([record], tmp_path / "other")
    found = survivors([record], tmp_path)
    stop_processes(found)

    assert foreign == []
    assert found == [orphan]


def test_a_process_that_ignores_the_request_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.embedded.processes.PATIENCE_SECONDS", 0.2)
    deaf = start(
        f"import signal; signal.signal(15, signal.SIG_IGN); print(1, flush=True); {SLEEP}", tmp_path
    )
    assert deaf.stdout
    deaf.stdout.readline()

    stop_processes([psutil.Process(deaf.pid)])

    assert deaf.wait(1) == -signal.SIGKILL


def test_servers_are_found_by_name_and_folder(
    sleeper: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    deadline = time.monotonic() + 5
    name = psutil.Process(sleeper.pid).name()
    while not (found := processes_in(tmp_path, frozenset({name}))):
        assert time.monotonic() < deadline

    assert [process.pid for process in found] == [sleeper.pid]
    assert processes_in(tmp_path, frozenset({"postgres"})) == []
    assert processes_in(tmp_path.parent, frozenset({name})) == []
