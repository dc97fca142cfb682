"""ejabberd of Debian in a folder of its own: schema, accounts, configuration, command line.

``apt-get install ejabberd erlang-p1-pgsql``. Its own service is not used: it runs as whoever runs
the bench, on the loopback, without distribution and without a cluster name.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from psycopg2 import sql

HOST = "localhost"
USER = "ejabberd"  # its role and database in PostgreSQL
PASSWORD = "the-comparison-keeps-no-secrets"
SCHEMA = Path("/usr/share/ejabberd/sql/pg.sql")
LIBRARIES = Path("/usr/lib/x86_64-linux-gnu")
ARGV = ("erl", "-noinput", "+K", "true", "-mnesia", "dir", '"spool"', "-s", "ejabberd")
MISSING = "ejabberd is not installed, so it is left out: apt-get install ejabberd erlang-p1-pgsql"


def is_installed() -> bool:
    """Say whether ejabberd and its driver for PostgreSQL are here."""
    has_driver = any(Path("/usr/lib/erlang/lib").glob("p1_pgsql-*"))
    return bool(shutil.which("erl")) and SCHEMA.exists() and has_driver


def load_schema(link: Any, password: str) -> None:
    """Make its role and tables."""
    role = sql.Identifier(USER)
    with link, link.cursor() as cursor:
        make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        cursor.execute(make.format(role, sql.Literal(password)))
        cursor.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(role))
        cursor.execute(sql.SQL("SET ROLE {}").format(role))
        cursor.execute(SCHEMA.read_text())
    link.close()


def admit_over_tcp(link: Any) -> None:
    """Let its role, and nobody else, log in over TCP with its password: its driver knows no other.

    The rules of the Unix socket stay as they are.
    """
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("SHOW hba_file")
        lines = f"local all all trust\nhost {USER} {USER} 127.0.0.1/32 scram-sha-256\n"
        Path(cursor.fetchone()[0]).write_text(lines)
        cursor.execute("SELECT pg_reload_conf()")
    link.close()


def store_people(link: Any, names: list[str]) -> None:
    """Store accounts."""
    with link, link.cursor() as cursor:
        cursor.execute(
            "INSERT INTO users (username, password) SELECT unnest(%s), %s", [names, PASSWORD]
        )
    link.close()


def configure(folder: Path, *, port: int, database: str, password: str) -> None:
    """Write its configuration."""
    folder.mkdir()
    words = {"host": HOST, "user": USER, "port": port, "database": database, "password": password}
    (folder / "ejabberd.yml").write_text(CONFIGURATION.format(**words))
    (folder / "ejabberd.yml").chmod(0o600)


def environment(folder: Path) -> dict[str, str]:
    """Return what its process finds in the environment."""
    return {
        "EJABBERD_CONFIG_PATH": str(folder / "ejabberd.yml"),
        "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
        "ERL_LIBS": str(LIBRARIES),
        "ERL_CRASH_DUMP": os.devnull,
        "HOME": str(folder),
    }


# Durable like the clinic: what an archive keeps is in PostgreSQL. Shapers are off as our paces are.
CONFIGURATION = """
loglevel: error
hosts: ["{host}"]
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_http
    backlog: 1024
    request_handlers:
      /ws: ejabberd_http_ws
auth_method: sql
auth_password_format: plain
default_db: sql
sql_type: pgsql
sql_server: "{database}"
sql_port: 5432
sql_database: "{user}"
sql_username: "{user}"
sql_password: "{password}"
sql_pool_size: 10
access_rules:
  c2s:
    allow: all
modules:
  mod_mam:
    default: always
  mod_stream_mgmt:
    resume_timeout: 0
"""
