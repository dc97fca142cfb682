"""The three chat servers of a comparison: start, seats, what they stored, stop."""

import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, ClassVar

import psycopg2
from psycopg2 import sql

from bench import machine, seed
from bench.peers import ejabberd
from bench.phones import Seat
from bench.stack import Stack, free_port
from clinic.embedded.paths import CHECKOUT, DATABASE_USER, redis_url

START_SECONDS = 40


class Server:
    """One chat server on the run's PostgreSQL."""

    kind: ClassVar[str]
    name: ClassVar[str]
    table: ClassVar[str]
    rows_per_message: ClassVar[int] = 1

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    @property
    def port(self) -> int:
        """Return where it listens."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        """Return the process whose CPU and memory count."""
        raise NotImplementedError

    @property
    def database(self) -> str:
        """Return the name of its database."""
        return "clinic"

    def start(self) -> None:
        """Have it running."""

    def seats(self, pairs: int) -> list[Seat]:
        """Return two seats for each pair of new people."""
        raise NotImplementedError

    def connect(self) -> Any:
        """Return a connection to its database."""
        host = self.stack.database_host
        return psycopg2.connect(host=host, user=DATABASE_USER, dbname=self.database)

    def stored(self) -> int:
        """Return how many messages its table holds."""
        link = self.connect()
        with link, link.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(self.table)))
            count = int(cursor.fetchone()[0])
        link.close()
        return count // self.rows_per_message

    def given(self, seats: list[Seat], **more: object) -> dict[str, object]:
        """Return what the load generator wants to know."""
        return {"kind": self.kind, "port": self.port, "seats": seats, **more}

    def cpu(self) -> tuple[float, float, float]:
        """Return the CPU seconds of the server, of PostgreSQL and of Valkey so far."""
        pids = self.pid, self.stack.postgres_pid(), self.stack.redis_pid()
        return tuple(machine.cpu_seconds([pid]) for pid in pids)  # type: ignore[return-value]


class Clinic(Server):
    """The clinic's own socket process."""

    kind, name, table = "clinic", "Xiangcao", "chat_message"

    @property
    def port(self) -> int:
        """Return where it listens."""
        return self.stack.options.port

    @property
    def pid(self) -> int:
        """Return the web process."""
        return self.stack.pid("web")

    def seats(self, pairs: int) -> list[Seat]:
        """Return two seats for each conversation."""
        return [
            {"conv": str(talk.public_id), "token": person.token, "user": str(person.public_id)}
            for talk, *both in seed.talks(pairs)
            for person in both
        ]


@dataclass
class _Own:
    """A process that this run started for the comparison."""

    process: "subprocess.Popen[bytes]"
    log: IO[bytes]

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Peer(Server):
    """A server of others, in a process and a database of its own."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self._port = free_port()
        self._own: _Own | None = None

    @property
    def port(self) -> int:
        """Return where it listens."""
        return self._port

    @property
    def pid(self) -> int:
        """Return its process."""
        assert self._own is not None
        return self._own.process.pid

    @property
    def database(self) -> str:
        """Return the name of its database."""
        return self.kind

    def stop(self) -> None:
        """Stop it."""
        if self._own is not None:
            self._own.end()

    def _make_database(self) -> None:
        link = psycopg2.connect(
            host=self.stack.database_host, user=DATABASE_USER, dbname="postgres"
        )
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))
        link.close()

    def _spawn(self, argv: list[str], environment: dict[str, str], folder: Path) -> None:
        log = (self.stack.data_dir / f"{self.kind}.log").open("ab")
        process = subprocess.Popen(
            argv, cwd=folder, env=os.environ | environment, stdout=log, stderr=log
        )
        self._own = _Own(process, log)
        machine.wait_for_port(self.port, START_SECONDS)


class StockChannels(Peer):
    """The tutorial's consumer behind uvicorn, with the core layer of channels_redis."""

    kind, name, table = "stock", "stock Channels", "stock_stockmessage"

    def start(self) -> None:
        """Make its table and start one process."""
        self._make_database()
        environment = {
            "DJANGO_SETTINGS_MODULE": "bench.peers.stock.settings",
            "STOCK_DATABASE_HOST": self.stack.database_host,
            "STOCK_REDIS_URL": redis_url(self.stack.data_dir, db=9),
        }
        migrate = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"]
        subprocess.run(migrate, check=True, cwd=CHECKOUT, env=os.environ | environment)
        serve = [sys.executable, "-m", "uvicorn", "bench.peers.stock.asgi:application"]
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        self._spawn([*serve, *options, "--lifespan", "off"], environment, CHECKOUT)

    def seats(self, pairs: int) -> list[Seat]:
        """Return two seats for each room."""
        mark = secrets.token_hex(4)
        return [
            {"room": f"{mark}-{pair}", "user": f"{mark}-{pair}-{side}"}
            for pair in range(pairs)
            for side in range(2)
        ]


class Ejabberd(Peer):
    """ejabberd of Debian with its message archive in PostgreSQL: one row for each of the two."""

    kind, name, table = "ejabberd", "ejabberd + archive", "archive"
    rows_per_message = 2

    def start(self) -> None:
        """Load its schema, write its configuration, start it."""
        self._make_database()
        password = secrets.token_hex(16)
        ejabberd.load_schema(self.connect(), password)
        ejabberd.admit_over_tcp(self.connect())
        folder = self.stack.data_dir / "ejabberd"
        address = self.stack.database_address
        ejabberd.configure(folder, port=self.port, database=address, password=password)
        self._spawn(list(ejabberd.ARGV), ejabberd.environment(folder), folder)

    def seats(self, pairs: int) -> list[Seat]:
        """Store two new accounts for each pair."""
        mark = secrets.token_hex(4)
        names = [f"{mark}-{number}" for number in range(pairs * 2)]
        ejabberd.store_people(self.connect(), names)
        return [
            {"user": name, "peer": names[number ^ 1], "password": ejabberd.PASSWORD}
            for number, name in enumerate(names)
        ]


def settle() -> None:
    """Give the servers a moment to finish what nobody waits for."""
    time.sleep(1)
