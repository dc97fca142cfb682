"""Plain SQL on the same server by pgbench, the yardstick of every ratio."""

import re
import resource
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clinic.embedded import postgres
from clinic.embedded.paths import DATABASE_NAME, DATABASE_USER

CLIENTS = 16
THREADS = 2


@dataclass(frozen=True, kw_only=True)
class RawResult:
    """What pgbench says."""

    per_second: float
    mean_ms: float
    client_ms: float  # CPU of pgbench for each transaction


def pgbench(
    host: str,
    script: str,
    *,
    seconds: int | None = None,
    transactions: int | None = None,
    clients: int = CLIENTS,
    mode: str = "prepared",
) -> RawResult:
    """Run one script of pgbench by time or by transactions of each client.

    Statements are prepared once unless ``mode`` says "simple"; connecting does not count.
    """
    amount = ["-t", str(transactions)] if transactions else ["-T", str(seconds)]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [str(_program()), "-n", "-M", mode, "-h", host, "-U", DATABASE_USER]
        command += ["-c", str(clients), "-j", str(min(THREADS, clients)), *amount]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [*command, "-f", file.name, DATABASE_NAME], check=False, capture_output=True, text=True
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-1000:])
    count = _number(r"transactions actually processed: (\d+)", done.stdout)
    return RawResult(
        client_ms=_seconds_since(before) / count * 1000,
        per_second=_number(r"tps = ([\d.]+)", done.stdout),
        mean_ms=_number(r"latency average = ([\d.]+)", done.stdout),
    )


def _seconds_since(before: resource.struct_rusage) -> float:
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(text)
    return float(found.group(1))


def _program() -> Path:
    return postgres._wheel_binaries() / "pgbench"  # noqa: SLF001 no other room needs it
