"""The clinic in a temporary data folder: real servers, durable settings, real processes."""

import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import psutil

from bench.peers import ejabberd
from clinic.embedded import postgres, redis, services
from clinic.embedded.children import Child, UpOptions, children
from clinic.embedded.files import make_data_dir
from clinic.embedded.paths import CHECKOUT, socket_dir
from clinic.embedded.processes import processes_in
from clinic.embedded.servers import start_detached

SETTINGS = "bench.settings"
START_SECONDS = 300  # of a machine that is busy with other things


class Stack:
    """One run's servers and processes; use ``running()``."""

    def __init__(self, data_dir: Path, *, web_workers: int, ports: tuple[int, int]) -> None:
        self.data_dir = data_dir
        self.options = UpOptions(
            data_dir=data_dir,
            host="127.0.0.1",
            port=ports[0],
            sim_port=ports[1],
            has_demo=False,
            web_workers=web_workers,
            worker_threads=4,
        )
        self.started: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []

    @classmethod
    def from_environment(cls, *, web_workers: int) -> "Stack":
        """Return the stack whose servers another process prepared."""
        ports = int(os.environ["PORT"]), int(os.environ["SIM_PORT"])
        return cls(Path(os.environ["DATA_DIR"]), web_workers=web_workers, ports=ports)

    @property
    def database_host(self) -> str:
        """Return the folder of PostgreSQL's socket."""
        return str(socket_dir(self.data_dir))

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of every process of the run."""
        return self.options.environment | {"DJANGO_SETTINGS_MODULE": SETTINGS}

    def prepare(self) -> None:
        """Start the servers and migrate."""
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        if ejabberd.is_installed():
            self._start_postgres_on_tcp()
        services.ensure_services(self.data_dir, fast=False)
        command = [sys.executable, str(CHECKOUT / "manage.py"), "migrate", "-v", "0"]
        subprocess.run(command, check=True, cwd=CHECKOUT, env=self.environment)

    def start(self, *names: str) -> None:
        """Start processes of the clinic by name and wait until the web answers."""
        declared = {child.name: child for child in children(self.options)}
        self.options.metrics_dir.mkdir(exist_ok=True)
        for name in names:
            self._spawn(declared[name])
        if "web" in names:
            self._wait_for_web()

    def stop(self, *names: str) -> None:
        """Stop processes by name."""
        for name in names:
            _end(self.started.pop(name))

    def stop_children(self) -> None:
        """Stop every process that was started here."""
        for name in list(self.started):
            self.stop(name)
        for log in self._logs:
            log.close()

    def serve_with(self, web_workers: int) -> None:
        """Start the web anew with so many processes, if it runs with another number."""
        if web_workers != self.options.web_workers:
            self.stop("web")
            self.options = replace(self.options, web_workers=web_workers)
            self.start("web")

    def pid(self, name: str) -> int:
        """Return the process id of a started process."""
        return self.started[name].pid

    def postgres_pid(self) -> int:
        """Return the postmaster's process id."""
        folder = next(self.data_dir.rglob("postmaster.pid"), None)
        if folder is None:
            return _postmaster_of(self.database_host)
        return int(folder.read_text().splitlines()[0])

    @property
    def database_address(self) -> str:
        """Return PostgreSQL's own address of the loopback, for peers who know no Unix socket."""
        digest = hashlib.sha256(str(self.data_dir).encode()).digest()
        return "127." + ".".join(str(1 + byte % 250) for byte in digest[:3])

    def redis_pid(self) -> int:
        """Return Valkey's process id."""
        folder = (self.data_dir / "servers" / redis.FOLDER).resolve()
        return processes_in(folder, redis.PROCESS_NAMES)[0].pid

    def close(self) -> None:
        """Stop the servers and remove the data."""
        self.stop_children()
        services.stop_services(self.data_dir)
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def _start_postgres_on_tcp(self) -> None:
        server = postgres.prepare(make_data_dir(self.data_dir))
        address = ("-c", f"listen_addresses={self.database_address}")
        start_detached(replace(server, argv=server.argv + address))

    def _spawn(self, child: Child) -> None:
        log = (self.data_dir / f"{child.name}.log").open("ab")
        self._logs.append(log)
        self.started[child.name] = subprocess.Popen(
            child.argv, cwd=CHECKOUT, env=self.environment, stdout=log, stderr=log
        )

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                asking = http.client.HTTPConnection("127.0.0.1", self.options.port, timeout=2)
                asking.request("GET", "/bench/hello")
                if asking.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError((self.data_dir / "web.log").read_text()[-2000:])


@contextmanager
def running(*, web_workers: int) -> Iterator[Stack]:
    """Give a prepared stack and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-bench-"))
    stack = Stack(folder, web_workers=web_workers, ports=(free_port(), free_port()))
    try:
        stack.prepare()
        yield stack
    finally:
        stack.close()


def run_tool(
    module: str, given: dict[str, object], stack: Stack, *, timeout: int = 120
) -> dict[str, object]:
    """Run a load generator as its own process; JSON in, JSON out."""
    command = [sys.executable, "-m", module]
    done = subprocess.run(
        command,
        check=True,
        cwd=CHECKOUT,
        env=stack.environment,
        input=json.dumps(given).encode(),
        stdout=subprocess.PIPE,
        timeout=timeout,
    )
    result: dict[str, object] = json.loads(done.stdout)
    return result


def free_port() -> int:
    """Return a port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _postmaster_of(folder: str) -> int:
    for process in psutil.process_iter(["name", "cmdline"]):
        words = process.info["cmdline"] or []
        if process.info["name"] == "postgres" and any(folder in word for word in words):
            return int(process.pid)
    raise LookupError(folder)
