"""The web processes of `up`: loaded once, forked, replaced when one dies, stopped together."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from clinic.embedded.paths import CHECKOUT

PATIENCE_SECONDS = 20
pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="there each loads for itself")


@pytest.fixture
def address() -> str:
    """Return an address that nobody has taken."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


@pytest.fixture
def web(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[subprocess.Popen[str]]:
    """Two web processes of the tiny site under their parent, who say what they count."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.embedded.tiny")
    port = address.rstrip("/").rpartition(":")[2]
    words = ("tests.embedded.tiny:application", "--port", port, "--workers", "2")
    quiet = ("--log-level", "warning", "--lifespan", "off")
    with subprocess.Popen(
        [sys.executable, "-m", "clinic.embedded.web", *words, *quiet],
        cwd=CHECKOUT,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        yield parent
        parent.kill()


def ask(address: str) -> tuple[int, int]:
    """Return who loaded the site and who answered, once somebody does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  http only
                loaded_by, answered_by = answer.read().split()
                return int(loaded_by), int(answered_by)
        except OSError:  # refused, cut off, or nobody in time
            assert time.monotonic() < deadline
            time.sleep(0.02)


def lost_by(folder: Path) -> float | None:
    """Return how many replaced processes the figures of a folder tell of."""
    figures = CollectorRegistry()
    MultiProcessCollector(figures, path=str(folder))  # type: ignore[no-untyped-call]
    return figures.get_sample_value("web_processes_lost_total")


def test_one_loads_the_site_and_its_forks_serve_it(
    address: str, web: subprocess.Popen[str], tmp_path: Path
) -> None:
    loaded_by, answered_by = ask(address)
    workers = {one.pid for one in psutil.Process(web.pid).children()}

    assert loaded_by == web.pid
    assert len(workers) == 2
    assert answered_by in workers

    for worker in workers:
        psutil.Process(worker).kill()
    loaded_by, replaced_by = ask(address)

    assert loaded_by == web.pid
    assert replaced_by not in workers

    web.send_signal(signal.SIGTERM)

    _, warnings = web.communicate(timeout=PATIENCE_SECONDS)
    assert web.returncode == 0
    assert warnings.count("web process replaced") == 2
    assert lost_by(tmp_path) == 2
    assert not any(psutil.pid_exists(worker) for worker in workers)
