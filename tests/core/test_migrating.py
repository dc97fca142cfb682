"""Migrations have their time, on a slow machine and on a long table; what waits behind them not."""

from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout")


def _limits() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(LIMITS)])
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_migrating_has_no_limit_but_that_of_a_lock_and_leaves_the_others_as_they_were() -> None:
    before, meanwhile = _limits(), {}
    migrate = MigrationExecutor.migrate

    def watched(*args: Any, **options: Any) -> Any:
        meanwhile.update(_limits())
        return migrate(*args, **options)

    with patch.object(MigrationExecutor, "migrate", watched):
        call_command("migrate", interactive=False, verbosity=0)

    assert meanwhile == {**dict.fromkeys(LIMITS, "0"), "lock_timeout": before["lock_timeout"]}
    assert int(before["statement_timeout"]) > 0
    assert int(before["lock_timeout"]) > 0
    assert _limits() == before


@pytest.mark.django_db
def test_indexes_are_built_whole_and_the_limit_of_a_lock_is_put_back_behind_them() -> None:
    """A migration outside a transaction waits for a lock as long as it must, and no longer."""
    alone = [
        [getattr(step, "sql", None) for step in migration.operations]
        for migration in MigrationLoader(connection).disk_migrations.values()
        if not migration.atomic
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        half_built = cursor.fetchall()

    assert half_built == []
    lifting = [steps for steps in alone if "lock_timeout = 0" in str(steps[0])]
    assert len(lifting) >= 2
    assert [steps[-1] for steps in lifting] == [["RESET lock_timeout"]] * len(lifting)
