"""PostgreSQL and Valkey as daemons of a data folder, for tests and single commands.

Works without Django: python -m clinic.embedded.services start|stop|status.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clinic.embedded import paths, postgres, redis
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.files import locked, make_data_dir
from clinic.embedded.lock import running_up
from clinic.embedded.servers import start_detached


@dataclass(frozen=True, kw_only=True)
class Connections:
    """Addresses of the two servers; they may hold a password, so never log them."""

    database_url: str
    redis_url: str


def has_own_database() -> bool:
    """Tell whether DATABASE_URL names a server, so that none is embedded."""
    return bool(os.environ.get("DATABASE_URL"))


def has_own_redis() -> bool:
    """Tell whether REDIS_URL names a server, so that none is embedded."""
    return bool(os.environ.get("REDIS_URL"))


def ensure_services(data_dir: Path, fast: bool = False) -> Connections:
    """Have both servers running and return their addresses; they stay when this process ends.

    Starts what does not run yet, except what DATABASE_URL and REDIS_URL name. Safe when several
    processes call it at once. `fast` gives up durability, for tests. Raises EmbeddedError.
    """
    data_dir = make_data_dir(data_dir)
    with locked(data_dir / "services.lock"):
        if not has_own_redis() and not redis.is_ready(data_dir):
            start_detached(redis.prepare(data_dir, fast=fast))
        if not has_own_database():
            if not postgres.is_ready(data_dir):
                start_detached(postgres.prepare(data_dir, fast=fast))
            postgres.ensure_database(data_dir)
    return Connections(
        database_url=os.environ.get("DATABASE_URL") or paths.database_url(data_dir),
        redis_url=os.environ.get("REDIS_URL") or paths.redis_url(data_dir),
    )


def stop_services(data_dir: Path) -> None:
    """Stop the servers of the data folder. Raises EmbeddedError beside a running `up`."""
    data_dir = make_data_dir(data_dir)
    if running := running_up(data_dir):
        raise EmbeddedError(
            _("The servers belong to the running clinic (pid %(pid)s): stop that with Ctrl-C."),
            pid=running.pid,
        )
    with locked(data_dir / "services.lock"):
        postgres.stop(data_dir)
        redis.stop(data_dir)


def status_lines(data_dir: Path) -> Iterator[str]:
    """Yield one line per embedded server: its name, whether it answers, and where."""
    yield _line("PostgreSQL", postgres.is_ready(data_dir), paths.socket_dir(data_dir))
    yield _line("Valkey", redis.is_ready(data_dir), paths.redis_socket(data_dir))


def _line(name: str, is_ready: bool, place: Path) -> str:
    return f"{name:<12}{'running' if is_ready else 'stopped':<10}{place}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments shared by the two entry points."""
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("--data-dir", type=Path, default=paths.data_dir(), help="env DATA_DIR")
    parser.add_argument("--fast", action="store_true", help="without durability, for tests")


def act(action: str, data_dir: Path, *, fast: bool) -> Iterator[str]:
    """Start, stop or only look; yield the lines to show afterwards."""
    data_dir = data_dir.expanduser().resolve()
    if action == "start":
        ensure_services(data_dir, fast=fast)
    elif action == "stop":
        stop_services(data_dir)
    yield from status_lines(data_dir)


def main() -> None:
    """Run the module as a program."""
    parser = argparse.ArgumentParser(prog="python -m clinic.embedded.services")
    add_arguments(parser)
    options = parser.parse_args()
    try:
        for line in act(options.action, options.data_dir, fast=options.fast):
            print(line)
    except EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
