"""The migrated database that every worker copies: made once per schema, before the first test.

It is made before the workers start, so no test's time limit runs while it is migrated.
"""

import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
LOCK = 0x7465


def server() -> Any:
    """Return a connection to the server's own database; each statement commits."""
    config = settings.DATABASES["default"]
    link = psycopg2.connect(
        dbname="postgres",
        user=config["USER"],
        host=config["HOST"],
        port=config.get("PORT") or None,
        password=config.get("PASSWORD") or None,
    )
    link.autocommit = True
    return link


def name() -> str:
    """Return the template's name; another migration gives another one."""
    files = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("clinic/*/migrations/*.py"))
    text = b"".join(path.read_bytes() for path in files)
    return f"template_clinic_{zlib.crc32(text):08x}"


def ensure() -> None:
    """Make the template unless it is there."""
    link = server()
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()])
        if cursor.fetchone() is None:
            _build(cursor)
    link.close()


def copy(cursor: Any, to: str) -> None:
    """Make a database out of the template; two copies at once would refuse each other."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(to), sql.Identifier(name()))
    )
    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _build(cursor: Any) -> None:
    draft = f"{name()}_draft"
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    config = settings.DATABASES["default"]
    url = f"postgres://{config['USER']}@/{draft}?host={config['HOST']}"
    if "DATABASE_URL" in os.environ:
        head, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        url = f"{head}/{draft}"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "clinic.settings.test"},
        check=True,
    )
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(draft), sql.Identifier(name())
        )
    )
