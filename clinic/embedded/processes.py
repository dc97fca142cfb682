"""Finding and stopping processes of this data folder, and never anybody else's."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

# A warm stop takes 1-3 s; beyond this a process is taken for stuck.
PATIENCE_SECONDS = 8
# Creation times are computed from the clock of the machine, which may have been set since.
CREATE_TIME_TOLERANCE_SECONDS = 5


@dataclass(frozen=True)
class ProcessRecord:
    """A started process as written to disk: the pid alone may have a new owner by now."""

    name: str
    pid: int
    create_time: float

    @classmethod
    def of(cls, name: str, pid: int) -> "ProcessRecord":
        """Return the record of a living process; a process that is gone gets create time 0."""
        try:
            return cls(name, pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return cls(name, pid, 0)

    def as_dict(self) -> dict[str, object]:
        """Return the record for JSON."""
        return asdict(self)


def survivors(records: Iterable[ProcessRecord], data_dir: Path) -> list[psutil.Process]:
    """Return the recorded processes that still live, with everything in their groups."""
    groups = {record.pid: record for record in records}
    found = []
    for process in psutil.process_iter():
        try:
            record = groups.get(os.getpgid(process.pid))
            if record and _belongs(process, record, data_dir):
                found.append(process)
        except (psutil.Error, ProcessLookupError):
            continue
    return found


def _belongs(process: psutil.Process, record: ProcessRecord, data_dir: Path) -> bool:
    if not is_alive(process):
        return False
    if process.pid == record.pid:
        return abs(process.create_time() - record.create_time) < CREATE_TIME_TOLERANCE_SECONDS
    # The leader may be dead and its number in other hands: what it was started with decides.
    return process.environ().get("DATA_DIR") == str(data_dir)


def processes_in(directory: Path, names: frozenset[str]) -> list[psutil.Process]:
    """Return the processes with one of the names that work in that folder.

    Servers enter their data folder, so this finds them without any pid file.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() in names and Path(process.cwd()) == directory:
                found.append(process)
        except psutil.Error:
            continue
    return found


def leaders(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that none of the others started; one that ends meanwhile leads nobody."""
    pids = {process.pid for process in processes}
    found = []
    for process in processes:
        try:
            if process.ppid() not in pids:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def stop_processes(
    processes: list[psutil.Process],
    *,
    first: signal.Signals = signal.SIGTERM,
    last: signal.Signals = signal.SIGKILL,
) -> None:
    """End the processes: asked with the first signal, after some seconds told with the last."""
    _send(processes, first)
    stuck = _wait_for_end(processes)
    _send(stuck, last)
    _wait_for_end(stuck)


def _wait_for_end(processes: list[psutil.Process]) -> list[psutil.Process]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (alive := [p for p in processes if is_alive(p)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return alive


def is_alive(process: psutil.Process) -> bool:
    """Tell whether the process has not ended yet."""
    # In a container nobody may collect the dead: a zombie has ended, whatever wait() thinks.
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
