"""The processes of the clinic, declared in one place: what `up` runs beside the servers."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from clinic.embedded.paths import CHECKOUT

# Both choices of --host answer here, and so do the callbacks of the simulator.
LOCAL_HOST = "127.0.0.1"
EVERY_HOST = "0.0.0.0"  # noqa: S104  only when a person asks for it
# A Python process uses one core; more of them than this is no sandbox any more.
WEB_WORKERS_MOST = 4
# Large pieces of memory go back to the system when they are free. By itself the C library keeps
# more and more of them, and a worker all that its largest paper needed.
FRUGAL = {"MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "1048576"}
CYAN, GREEN, YELLOW, BLUE, MAGENTA = 36, 32, 33, 34, 35


@dataclass(frozen=True, kw_only=True)
class UpOptions:
    """What a person chose for this run."""

    data_dir: Path
    host: str
    port: int
    sim_port: int
    has_demo: bool
    web_workers: int
    worker_threads: int

    @property
    def url(self) -> str:
        """Return the address of the site as opened on this machine."""
        return f"http://{LOCAL_HOST}:{self.port}/"

    @property
    def simulator_url(self) -> str:
        """Return the address of the gateway simulator; it serves this machine alone."""
        return f"http://{LOCAL_HOST}:{self.sim_port}/"

    @property
    def metrics_dir(self) -> Path:
        """Return where several web processes put their figures, to be told as one."""
        return self.data_dir / "metrics"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of every child."""
        chosen = {
            "DATA_DIR": str(self.data_dir),
            "LISTEN_HOST": self.host,
            "PORT": str(self.port),
            "SIM_PORT": str(self.sim_port),
            "PYTHONUNBUFFERED": "1",
            # A second of a core and 15 MB of its own to read models that the tests have read.
            "CELERY_SKIP_CHECKS": "true",
        }
        if self.web_workers > 1:
            chosen["PROMETHEUS_MULTIPROC_DIR"] = str(self.metrics_dir)
        return FRUGAL | os.environ | chosen


@dataclass(frozen=True, kw_only=True)
class Child:
    """One process: its name in the log, how to start it, and when it counts as ready."""

    name: str
    argv: tuple[str, ...]
    colour: int
    # Any HTTP answer below 500 from here means ready; without it, being alive is enough.
    ready_url: str | None = None
    # A fork of the process that has loaded the clinic, where the system allows it.
    is_forked: bool = False


def web_workers_by_default() -> int:
    """Return one web process for each core, within reason."""
    return min(os.cpu_count() or 1, WEB_WORKERS_MOST)


def children(options: UpOptions) -> tuple[Child, ...]:
    """Return the processes in the order of their start; they stop in the opposite order."""
    return (
        Child(
            name="simulator",
            argv=manage("gateway_sim"),
            colour=MAGENTA,
            ready_url=options.simulator_url,
            is_forked=True,
        ),
        Child(
            name="web",
            argv=_web(options),
            colour=GREEN,
            ready_url=f"{options.url}health/ready",
            is_forked=True,
        ),
        Child(name="worker", argv=_worker(options), colour=YELLOW, is_forked=True),
        Child(name="beat", argv=manage("beat"), colour=BLUE, is_forked=True),
        Child(name="relay", argv=manage("relay"), colour=CYAN, is_forked=True),
    )


def preparation(options: UpOptions) -> Child:
    """Return the process that brings the database up to date and then ends."""
    words = ["prepare_database", *(["--demo"] if options.has_demo else [])]
    return Child(name="prepare", argv=manage(*words), colour=CYAN, is_forked=True)


def house(number: int) -> Child:
    """Return the process that loads the clinic; it is spoken to on the socket of that number."""
    argv = (sys.executable, "-m", "clinic.embedded.house", str(number))
    return Child(name="house", argv=argv, colour=CYAN)


def manage(*words: str) -> tuple[str, ...]:
    """Return the command line of a management command."""
    return (sys.executable, str(CHECKOUT / "manage.py"), *words)


def _web(options: UpOptions) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "clinic.embedded.web", "clinic.asgi:application"),
        *("--host", options.host, "--port", str(options.port)),
        *("--workers", str(options.web_workers)),
        # Under load a process may be busy for seconds; killing it would make that worse.
        *("--timeout-worker-healthcheck", "30"),
        *("--ws-max-size", "65536", "--ws-max-queue", "32"),
        *("--timeout-graceful-shutdown", "10"),
        # Its access log would show query strings, and with them one-time tickets.
        *("--no-access-log", "--log-level", "warning"),
        # Nobody stands in front, so a forwarded address is a forged one.
        *("--no-proxy-headers", "--no-server-header"),
    )


def _worker(options: UpOptions) -> tuple[str, ...]:
    return (
        # Whoever starts this as root on a machine of his own need not read half a page about it.
        *(sys.executable, "-W", "ignore:You're running the worker with superuser"),
        *("-m", "celery", "--quiet", "-A", "clinic", "worker"),
        *("-P", "threads", "-c", str(options.worker_threads), "-l", "warning"),
        *("--without-gossip", "--without-mingle"),
    )
