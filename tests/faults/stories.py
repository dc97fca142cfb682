"""Running a story in a process of its own beside real servers."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from psycopg2.extensions import make_dsn

from bench.stack import Stack, free_port
from clinic.embedded import postgres, services
from clinic.embedded.paths import CHECKOUT
from tests import template

PATIENCE_SECONDS = 1200  # of a machine that is busy with other things


def story(module: str, name: str = "", *, seconds: int = PATIENCE_SECONDS) -> dict[str, Any]:
    """Return what happened, from real servers and processes in a folder of their own."""
    with _prepared() as stack:
        told = _run(stack, module, name, seconds)
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    sys.stdout.write(json.dumps(found))
    return found


def _run(stack: Stack, module: str, name: str, seconds: int) -> str:
    """Run the story; whatever ends it ends the processes that it started, too."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.faults.{module}", name],
        cwd=CHECKOUT,
        env=stack.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        told, faults = process.communicate(timeout=seconds)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.returncode == 0, faults[-4000:]
    return told


@contextmanager
def _prepared() -> Iterator[Stack]:
    """Give servers with the tables of the tests' template: migrating takes longer than a story."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-faults-"))
    stack = Stack(folder, web_workers=1, ports=(free_port(), free_port()))
    migrated = _address()
    for url in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(url, None)
    try:
        found = services.ensure_services(folder)
        programs = postgres._wheel_binaries()
        dumped = subprocess.run(
            [programs / "pg_dump", "--exclude-schema=seeded", migrated],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [programs / "psql", "-qX", "--set=ON_ERROR_STOP=1", found.database_url],
            input=dumped.stdout,
            check=True,
            capture_output=True,
        )
        yield stack
    finally:
        stack.close()


def _address() -> str:
    """Return the address of the tests' template, which every run has."""
    config = settings.DATABASES["default"]
    told = {"dbname": template.name(), "user": config["USER"], "host": config["HOST"]}
    told |= {"port": config.get("PORT"), "password": config.get("PASSWORD")}
    return make_dsn(**{name: value for name, value in told.items() if value})
