"""Shared ground of all tests: the embedded servers, one database per worker, the cast."""

import gc
import os
from collections.abc import Callable, Iterator
from functools import cache as once
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpcore2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from psycopg2 import sql

from appointments.selectors.kept import SLOT_ANSWERS
from appointments.selectors.practices import PRACTICES
from clinic.core import outbox, ratelimit
from clinic.core.models import OutboxEvent
from clinic.embedded.services import ensure_services
from tests import connections, template

pytest_plugins = [
    "tests.browsing",
    "tests.cast",
    "tests.doctors_cast",
    "tests.floor",
    "tests.live",
    "tests.properties",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --all: also the slow soak, fault and whole-stack tests."""
    parser.addoption("--all", action="store_true", help="run slow tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out unless asked for, and order the rest for two workers."""
    if not config.getoption("--all"):
        skipped = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=skipped)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
    items[:] = _in_running_order(items)


def _in_running_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put browsers first and the worlds first in the second half, where the second worker begins.

    So no worker is left alone with a browser at the end, and each world, the demo data of the
    sandbox before them, is made by one of them.
    """
    browsers = [item for item in items if item.get_closest_marker("browser")]
    rest = [item for item in items if not item.get_closest_marker("browser")]
    worlds = [
        item
        for fixture in ("sandbox", "world")
        for item in rest
        if fixture in getattr(item, "fixturenames", ())
    ]
    placed = {*browsers, *worlds}
    others = [item for item in items if item not in placed]
    middle = max(0, len(items) // 2 - len(browsers))
    return [*browsers, *others[:middle], *worlds, *others[middle:]]


def pytest_configure(config: pytest.Config) -> None:
    """Start (or find) PostgreSQL and Valkey, and migrate the template before workers start."""
    # The application is large and stays: looking through it again and again finds no garbage.
    gc.set_threshold(50_000, 20, 100)
    # Each client would read all authorities anew, though none of them is met here.
    httpcore2.default_ssl_context = once(httpcore2.default_ssl_context)
    TransactionTestCase._fixture_teardown = _empty_database  # type: ignore[attr-defined]
    connections.keep()
    ensure_services(Path(os.environ["DATA_DIR"]), fast=True)
    if not hasattr(config, "workerinput"):
        template.ensure()


def _empty_database(test: TransactionTestCase) -> None:
    """Empty what a test with real transactions left: in the place of Django's ``flush``."""
    with connection.cursor() as cursor:
        template.empty(cursor)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, testrun_uid: str, worker_id: str
) -> Iterator[None]:
    """Give this worker a copy of the migrated template, so Django need not make a database."""
    name = f"test_{testrun_uid[:8]}_{worker_id}"
    link = template.server()
    with link.cursor() as cursor:
        template.copy(cursor, name)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    settings.REDIS_PREFIX = name
    yield
    with django_db_blocker.unblock():
        connection.close()
    with link.cursor() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
    link.close()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Each test starts with fresh limits in this worker's part of the cache, and keeps nothing."""
    SLOT_ANSWERS.forget()
    PRACTICES.forget()
    ratelimit.forget_drawn()
    cache.key_prefix = getattr(settings, "REDIS_PREFIX", "test") + os.urandom(4).hex()


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """Each test starts in the house's language, not in that of the request before it."""
    translation.deactivate()


@pytest.fixture
def run_events(db: None) -> Callable[[], int]:
    """Return a function that runs every due handler now, as relay and worker would.

    A handler that fails fails the test; ``run_failing_events`` is for tests that want it.
    """

    def run() -> int:
        with patch.object(outbox, "_postpone", _fail):
            return _deliver_all()

    return run


@pytest.fixture
def run_failing_events(db: None) -> Callable[[], int]:
    """Return a function like ``run_events`` that leaves failed handlers to a later try."""
    return _deliver_all


def _fail(_row: OutboxEvent, name: str, error: Exception) -> None:
    raise AssertionError(f"handler {name} failed") from error


def _deliver_all() -> int:
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
