"""The real clinic through its front door: start, second start, kill -9, start again, stop."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from clinic.embedded.paths import CHECKOUT

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


def lines_until_ready(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if f"http://127.0.0.1:{PORT}/admin/" in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


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
