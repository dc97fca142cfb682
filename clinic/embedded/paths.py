"""Where the embedded servers keep files and sockets. Settings import this: standard library."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE_NAME = "clinic"
DATABASE_USER = "postgres"
# macOS allows 103 bytes for a socket's whole path; "/.s.PGSQL.5432" takes 14 of them.
MAX_SOCKET_DIR_LENGTH = 103 - 14


def data_dir() -> Path:
    """Return the absolute data folder: DATA_DIR, else `.data` in the checkout. May not exist."""
    named = os.environ.get("DATA_DIR")
    return Path(named).expanduser().resolve() if named else CHECKOUT / ".data"


def environment_port(name: str, default: int) -> int:
    """Return the port an environment variable names, or the default when it is unset or empty."""
    named = os.environ.get(name) or str(default)
    if not named.isdecimal() or not 0 < int(named) < 65536:
        raise EmbeddedError(
            _("%(name)s is %(value)s, which is no port: set it to a number such as %(default)s."),
            name=name,
            value=named,
            default=default,
        )
    return int(named)


def adopt_data_dir(arguments: list[str]) -> None:
    """Put a `--data-dir` of the command line into DATA_DIR, which settings read before commands."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--data-dir":
            os.environ["DATA_DIR"] = following
        elif word.startswith("--data-dir="):
            os.environ["DATA_DIR"] = word.partition("=")[2]


def socket_dir(data_dir: Path) -> Path:
    """Return the folder of the sockets that belong to this data folder. May not exist."""
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:10]
    folder = Path(tempfile.gettempdir()) / f"clinic-{digest}"
    fits = len(os.fsencode(folder)) <= MAX_SOCKET_DIR_LENGTH
    return folder if fits else Path("/tmp") / folder.name  # noqa: S108  owner is checked at use


def redis_socket(data_dir: Path) -> Path:
    """Return the path of the embedded Valkey's socket."""
    return socket_dir(data_dir) / "redis.sock"


def database_settings(data_dir: Path) -> dict[str, Any]:
    """Return the DATABASES entry for the embedded PostgreSQL."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(socket_dir(data_dir)),
        "USER": DATABASE_USER,
        "NAME": DATABASE_NAME,
    }


def database_url(data_dir: Path) -> str:
    """Return the libpq address of the embedded PostgreSQL."""
    return f"postgresql://{DATABASE_USER}@/{DATABASE_NAME}?host={socket_dir(data_dir)}"


def redis_url(data_dir: Path, *, db: int = 0) -> str:
    """Return the address of the embedded Valkey for redis-py, channels and Django's cache."""
    return f"unix://{redis_socket(data_dir)}?db={db}"


def celery_redis_url(data_dir: Path, *, db: int = 0) -> str:
    """Return the address of the embedded Valkey for Celery."""
    return f"redis+socket://{redis_socket(data_dir)}?virtual_host={db}"
