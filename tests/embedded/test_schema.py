"""The file of a new database against the migrations, in the words of pg_dump.

``python -m tests.embedded.test_schema`` writes the file anew. It need not know the newest
migrations, but what the known ones do.
"""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg2 import sql

from clinic.embedded import schema
from clinic.embedded.postgres import _wheel_binaries
from tests import template

LAID = "laid_clinic"
# Filled by `migrate` itself after the last migration.
MADE_LATER = ("django_content_type", "auth_permission")
MOMENT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00'")
NAME = re.compile(r"'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'")
PASSING = re.compile(
    rf"\\(un)?restrict |SELECT pg_catalog.setval\('public.({'|'.join(MADE_LATER)})_id_seq'"
)
CONDITION = re.compile(r"ARRAY\[| CHECK \(|^CREATE TRIGGER .* WHEN \(")
CAST = re.compile(r"::character varying|::text(\[\])?|[()]")
UNUSED = re.compile(r"^SELECT pg_catalog.setval\(.*, 1, false\);\n\n\n", re.MULTILINE)
HEADING = re.compile(r"^--\n-- .*\n--\n\n?", re.MULTILINE)


def dumped(database: str) -> str:
    """Return tables, functions, triggers and rows of a database as pg_dump writes them."""
    config = settings.DATABASES["default"]
    command = [
        str(_wheel_binaries() / "pg_dump"),
        *("-h", config["HOST"], "-U", config["USER"], "--no-owner", "--no-privileges"),
        *("--column-inserts", "--rows-per-insert=1000", "--exclude-schema=seeded"),
        *(f"--exclude-table-data={table}" for table in MADE_LATER),
        "--exclude-table=django_migrations*",
        database,
    ]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "".join(line for line in text.splitlines(True) if not PASSING.match(line))


def alike(text: str) -> list[str]:
    """Return the lines without what differs each time: moments, random names, shape of conditions.

    What PostgreSQL reads as ``(ARRAY['a'::varchar])::text[]`` it tells as ``ARRAY['a'::text]``, and
    ``a AND (b AND c)`` without the brackets.
    """
    lines = NAME.sub("'name'", MOMENT.sub("now()", text)).splitlines()
    return [CAST.sub("", line) if CONDITION.search(line) else line for line in lines]


@pytest.fixture
def empty_database(django_db_blocker: Any) -> Iterator[None]:
    """Let the connection of this test lead to a new, empty database."""
    usual, link = connection.settings_dict["NAME"], template.server()
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(LAID))
    with django_db_blocker.unblock(), link.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(LAID)))
        connection.close()
        connection.settings_dict["NAME"] = LAID
        yield
        connection.close()
        connection.settings_dict["NAME"] = usual
        cursor.execute(drop)
    link.close()


def test_a_laid_database_is_what_the_migrations_make_of_an_empty_one(
    django_db_setup: None, empty_database: None
) -> None:
    assert schema.lay(connection)
    assert not schema.lay(connection), "it is laid in an empty database alone"
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    laid, migrated = alike(dumped(LAID)), alike(dumped(template.name()))
    different = [pair for pair in zip(laid, migrated, strict=False) if pair[0] != pair[1]]

    assert not different[:5], "python -m tests.embedded.test_schema writes the file anew"
    assert len(laid) == len(migrated)


def test_a_file_of_migrations_that_nobody_knows_is_left_alone(
    django_db_setup: None, empty_database: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    foreign = tmp_path / "schema.sql"
    foreign.write_text(
        f"{schema.MARK}payments 0999_of_another_branch\nCREATE TABLE foreign_one ();"
    )
    monkeypatch.setattr(schema, "FILE", foreign)

    assert not schema.lay(connection)
    assert connection.introspection.table_names() == []


def write() -> None:
    """Write the file out of the template of all tests, which the migrations made."""
    template.ensure()
    connection.settings_dict["NAME"] = template.name()
    names = sorted(MigrationRecorder(connection).applied_migrations())
    marks = [f"{schema.MARK}{app} {name}\n" for app, name in names]
    text = dumped(template.name())
    body = UNUSED.sub("", HEADING.sub("", text[text.index("\n--\n-- Name: ") + 1 :]))
    schema.FILE.write_text("".join(marks) + "\n" + MOMENT.sub("now()", body))


if __name__ == "__main__":
    django.setup()
    write()
