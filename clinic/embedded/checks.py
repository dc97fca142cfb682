"""What is looked at before anything starts, so that a start fails early and in one sentence."""

import errno
import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _

# A new cluster takes 40 MB and its write-ahead log grows to 1 GB only under load.
MIN_FREE_BYTES = 512 * 1024 * 1024
REACH_SECONDS = 3


def check_ports(host: str, port: int, sim_port: int) -> None:
    """Raise EmbeddedError when an address cannot be taken, naming a pair of ports that can."""
    if port == sim_port:
        raise EmbeddedError(_("--port and --sim-port must differ: leave --sim-port out."))
    for taken in (port, sim_port):
        if reason := _refusal(host, taken):
            raise _port_error(reason, host, taken, port)


def _port_error(reason: int, host: str, taken: int, port: int) -> EmbeddedError:
    if reason == errno.EADDRINUSE:
        return EmbeddedError(
            _("Port %(taken)s is taken by another program: start with --port %(free)s."),
            taken=taken,
            free=_free_port(host, port),
        )
    return EmbeddedError(
        _("Address %(host)s:%(taken)s cannot be used (%(reason)s): choose a --port above 1023."),
        host=host,
        taken=taken,
        reason=os.strerror(reason),
    )


def _free_port(host: str, port: int) -> int:
    candidates = range(port + 1, min(port + 200, 65535))
    return next((p for p in candidates if not _refusal(host, p) and not _refusal(host, p + 1)), 0)


def _refusal(host: str, port: int) -> int:
    """Return the system's error number, or 0 when the address is free."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            # A connection in its last minute of TIME_WAIT does not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        return errno.EADDRNOTAVAIL
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return 0


def check_disk(data_dir: Path) -> None:
    """Raise EmbeddedError when the disk of the data folder is nearly full."""
    free = shutil.disk_usage(data_dir).free
    if free < MIN_FREE_BYTES:
        raise EmbeddedError(
            _(
                "Only %(free)s MB are free for %(path)s and %(wanted)s MB are needed: "
                "free some space or choose another --data-dir."
            ),
            free=free // 2**20,
            wanted=MIN_FREE_BYTES // 2**20,
            path=data_dir,
        )


def check_database(url: str) -> None:
    """Raise EmbeddedError when the server of DATABASE_URL cannot be reached."""
    scheme, separator, rest = url.partition("://")
    try:
        psycopg2.connect(f"postgresql{separator}{rest}", connect_timeout=REACH_SECONDS).close()
    except psycopg2.Error as error:
        raise EmbeddedError(
            _(
                "DATABASE_URL (%(scheme)s server %(place)s) cannot be reached (%(reason)s): start "
                "that server, correct the address, or unset it to use the embedded one."
            ),
            scheme=scheme,
            place=_place(url),
            reason=_first_line(error),
        ) from error


def check_redis(url: str) -> None:
    """Raise EmbeddedError when the server of REDIS_URL cannot be reached."""
    import redis as redis_client  # noqa: PLC0415 4 MB that `up` would hold as long as it runs

    try:
        client = redis_client.Redis.from_url(
            url, socket_timeout=REACH_SECONDS, socket_connect_timeout=REACH_SECONDS
        )
        client.ping()
        client.close()
    except (redis_client.RedisError, ValueError) as error:
        raise EmbeddedError(
            _(
                "REDIS_URL (server %(place)s) cannot be reached (%(reason)s): start that server, "
                "correct the address, or unset it to use the embedded one."
            ),
            place=_place(url),
            reason=_first_line(error),
        ) from error


def _place(url: str) -> str:
    """Return where an address points to, without user and password."""
    return urlsplit(url).netloc.rpartition("@")[2] or urlsplit(url).path


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
