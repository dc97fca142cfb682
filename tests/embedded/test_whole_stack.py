"""The real clinic through its front door: start, second start, kill -9, start again, stop."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from clinic.embedded.paths import CHECKOUT
from clinic.embedded.processes import is_alive

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PORT = 21990


def start(data_dir: Path) -> "subprocess.Popen[str]":
    hidden = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(PORT), "--data-dir", str(data_dir)],
        cwd=CHECKOUT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def lines_until(process: "subprocess.Popen[str]", awaited: str) -> str:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if awaited in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def lines_until_ready(process: "subprocess.Popen[str]") -> str:
    return lines_until(process, f"http://127.0.0.1:{PORT}/admin/")


def forks(data_dir: Path) -> dict[str, psutil.Process]:
    """Return the children by name, as `up` has written them down."""
    written = json.loads((data_dir / "up.json").read_text())["children"]
    found = {one["name"]: one["pid"] for one in written}
    return {name: psutil.Process(pid) for name, pid in found.items() if psutil.pid_exists(pid)}


def answer(path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as response:
        return int(response.status)


def test_the_clinic_starts_recovers_from_kill_9_and_stops_cleanly(data_dir: Path) -> None:
    first = start(data_dir)
    lines_until_ready(first)
    assert answer("/health/ready") == 200

    second = start(data_dir)
    output, _ = second.communicate(timeout=60)
    assert second.returncode != 0
    assert str(json.loads((data_dir / "up.json").read_text())["pid"]) in output
    assert "Traceback" not in output

    first.kill()
    first.wait()
    third = start(data_dir)
    lines_until_ready(third)
    assert answer("/health/ready") == 200

    third.send_signal(signal.SIGINT)
    output, _ = third.communicate(timeout=30)
    assert third.returncode == 0, output
    assert "Traceback" not in output


def test_what_dies_comes_again_and_a_stuck_house_delays_no_stop_for_long(data_dir: Path) -> None:
    running = start(data_dir)
    lines_until_ready(running)
    before = forks(data_dir)
    killed = {"worker", "beat", "relay", "web"}
    for name in killed:
        before[name].kill()
    wait_for(lambda: killed <= {n for n, one in forks(data_dir).items() if one != before[n]})
    wait_for(lambda: answer("/health/ready") == 200)
    after = forks(data_dir)
    assert after["simulator"] == before["simulator"]

    after["house"].suspend()
    after["worker"].suspend()
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=40)

    assert running.returncode == 0, output
    assert "Traceback" not in output
    assert [name for name, process in after.items() if is_alive(process)] == []


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            if is_so():
                return
        time.sleep(0.1)
    raise TimeoutError
