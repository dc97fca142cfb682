"""Shared ground of all tests: the embedded servers, one database per worker, the cast."""

import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from psycopg2 import sql

from clinic.core import outbox
from clinic.core.models import OutboxEvent
from clinic.embedded.services import ensure_services

pytest_plugins = ["tests.cast", "tests.doctors_cast", "tests.live", "tests.properties"]
ROOT = Path(__file__).resolve().parent.parent
TEMPLATE_LOCK = 0x7465


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --all: also the slow soak, fault and whole-stack tests."""
    parser.addoption("--all", action="store_true", help="run slow tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless asked for."""
    if config.getoption("--all"):
        return
    skipped = [item for item in items if item.get_closest_marker("slow")]
    if skipped:
        config.hook.pytest_deselected(items=skipped)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_configure() -> None:
    """Start (or find) PostgreSQL and Valkey before the first connection."""
    ensure_services(Path(os.environ["DATA_DIR"]), fast=True)


def _migrations_fingerprint() -> str:
    files = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("clinic/*/migrations/*.py"))
    text = b"".join(path.read_bytes() for path in files)
    return f"{zlib.crc32(text):08x}"


def _server(dbname: str = "postgres") -> Any:
    config = settings.DATABASES["default"]
    link = psycopg2.connect(
        dbname=dbname,
        user=config["USER"],
        host=config["HOST"],
        port=config.get("PORT") or None,
        password=config.get("PASSWORD") or None,
    )
    link.autocommit = True
    return link


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is made here from a template, so Django need not create or drop it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, testrun_uid: str, worker_id: str
) -> Iterator[None]:
    """Give this worker a copy of a migrated template; the template is made once per schema."""
    name = f"test_{testrun_uid[:8]}_{worker_id}"
    template = f"template_clinic_{_migrations_fingerprint()}"
    with_lock = _server()
    with with_lock.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone() is None:
            _build_template(cursor, template)
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        cursor.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    settings.REDIS_PREFIX = name
    yield
    request.getfixturevalue("django_db_blocker")
    with with_lock.cursor() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
    with_lock.close()


def _build_template(cursor: Any, template: str) -> None:
    draft = f"{template}_draft"
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
            sql.Identifier(draft), sql.Identifier(template)
        )
    )


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Each test starts with fresh limits in this worker's part of the cache."""
    cache.key_prefix = getattr(settings, "REDIS_PREFIX", "test") + os.urandom(4).hex()


@pytest.fixture
def run_events(db: None) -> Callable[[], int]:
    """Return a function that runs every due handler now, as relay and worker would."""

    def run() -> int:
        done = 0
        while keys := list(
            OutboxEvent.objects.exclude(pending=[])
            .filter(attempts=0)
            .order_by("id")
            .values_list("pk", flat=True)
        ):
            for key in keys:
                outbox.deliver(key)
                done += 1
        return done

    return run
