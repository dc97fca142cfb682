"""A new database out of one file: what the migrations named in it make of an empty one.

Step by step they take half a minute of a core, nine tenths of it for Django's picture of all
models after each step; laying the file takes a second. ``migrate`` then does what is newer than
the file, as ever. ``tests/embedded/test_schema.py`` compares both ways, and writes the file anew.
"""

from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

FILE = Path(__file__).with_name("schema.sql")
MARK = "-- migration "
OLDEST_SERVER = 180000  # as PostgreSQL counts: older ones may not read what 18 writes


def lay(connection: BaseDatabaseWrapper) -> bool:
    """Lay the tables of the file and note its migrations as applied; tell whether it was done.

    Only in an empty database, of a server that reads the file, by code that knows its migrations.
    """
    text = FILE.read_text()
    names = migrations_of(text)
    if not _is_fit(connection) or not names <= _known(connection):
        return False
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL check_function_bodies = off")
        cursor.execute(text)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        recorder.migration_qs.bulk_create(
            recorder.Migration(app=app, name=name) for app, name in sorted(names)
        )
    return True


def migrations_of(text: str) -> set[tuple[str, str]]:
    """Return app and name of each migration whose work is in such a file."""
    lines = (line for line in text.splitlines() if line.startswith(MARK))
    return {_parted(line.removeprefix(MARK)) for line in lines}


def _parted(words: str) -> tuple[str, str]:
    app, name = words.split()
    return app, name


def _is_fit(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        (version,) = cursor.fetchone()
        return version >= OLDEST_SERVER and not connection.introspection.table_names(cursor)


def _known(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    loader = MigrationLoader(connection, load=False)
    loader.load_disk()  # type: ignore[no-untyped-call]
    return set(loader.disk_migrations)
